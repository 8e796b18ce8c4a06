"""The engine's shared reads: members, frames for gates, what a turn waits for, roles, figures."""
