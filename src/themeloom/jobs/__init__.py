"""Child processes, typed messages, progress, cancel. Knows no task and no Qt."""
