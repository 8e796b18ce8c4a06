"""Who is kept out of a programme: the desk's page, and the page of those it concerns."""
