"""A round made from a form: the file first, the rest proposed by it, tried at once, opened with one button."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dure.challenges.models import Best, Round, RoundDraft, Submission, Task, TrialRun
from dure.core import clock
from dure.jobs.worker import drain
from dure.people.models import Role
from dure.programmes.models import Programme
from tests.factories import make_member
from tests.site.conftest import client_of, text_of

pytestmark = [pytest.mark.django_db(transaction=True)]
LABELS = "image,size,label\n" + "".join(f"i{n},{n * 3},{'cat' if n % 2 else 'dog'}\n" for n in range(60))


def _file(text: str = LABELS) -> SimpleUploadedFile:
    return SimpleUploadedFile("labels.csv", text.encode())


def _said(page, **changed) -> dict:
    """What the form proposes, with what somebody types."""
    form = page.context["form"]
    proposed = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    for name in ("opens", "closes"):
        proposed[name] = f"{proposed[name]:%Y-%m-%dT%H:%M}"
    proposed = {name: value.pk if hasattr(value, "pk") else value for name, value in proposed.items()}
    return {**proposed, "title_ko": "고양이 찾기", "title_en": "Find the cat", "slug": "find-the-cat", **changed}


@pytest.fixture
def maker(world):
    """Somebody who looks after the host, with a test set sent."""
    person = make_member(world.host, role=Role.ADMIN).person
    client = client_of(person, "en")
    sent = client.post("/rounds/new/", {"labels": _file()})
    return client, sent["Location"]


def test_the_file_proposes_columns_classes_and_metric(maker) -> None:
    client, address = maker

    page = client.get(address)

    form = page.context["form"]
    guessed = {name: form[name].value() for name in ("id_column", "label_columns", "classes", "metric")}
    assert guessed == {"id_column": "image", "label_columns": ["label"], "classes": "cat, dog", "metric": "accuracy"}
    assert "labels.csv: 60 rows" in text_of(page)


def test_it_is_made_tried_and_opened_without_a_line_of_yaml(maker, world) -> None:
    client, address = maker
    made = client.post(address, _said(client.get(address), prizes="3,000,000\n1000000"), follow=True)
    drain()
    tried = text_of(client.get("/desk/find-the-cat/stages/round/trials/"))
    opened = client.post("/desk/find-the-cat/stages/round/trials/open/", follow=True)

    assert "made as a draft" in text_of(made)
    assert set(TrialRun.objects.values_list("kind", "state")) == {
        ("perfect", "scored"), ("random", "scored"), ("broken", "refused"),
    }  # fmt: skip
    assert ("1.000000" in tried, "There is no prediction for id" in tried) == (True, True)
    assert Programme.objects.get(slug="find-the-cat").state == "open"
    assert "announced" in text_of(opened)
    assert (RoundDraft.objects.count(), Submission.objects.count(), Best.objects.count()) == (0, 0, 0)


def test_dates_hold_in_the_zone_that_was_typed(maker) -> None:
    client, address = maker
    opens = (clock.now() + timedelta(days=10)).replace(hour=9, minute=0, second=0, microsecond=0)
    said = _said(client.get(address), zone="America/New_York", opens=f"{opens:%Y-%m-%dT%H:%M}")

    client.post(address, said)

    programme = Programme.objects.get(slug="find-the-cat")
    assert (programme.zone, f"{opens:%Y-%m-%dT09:00}" in programme.source) == ("America/New_York", True)


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"zone": "Mars"}, "zone"), ({"slug": "Cat!"}, "slug"), ({"prizes": "much"}, "prizes"),
     ({"closes": "2020-01-01T00:00"}, "closes"), ({"daily": "6", "total": "5"}, "daily"),
     ({"opens": "2020-01-01T00:00", "closes": "2020-02-01T00:00"}, "closes"),
     ({"classes": "cat"}, "classes"), ({"classes": "cat, bird"}, "classes"), ({"metric": "own"}, "scorer"),
     ({"inputs": SimpleUploadedFile("inputs.zip", b"no archive")}, "inputs")],
)  # fmt: skip
def test_what_cannot_be_is_told_at_its_field_and_nothing_is_made(maker, changed, field) -> None:
    client, address = maker

    page = client.post(address, _said(client.get(address), **changed))

    assert (page.status_code, set(page.context["form"].errors), Task.objects.count()) == (422, {field}, 0)
    assert RoundDraft.objects.count() == 1


def test_a_label_that_the_metric_does_not_take_is_told_with_its_row(maker) -> None:
    client, address = maker

    page = client.post(address, _said(client.get(address), metric="rmse", classes=""))

    assert (page.status_code, "Row 2: dog is not a number" in text_of(page)) == (422, True)


def test_a_file_that_is_no_table_is_not_kept(maker) -> None:
    client, _ = maker

    page = client.post("/rounds/new/", {"labels": _file('id,label\n1,"a\n')})

    assert (page.status_code, RoundDraft.objects.count()) == (422, 1)
    assert "quotation mark" in text_of(page)


def test_somebody_elses_test_set_is_not_there(maker, world) -> None:
    assert client_of(world.operator).get(maker[1]).status_code == 404


def test_who_may_not_make_programmes_is_told_so(world) -> None:
    assert client_of(world.ada).get("/rounds/new/").status_code == 403


def test_a_submission_of_ones_own_is_tried_too(maker) -> None:
    client, address = maker
    client.post(address, _said(client.get(address)))
    own = _file("image,label\n" + "".join(f"i{n},cat\n" for n in range(60)))

    client.post("/desk/find-the-cat/stages/round/trials/", {"kind": "own-file", "file": own})
    drain()

    assert TrialRun.objects.get(kind="own-file").state == "scored"
    client.post("/desk/find-the-cat/stages/round/trials/clear/")
    assert (TrialRun.objects.count(), Round.objects.count()) == (0, 1)


def test_the_list_of_trials_is_sent_only_when_it_changed(maker) -> None:
    client, address = maker
    client.post(address, _said(client.get(address)))
    part = "/desk/find-the-cat/stages/round/trials/now/"
    first = client.get(part)

    again = client.get(part, headers={"If-None-Match": first["ETag"]})
    drain()
    after = client.get(part, headers={"If-None-Match": first["ETag"]})

    assert [first.status_code, again.status_code, after.status_code] == [200, 304, 200]
    assert [bool(re.search("hx-trigger", page.content.decode())) for page in (first, after)] == [True, False]
