"""What all hand-offs share: what is new, tables as other tools read them, choices."""
