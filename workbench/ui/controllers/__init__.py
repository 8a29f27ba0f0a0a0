"""What the application is composed of: plain classes, each for one concern, that know the client and the state."""
