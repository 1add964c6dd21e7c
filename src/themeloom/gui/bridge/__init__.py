"""Between the window and the services: threads, signals, the one open project."""
