"""Version 1 of the API: a router for each part of a room, mounted at /api/v1/."""

from dure.api import applications, funding, jobs, workers
from dure.api.assessments import exams, interviews, scorings, surveys
from dure.api.base import made_api
from dure.api.calendar import series as calendar_series
from dure.api.calendar import sessions, slots
from dure.api.credentials import achievements, holding, issuing
from dure.api.learning import assignments, catalogue, courses, degrees, paths, workforce
from dure.api.learning import sessions as cohort_sessions
from dure.api.people import invitations, merges, organisations, persons, teams
from dure.api.programmes import (
    announcements,
    bans,
    batches,
    binding,
    bulk,
    entering,
    gives,
    judging,
    making,
    pages,
    proofs,
    seats,
    settling,
    sheets,
    turns,
)
from dure.api.rounds import (
    asking,
    attempts,
    boards,
    carrying,
    checks,
    desk,
    fieldtrials,
    mine,
    rejudging,
    ruling,
    standing,
    tasks,
    uploads,
)
from dure.api.rounds import teams as round_teams
from dure.api.skills import catalogue as skills
from dure.api.skills import plans

PARTS = (
    *(making, binding, seats, entering, turns, bulk, batches, sheets, judging, proofs, settling, gives),
    *(announcements, bans, pages),
    *(persons, organisations, invitations, teams, merges),
    *(catalogue, courses, assignments, degrees, paths, cohort_sessions, workforce),
    *(skills, plans),
    *(achievements, issuing, holding),
    *(calendar_series, sessions, slots),
    *(exams, interviews, scorings, surveys),
    *(applications, funding, jobs, workers),
    *(
        tasks,
        attempts,
        uploads,
        boards,
        desk,
        mine,
        round_teams,
        rejudging,
        carrying,
        ruling,
        asking,
        checks,
        standing,
        fieldtrials,
    ),
)

api = made_api()
for part in PARTS:
    api.add_router("", part.router)
