"""What belongs to whoever is signed in: what waits for them, their turns, offers and notices."""
