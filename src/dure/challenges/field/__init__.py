"""A model beside a service: its requests, where they come from, running them, and what they add up to."""
