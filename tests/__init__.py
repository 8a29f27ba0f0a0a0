"""Tests and benchmarks of the workbench."""
