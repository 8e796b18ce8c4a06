"""A field trial on pages: planned by a form, started, watched, shared, judged; for whom, and by how many queries."""

import json
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dure.audit.models import AuditRow
from dure.challenges.field.tally import Brief
from dure.challenges.models import FieldTrial
from dure.challenges.operations.fieldtrials import share_field_trial
from dure.challenges.queries.fieldtrials import briefs_of
from dure.core import clock
from dure.people.operations import join_organisation
from dure.site.fieldtrials.sides import MOST_DAYS, pairs, quality, slowness, spans
from tests.challenges.conftest import member
from tests.challenges.field.played import brought, outcome, played
from tests.challenges.field.world import lines, make_trial, that_counts, told
from tests.factories import make_organisation, make_person
from tests.site.conftest import client_of, text_of

pytestmark = pytest.mark.django_db
MOST_QUERIES = 20


@pytest.fixture(autouse=True)
def _disk(settings, tmp_path, monkeypatch):
    monkeypatch.setenv("DURE_ALLOW_CODE_BELOW_FULL", "1")  # no code is run here
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def trial() -> FieldTrial:
    """A plan of a round outside programmes."""
    return make_trial()


def at(trial: FieldTrial, what: str = "") -> str:
    return f"/rounds/{trial.round_id}/field/{trial.pk}/{what}"


def organiser(trial: FieldTrial, language: str = "en"):
    return client_of(trial.made_by, language)


def local(moment, zone="Asia/Seoul") -> str:
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")


def test_an_organiser_plans_and_starts_one():
    submission = that_counts()
    round_ = submission.entrant.task.round
    by, home = round_.organisers.get(), make_organisation("hangang")
    join_organisation(home, person=by)
    client, now = client_of(by, "en"), clock.now()
    form = client.get(f"/rounds/{round_.pk}/field/new/").context["form"]
    said = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    said |= {
        "submission": submission.pk, "service_ko": "한강 카페", "service_en": "Hangang Cafe", "organisation": home.pk,
        "owner": make_person().email, "starts_at": local(now), "ends_at": local(now + timedelta(days=3)),
        "file": SimpleUploadedFile("requests.jsonl", lines(told(1)).read()),
    }  # fmt: skip

    planned = client.post(f"/rounds/{round_.pk}/field/new/", said)
    made = FieldTrial.objects.get()
    started = client.post(at(made, "start/"), follow=True)

    assert (planned.status_code, planned["Location"]) == (302, at(made))
    assert "Under way" in text_of(started)
    assert "Hangang Cafe" in text_of(client.get(f"/rounds/{round_.pk}/field/"))


def test_what_is_wrong_stands_at_its_field():
    submission = that_counts()
    round_ = submission.entrant.task.round
    client = client_of(round_.organisers.get(), "en")

    answer = client.post(f"/rounds/{round_.pk}/field/new/", {"service_en": "x", "owner": "nobody@example.org"})

    assert answer.status_code == 422
    assert "service_ko" in answer.context["form"].errors


def test_a_source_that_cannot_be_read_is_told_and_nothing_starts(settings):
    settings.PRIVATE_HOSTS = ["localhost"]
    trial = make_trial(address="http://localhost:9/recorded")

    answer = organiser(trial).post(at(trial, "start/"))

    trial.refresh_from_db()
    assert (answer.status_code, trial.state) == (502, "draft")
    assert "localhost" in text_of(answer)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_both_sides_stand_beside_each_other_with_where_they_differ(trial, language):
    played(trial)

    page = text_of(organiser(trial, language).get(at(trial)))

    wanted = ["66.67% (2)", "100% (4)", "25% (1)", "r3", "canary-of-a-request", "canary-of-a-model"]
    assert [word for word in wanted if word in page] == wanted


def test_who_comes_to_which_page(trial):
    ours, stranger = member(trial.submission.entrant), make_person()
    played(trial)
    people = {"organiser": trial.made_by, "owner": trial.owner, "entrant": ours, "stranger": stranger}
    paths = ("", "now/", "requests.csv", "comparison.json", "stop/")

    def found() -> dict[str, set[str]]:
        return {
            name: {path for path in paths if client_of(person).get(at(trial, path)).status_code == 200}
            for name, person in people.items()
        }

    whole = {"", "now/", "requests.csv", "comparison.json"}
    assert found() == {"organiser": {*paths}, "owner": whole, "entrant": set(), "stranger": set()}
    share_field_trial(trial, shared=True)
    assert found() == {"organiser": {*paths}, "owner": whole, "entrant": {"", "now/"}, "stranger": set()}


