"""Qt models over the frames of the view."""
