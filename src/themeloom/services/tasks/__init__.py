"""Functions that run inside the child processes. Named to jobs by string, imported by nobody."""
