"""The project file (*.loom, SQLite) and the derived store: the only shared state."""
