"""Themeloom: a desktop workbench that turns customer feedback into insight sheets."""

__version__ = "0.1.0"
