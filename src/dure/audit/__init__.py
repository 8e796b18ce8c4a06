"""The sealed log: who did what to what, on whose behalf, chained so that a change shows."""
