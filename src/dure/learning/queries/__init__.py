"""Every read of learning that two callers share."""
