"""Insights: the list, the insight as it stands, and the sheet as the PM gets it."""
