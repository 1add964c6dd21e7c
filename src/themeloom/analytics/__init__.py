"""Numbers about themes: counts, reach, scores. Polars frames in, polars frames out."""
