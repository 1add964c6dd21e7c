"""The places of the main window."""
