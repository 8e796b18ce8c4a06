"""One's own account: who one is, how one signs in, what one agreed to, and one's data."""
