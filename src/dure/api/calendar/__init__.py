"""Sessions, attendance and slots over HTTP."""
