"""A round from a form: its blueprint is sound whatever the form says, and it runs as any other."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.applications.operations import send
from dure.blueprint.lint import lint_text
from dure.challenges.measures import Measure
from dure.challenges.metrics import METRICS, OWN
from dure.challenges.models import Round, Task, Visibility
from dure.core import clock
from dure.core.errors import Flawed
from dure.core.text import Text
from dure.jobs.worker import drain
from dure.joints.models import RoundTask
from dure.joints.plain import Wanted, make_round, source_of
from dure.joints.stages.forms import application_of
from dure.joints.stages.rounds import entrant_of
from dure.people.models import Organisation, Person
from dure.programmes.models import Programme, Turn
from dure.programmes.operations.entering import enter
from dure.programmes.operations.publishing import open_programme, publish
from dure.programmes.operations.ticking import tick
from tests.factories import make_operator, make_organisation, make_person

OPENS = datetime(2026, 12, 1, tzinfo=UTC)
LABELS = b"id,label\n" + b"".join(f"{n},{n % 2}\n".encode() for n in range(40))


def wanted(host: Organisation | None = None, **known) -> Wanted:
    rules = {
        "title": Text(ko="겨울 대회", en="Winter: 'round'"), "slug": "winter-2026", "zone": "Asia/Seoul",
        "host": host or Organisation(short="hanbit", kind="company"), "opens": OPENS,
        "closes": OPENS + timedelta(days=9), "metric": "accuracy",
    }  # fmt: skip
    return Wanted(**{**rules, **known})


@given(
    entry=st.sampled_from(["open", "approve", "invite"]), team=st.integers(1, 20),
    daily=st.none() | st.integers(1, 999), total=st.none() | st.integers(1, 999), sealed=st.booleans(),
    code=st.sampled_from(["none", "allowed", "required"]), metric=st.sampled_from([*METRICS, OWN]),
    prizes=st.lists(st.integers(1, 10**9), max_size=10),
    zone=st.sampled_from(["Asia/Seoul", "UTC", "America/New_York"]),
    title=st.text(min_size=1, max_size=60).filter(lambda text: text.isprintable() and text.strip() == text),
)  # fmt: skip
def test_whatever_the_form_says_its_blueprint_is_sound(title, **known) -> None:
    source = source_of(wanted(title=Text(ko=title, en=title), **known))

    assert lint_text(source.encode(), "winter-2026", None) == []


def _join(programme: Programme, person: Person) -> None:
    application = application_of(enter(programme, "join", person=person), by=person)
    send(application, version=application.version, by=person)
    drain()


@pytest.mark.django_db(transaction=True)
def test_it_is_made_opened_and_entered_like_any_other(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    host, by = make_organisation("hanbit"), make_operator()
    said = wanted(host, board=Visibility.ENTRANTS, daily=3, at_once=1, prizes=(3_000_000, 1_000_000))

    programme = make_round(said, by=by, labels=io.BytesIO(LABELS), measure=Measure("accuracy"))
    publish(programme)
    with clock.at(OPENS - timedelta(days=1)):
        open_programme(programme)
        _join(programme, make_person())
    with clock.at(OPENS + timedelta(minutes=1)):
        tick(programme)
        drain()
        turn = Turn.objects.get(stage="round")

    round_ = Round.objects.get()
    assert (round_.board, round_.daily, round_.at_once, round_.sealed) == (Visibility.ENTRANTS, 3, 1, True)
    assert RoundTask.objects.get().task == entrant_of(turn).task


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("known", [{"slug": "Winter"}, {"closes": OPENS}, {"daily": 6, "total": 5}])
def test_what_cannot_be_is_told_at_its_field(settings, tmp_path, known) -> None:
    settings.MEDIA_ROOT = tmp_path
    with pytest.raises(Flawed) as told:
        make_round(wanted(**known), by=make_operator(), labels=io.BytesIO(LABELS), measure=Measure("accuracy"))

    assert [flaw["field"] for flaw in told.value.facts["errors"]] == list(known)[:1]


@pytest.mark.django_db(transaction=True)
def test_labels_that_are_not_in_order_leave_nothing_behind(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    with pytest.raises(Flawed):
        make_round(
            wanted(make_organisation("hanbit")), by=make_operator(), labels=io.BytesIO(b"id,label\n1,a\n1,b\n"),
            measure=Measure("accuracy"),
        )  # fmt: skip

    assert (Programme.objects.count(), Task.objects.count(), [p for p in tmp_path.rglob("*") if p.is_file()]) == (
        0,
        0,
        [],
    )
