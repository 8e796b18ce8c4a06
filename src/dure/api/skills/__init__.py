"""Skills over HTTP: the catalogue, one's own levels, companies' plans, editions of taxonomies."""
