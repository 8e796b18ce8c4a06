"""Learning paths by page, what a provider is asked to teach, and a cohort's sessions."""
