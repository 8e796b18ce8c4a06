"""Version 1 of the API: a router for each room, mounted at /api/v1/."""

from dure.api.base import made_api
from dure.api.programmes import bulk, entering, gives, judging, making, seats, settling, turns

api = made_api()
for part in (making, seats, entering, turns, bulk, judging, settling, gives):
    api.add_router("", part.router)
