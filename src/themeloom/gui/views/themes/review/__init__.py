"""Review: one excerpt at a time, least certain first."""
