"""Pages of sessions, attendance and slots."""
