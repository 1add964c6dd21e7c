"""Entry points of the program."""
