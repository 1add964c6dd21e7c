"""Writing results to files: one module per format, found by ``registry``."""