def test_an_entrant_reads_figures_and_the_owners_word_and_no_request(trial):
    played(trial)
    share_field_trial(trial, shared=True)
    client_of(trial.owner).post(at(trial, "judge/"), {"adoption": "later", "because": "Too slow yet"})

    page = text_of(client_of(member(trial.submission.entrant), "en").get(at(trial)))

    assert "66.67%" in page
    assert "Too slow yet" in page
    assert "canary" not in page


def test_the_owner_judges_once_and_needs_a_reason(trial):
    played(trial)
    client = client_of(trial.owner, "en")

    without = client.post(at(trial, "judge/"), {"adoption": "adopt", "because": " "})
    judged = client.post(at(trial, "judge/"), {"adoption": "adopt", "because": "Better"})
    twice = client.post(at(trial, "judge/"), {"adoption": "not", "because": "Worse"})

    assert (without.status_code, judged.status_code, twice.status_code) == (422, 302, 409)
    assert organiser(trial).post(at(trial, "judge/"), {"adoption": "not", "because": "No"}).status_code == 404


def test_it_is_paused_resumed_and_stopped_after_asking(trial):
    played(trial, over=False)
    client, states = organiser(trial), []

    for what in ("pause/", "resume/", "stop/"):
        client.post(at(trial, what))
        trial.refresh_from_db()
        states.append(trial.state)

    assert states == ["paused", "running", "stopped"]
    assert client.post(at(make_trial(trial.submission), "discard/")).status_code == 302
    assert FieldTrial.objects.count() == 1


def test_what_is_taken_out_is_safe_in_a_spreadsheet_and_noted(trial):
    played(trial, over=False)
    brought(trial, outcome(5, mine=("no",), text="=cmd"))

    table = b"".join(organiser(trial).get(at(trial, "requests.csv")).streaming_content).decode("utf-8-sig")
    told = json.loads(organiser(trial).get(at(trial, "comparison.json")).content)

    assert len(table.splitlines()) == 6
    assert not any(cell.startswith("=") for line in table.splitlines() for cell in line.split(","))
    assert (told["total"]["tried"], len(told["days"])) == (5, 1)
    assert AuditRow.objects.filter(action="field-trial.taken").count() == 2


def test_pages_ask_the_database_little_whatever_was_tried(trial):
    played(trial, over=False)
    for batch in range(30):
        with clock.at(clock.now() + timedelta(hours=batch * 12)):
            brought(trial, *[outcome(100 * (batch + 1) + n, mine=("no",)) for n in range(5)])

    for path in (at(trial), at(trial, "now/"), f"/rounds/{trial.round_id}/field/"):
        client = organiser(trial)
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        assert (path, len(asked) <= MOST_QUERIES) == (path, True), "\n".join(q["sql"] for q in asked)


def test_bars_of_both_sides_share_one_scale_and_days_stand_in_order(trial):
    played(trial)
    [day] = pairs(briefs_of(trial), quality)

    assert (day.mine, day.theirs) == ("66.67", "100")
    assert day.model.height < day.service.height
    assert [pair.mine for pair in pairs(briefs_of(trial), slowness)] == ["40"]
    assert pairs([], quality) == []


def test_beyond_a_month_bars_are_weeks_with_exact_shares_and_the_slowest_day():
    monday = date(2026, 3, 2)
    days = [(monday + timedelta(days=n), Brief(judged=10, right=n % 10, slow=100 + n)) for n in range(MOST_DAYS + 4)]

    weeks, is_weekly = spans(days)

    assert (spans(days[:MOST_DAYS]), is_weekly) == ((days[:MOST_DAYS], False), True)
    assert [(day, brief.right, brief.judged, brief.slow) for day, brief in weeks] == [
        (monday + timedelta(weeks=n), sum(at % 10 for at in range(7 * n, 7 * n + 7)), 70, 106 + 7 * n) for n in range(5)
    ]
    assert [pair.mine for pair in pairs(weeks, slowness)] == ["106", "113", "120", "127", "134"]


def test_a_part_that_has_not_changed_is_not_sent_again(trial):
    played(trial, over=False)
    client = organiser(trial)
    tag = client.get(at(trial, "now/"))["ETag"]

    again = client.get(at(trial, "now/"), headers={"If-None-Match": tag})
    brought(trial, outcome(9))
    after = client.get(at(trial, "now/"), headers={"If-None-Match": tag})

    assert (again.status_code, after.status_code) == (304, 200)
