"""The organiser's desk: one programme from announcement to end."""
