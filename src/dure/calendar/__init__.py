"""Sessions, slots and attendance, for courses, events and bookings; knows none of them."""
