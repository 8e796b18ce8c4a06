"""Who is answered what: for each endpoint the status that each role gets, compared as a whole."""

import pytest

from tests.api.conftest import Caller
from tests.api.stories import SMALL, Story

pytestmark = pytest.mark.django_db

ROLES = ("visitor", "stranger", "holder", "mate", "judge", "clerk", "root")


def statuses(story: Story, asked: dict[str, tuple[str, str, object]]) -> dict[str, tuple[int, ...]]:
    """For each request what every role is answered, in the order of ROLES."""
    callers = (Caller(), story.stranger, story.ada, story.bo, story.judge, story.clerk, story.root)
    return {
        name: tuple(who.call(method, path, body).status_code for who in callers)
        for name, (method, path, body) in asked.items()
    }


def test_draft_is_its_makers_own():
    story = Story.begin()
    window = {"when": None}

    assert statuses(
        story,
        {
            "show": ("get", story.at, None),
            "source": ("get", f"{story.at}/source", None),
            "bind": ("put", f"{story.at}/bind", {"bind": {}}),
            "party": ("put", f"{story.at}/parties/host", {"organisations": ["host"]}),
            "when": ("put", f"{story.at}/stages/apply/when", window),
            "preview": ("get", f"{story.at}/preview?step=publish", None),
            "seats": ("get", f"{story.at}/seats", None),
            "enter": ("post", f"{story.at}/stages/apply/entries", {}),
        },
    ) == {
        "show": (404, 404, 404, 404, 200, 200, 200),
        "source": (404, 404, 404, 404, 200, 200, 200),
        "bind": (401, 404, 404, 404, 403, 200, 200),
        "party": (401, 404, 404, 404, 403, 200, 200),
        "when": (401, 404, 404, 404, 403, 200, 200),
        "preview": (401, 404, 404, 404, 403, 200, 200),
        "seats": (401, 404, 404, 404, 200, 200, 200),
        "enter": (401, 404, 404, 404, 409, 409, 409),
    }


def test_open_programme_is_public_and_run_by_its_operators():
    story = Story.opened()
    turn = story.apply(story.ada)["id"]
    rows = {"rows": [{"turn": turn, "values": {"years": 4}}]}

    assert statuses(
        story,
        {
            "show": ("get", story.at, None),
            "turns": ("get", f"{story.at}/stages/apply/turns", None),
            "outcome": ("get", f"{story.at}/outcome", None),
            "gives": ("get", f"{story.at}/gives", None),
            "provided": ("get", f"{story.at}/provided", None),
            "reviews": ("get", f"{story.at}/stages/task/reviews", None),
            "proofs": ("get", f"{story.at}/stages/licence/proofs", None),
            "settlement": ("get", f"{story.at}/stages/task/settlement", None),
            "tick": ("post", f"{story.at}/tick", None),
            "assign": ("post", f"{story.at}/stages/task/steps/0/assign", None),
            "offer": ("post", f"{story.at}/stages/apply/offers", {"email": "nobody@example.org"}),
            "seat": ("post", f"{story.at}/seats", {"role": "judge", "email": "nobody@example.org"}),
            "bulk": ("post", f"{story.at}/stages/apply/evidence", rows),
            "unknown stage": ("get", f"{story.at}/stages/nothing/turns", None),
        },
    ) == {
        "show": (200, 200, 200, 200, 200, 200, 200),
        "turns": (401, 403, 403, 403, 200, 200, 200),
        "outcome": (401, 403, 403, 403, 200, 200, 200),
        "gives": (401, 403, 403, 403, 200, 200, 200),
        "provided": (401, 403, 403, 403, 200, 200, 200),
        "reviews": (401, 403, 403, 403, 403, 200, 200),
        "proofs": (401, 403, 403, 403, 403, 200, 200),
        "settlement": (401, 403, 403, 403, 403, 200, 200),
        "tick": (401, 403, 403, 403, 403, 200, 200),
        "assign": (401, 403, 403, 403, 403, 201, 201),
        "offer": (401, 403, 403, 403, 403, 404, 404),
        "seat": (401, 403, 403, 403, 403, 404, 404),
        "bulk": (401, 422, 201, 422, 422, 201, 201),
        "unknown stage": (401, 403, 403, 403, 404, 404, 404),
    }


