"""The only place where the engine and the rooms meet."""
