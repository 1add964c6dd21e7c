"""Composing insight sheets from themes and numbers. No file format in here."""
