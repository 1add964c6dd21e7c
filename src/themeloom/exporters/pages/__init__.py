"""What a product manager reads of an insight, and how it looks in each markup."""
