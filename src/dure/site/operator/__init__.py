"""The operator's pages: how the installation stands, and what those who look after it can do about it."""
