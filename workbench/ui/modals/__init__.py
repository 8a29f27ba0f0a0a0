"""Dialogs: what asks a person before something happens, and what they can read about it."""
