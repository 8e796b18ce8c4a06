"""Learning over HTTP: the catalogue, its providers, courses."""
