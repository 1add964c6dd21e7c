"""Texts in the markup of others: one module each, so that what customers wrote stays text."""
