"""Pages of those who judge: what waits for them, marking, comparing, deciding, and whom they supervise."""
