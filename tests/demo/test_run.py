"""The demo, small: twelve people apply, and everything that it tells adds up."""

from itertools import pairwise

import pytest
from django.db.models import Count
from django.test import Client

from dure.assessments.models import Interviewee, Survey
from dure.compute.box import Level
from dure.compute.proof import level
from dure.core import clock
from dure.core.errors import Refused
from dure.demo.run import Told, run_demo
from dure.demo.today import SLUG as NOW
from dure.people.models import Notice, Person
from dure.programmes.models import Programme, ProgrammeState
from tests.factories import make_person
from tests.site.crawl import follow

pytestmark = pytest.mark.django_db


class Quiet:
    """A screen that keeps what it is shown."""

    def __init__(self) -> None:
        self.steps: list[str] = []

    def going(self, what, done, of) -> None:
        assert 1 <= done <= of

    def done(self, what, seconds) -> None:
        self.steps.append(what.en)


def refused(told: Told) -> dict[str, str]:
    return {refusal.who.en: refusal.code for refusal in told.summary.refusals}


def test_demo_runs_the_2020_edition_and_opens_a_current_one():
    screen = Quiet()

    told = run_demo(screen, applicants=12)

    summary = told.summary
    assert [(step.stage, step.came, step.passed, step.out) for step in summary.funnel] == [
        ("apply", 12, 10, 2),
        ("r1", 10, 10, 0),
        ("r2", 5, 5, 0),
        ("hire", 10, 3, 2),
    ]
    assert [(account.money, account.committed, account.paid, account.left) for account in summary.accounts] == [
        ("stipend", 20_000_000, 20_000_000, 0),
        ("prize", 75_000_000, 75_000_000, 125_000_000),
    ]
    assert len(summary.rights) == 10
    assert sorted(Interviewee.objects.values_list("state", "passed")) == [
        *[("released", True)] * 5, *[("waiting", None)] * 5,
    ]  # fmt: skip
    assert [(survey.state, survey.promise, survey.respondents.count()) for survey in Survey.objects.all()] == [
        ("closed", "anonymous", 10)
    ]
    assert all(one[2] >= next_[2] for head in summary.heads for one, next_ in pairwise(head.rows))
    expected = {
        "The 21st attempt of a day": "challenges.quota",
        "A broken file (missing-ids)": "id-missing",
        "A broken file (doubled-ids)": "id-doubled",
        "A broken file (not-a-number)": "class",
        "A broken file (wrong-header)": "header",
        "After the deadline": "round.not-open",
    }
    hunter = {"A program that looks for labels": "program"} if level() >= Level.FULL else {}
    assert refused(told) == expected | hunter
    assert Programme.objects.get(slug=NOW).state == ProgrammeState.OPEN
    assert {account.part for account in told.accounts} == {"learner", "organiser", "judge", "recruiter", "secretariat"}
    assert clock.now().year > 2020
    assert screen.steps
    told_twice = Notice.objects.values("person", "text_ko", "path").annotate(times=Count("pk")).filter(times__gt=1)
    assert list(told_twice) == []
    assert {account.part: _lost(account.email) for account in told.accounts} == {
        account.part: {} for account in told.accounts
    }


def _lost(email: str) -> dict[str, int]:
    """Of everything that is linked for somebody, what is not there, not theirs, or fails."""
    client = Client()
    client.force_login(Person.objects.get(email=email))
    answered = follow(client)
    assert len(answered) > 30
    return {address: status for address, status in answered.items() if status >= 400}


def test_demo_refuses_a_database_that_holds_somebody():
    make_person()

    with pytest.raises(Refused) as refusal:
        run_demo(Quiet(), applicants=12)

    assert refusal.value.code == "demo.not-empty"
