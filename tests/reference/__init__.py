"""A second reading of the blueprint language: row by row, slow, and written from the text alone."""
