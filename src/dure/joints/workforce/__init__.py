"""What an organisation sees of its own people: what they are certified in, and how far they are with what they learn.

Its people belong to it today, or it sends them to a course and pays. It sees the courses that it pays for, what it
issued itself, and what a holder shows to everybody; all else only of those who agreed to it (``EMPLOYER``).
"""

from dure.joints.workforce.shapes import Certificate, Learning, Numbers, Standing, Wanted, Worker
from dure.joints.workforce.shown import workers
from dure.joints.workforce.who import Found, employers_of, employers_to_ask, numbers, workforce

__all__ = [
    "Certificate", "Found", "Learning", "Numbers", "Standing", "Wanted", "Worker", "employers_of", "employers_to_ask",
    "numbers", "workers", "workforce",
]  # fmt: skip
