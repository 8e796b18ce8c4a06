"""The door for WSGI servers."""

import os
import sys

from django.core.wsgi import get_wsgi_application

# A thread that has heard from the database goes on after half a millisecond, not after the usual five: at 150 requests
# a second the slowest twentieth of a board's pages then waits a third as long.
sys.setswitchinterval(0.0005)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.settings")
application = get_wsgi_application()
