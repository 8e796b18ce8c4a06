"""The documentation, served in both languages from the files that are written beside the source."""
