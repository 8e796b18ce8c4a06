"""Durable work: the queue, its leases and tokens, the outbox of what leaves the house."""
