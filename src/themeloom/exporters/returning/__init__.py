"""Reading back what was exported: edited workbooks for a merge, quotes for a check."""
