"""The parts of the main screen. They draw and tell; the screen decides."""
