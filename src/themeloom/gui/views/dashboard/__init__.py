"""The dashboard: four charts that state their base and their caution."""
