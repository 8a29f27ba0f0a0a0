"""Figures that the workbench holds itself to, measured."""