def test_turn_is_seen_by_its_holder_and_those_who_oversee():
    story = Story.opened()
    turn = f"/turns/{story.apply(story.ada)['id']}"
    form = {"values": {"motive": "more", "years": 5}}

    assert statuses(
        story,
        {
            "show": ("get", turn, None),
            "evidence": ("post", f"{turn}/evidence", form),
            "options": ("post", f"{turn}/options", {"options": ["vision"]}),
            "terms": ("post", f"{turn}/terms", None),
            "again": ("post", f"{turn}/again", None),
            "attendant": ("post", f"{turn}/attendants", {"role": "judge", "email": story.judge.person.email}),
            "fee": ("post", f"{turn}/fee", {"reference": "1"}),
            "reviewer": ("post", f"{turn}/reviews", {"step": 0, "email": story.judge.person.email}),
            "proof": ("post", f"{turn}/proofs", {"step": 0, "reference": "1"}),
            "say": ("post", f"{turn}/says", {"step": 1, "yes": True}),
            "withdraw": ("post", f"{turn}/withdraw", None),
        },
    ) == {
        "show": (401, 404, 200, 404, 404, 200, 200),
        "evidence": (401, 404, 201, 404, 404, 201, 201),
        "options": (401, 404, 409, 404, 404, 409, 409),
        "terms": (401, 404, 200, 404, 404, 403, 403),
        "again": (401, 404, 409, 404, 404, 403, 403),
        "attendant": (401, 404, 403, 404, 404, 409, 409),
        "fee": (401, 404, 403, 404, 404, 409, 409),
        "reviewer": (401, 404, 403, 404, 404, 404, 404),
        "proof": (401, 404, 404, 404, 404, 404, 404),
        "say": (401, 404, 403, 404, 404, 201, 403),
        "withdraw": (401, 404, 200, 404, 404, 403, 403),
    }


def test_platform_is_run_by_its_operators():
    story = Story.begin()
    person, host = f"/people/{story.ada.person.pk}", "/organisations/host"
    made = {"slug": "small-2", "source": SMALL}

    assert statuses(
        story,
        {
            "me": ("get", "/me", None),
            "people": ("get", "/people", None),
            "person": ("get", person, None),
            "vouch": ("post", f"{person}/facts", {"name": "degree", "value": "bsc"}),
            "token": ("post", f"{person}/tokens", {"name": "theirs"}),
            "register": ("post", "/people", {"email": story.ada.person.email}),
            "found": ("post", "/organisations", {"short": "host", "name_ko": "가", "name_en": "A", "kind": "company"}),
            "organisations": ("get", "/organisations", None),
            "members": ("get", f"{host}/members", None),
            "join": ("post", f"{host}/members", {"email": "nobody@example.org"}),
            "funds": ("get", "/funds", None),
            "fund": ("post", "/funds", {"organisation": "host", "name": "F", "amount": 1}),
            "programme": ("post", "/programmes", made),
            "jobs": ("get", "/jobs", None),
        },
    ) == {
        "me": (401, 200, 200, 200, 200, 200, 200),
        "people": (401, 403, 403, 403, 403, 403, 200),
        "person": (401, 404, 200, 404, 404, 404, 200),
        "vouch": (401, 404, 403, 404, 404, 404, 201),
        "token": (401, 403, 403, 403, 403, 403, 403),
        "register": (401, 403, 403, 403, 403, 403, 409),
        "found": (401, 403, 403, 403, 403, 403, 409),
        "organisations": (401, 200, 200, 200, 200, 200, 200),
        "members": (401, 403, 403, 403, 200, 200, 200),
        "join": (401, 403, 403, 403, 403, 403, 404),
        "funds": (401, 200, 200, 200, 200, 200, 200),
        "fund": (401, 403, 403, 403, 403, 403, 201),
        "programme": (401, 403, 403, 403, 403, 403, 201),
        "jobs": (401, 403, 403, 403, 403, 403, 200),
    }
