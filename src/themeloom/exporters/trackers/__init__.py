"""Reading what other tools export of the insights that were handed to them."""
