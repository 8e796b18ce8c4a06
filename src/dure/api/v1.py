"""Version 1 of the API: a router for each part of a room, mounted at /api/v1/."""

from dure.api import applications, funding, jobs, rounds
from dure.api.base import made_api
from dure.api.people import invitations, organisations, persons, teams
from dure.api.programmes import bulk, entering, gives, judging, making, seats, settling, sheets, turns

PARTS = (
    *(making, seats, entering, turns, bulk, sheets, judging, settling, gives),
    *(persons, organisations, invitations, teams),
    *(applications, rounds, funding, jobs),
)

api = made_api()
for part in PARTS:
    api.add_router("", part.router)
