"""Finding and masking personal data in what customers wrote."""
