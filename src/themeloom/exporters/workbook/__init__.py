"""The parts of the insight workbook: its look, its measures, one module per sheet."""
