"""The command line. Parses, calls a service, prints; holds no rules."""
