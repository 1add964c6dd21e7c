"""The use cases. The window and the command line call these and nothing below them."""
