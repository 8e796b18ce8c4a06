"""Forms in full: questions, files, autosave, prefilling, receipts."""
