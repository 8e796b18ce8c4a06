"""Pages of learning: the catalogue, its curators, courses and those who take them."""
