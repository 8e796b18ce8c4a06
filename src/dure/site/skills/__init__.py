"""Skills and job roles, one's own levels, and what teams and companies lack."""
