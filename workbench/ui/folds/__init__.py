"""The folds behind `ui.model.update`, one module for each kind of event."""
