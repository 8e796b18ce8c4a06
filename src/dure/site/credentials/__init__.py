"""Pages of credentials: for those who verify them, hold them and issue them."""
