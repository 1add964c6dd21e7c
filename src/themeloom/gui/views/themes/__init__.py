"""The Themes place: tree, excerpts, inspector, picker, review."""
