"""A model of a round beside a service: planned, watched, compared, judged by the service's owner."""
