"""Files to records: reading, recognising, mapping, cleaning, splitting, finding duplicates."""
