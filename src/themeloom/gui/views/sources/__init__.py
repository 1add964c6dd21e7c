"""The place of the sources: what came in, from where, what was skipped and why."""
