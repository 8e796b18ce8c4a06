"""Rehearsals of a draft: the same numbers as the command's, other draws, and two side by side."""

import json
import re
import subprocess
import sys

import pytest

from dure.programmes.models import Rehearsal
from dure.programmes.operations.drafting import write
from tests.site.conftest import text_of
from tests.site.studio.conftest import RUSH

pytestmark = pytest.mark.django_db


def rehearsed(client, draft, **sent):
    return client.post(f"/studio/{draft.pk}/rehearse/", {"cases": "400", "seed": "7", **sent}, follow=True)


def test_the_json_is_that_of_the_command(client, draft, tmp_path):
    file = tmp_path / "rush.yaml"
    file.write_text(RUSH, encoding="utf-8")
    command = [sys.executable, "-c", "import sys; from dure.cli import main; sys.exit(main())"]
    printed = subprocess.run([*command, "rehearse", str(file), "--json"], capture_output=True, check=True).stdout

    page = rehearsed(client, draft)
    answered = client.get(f"/studio/rehearsals/{page.context['rehearsal'].pk}.json").content

    one, other = json.loads(printed), json.loads(answered)
    assert {**one, "seconds": 0} == {**other, "seconds": 0}
    assert list(one) == list(other)


def test_other_draws_are_kept_with_the_result(client, draft):
    write(draft, RUSH.replace("    entry: open", "    entry: open\n    else: out", 1), revision=None)

    page = rehearsed(client, draft, **{"rehearse.facts.age": "[20, 22]"})

    assert page.context["rehearsal"].overrides == {"rehearse.facts.age": "[20, 22]"}
    assert "rehearse.facts.age = [20, 22]" in text_of(page)


def test_a_text_that_draws_nothing_yet_draws_as_it_is_told(client, draft):
    """How many is asked beside it; whoever says one fact need not write the rest of ``rehearse``."""
    text = "\n".join(_without_rehearse(RUSH.splitlines()))
    write(draft, text, revision=None)

    page = rehearsed(client, draft, **{"rehearse.facts.age": "[20, 22]"})

    assert page.context["rehearsal"].cases == 400
    assert client.get(f"/studio/rehearsals/{page.context['rehearsal'].pk}.json").status_code == 200


def _without_rehearse(lines):
    inside = False
    for line in lines:
        inside = line.startswith("rehearse:") or (inside and not line[:1].isalpha())
        if not inside:
            yield line


@pytest.mark.parametrize(("said", "told"), [("[9, 2]", "not a spread"), ("[9,", "cannot be read as YAML")])
def test_what_cannot_be_drawn_is_said_at_its_field(client, draft, said, told):
    sent = {"cases": "10", "seed": "7", "rehearse.facts.age": said, "rehearse.facts.education": "'x'"}

    answer = client.post(f"/studio/{draft.pk}/rehearse/", sent, headers={"dure-form": "stays"})

    [(field, flaw)] = re.findall(r'<li data-field="([^"]*)">(.*?)</li>', answer.content.decode())[:1]
    assert (answer.status_code, field) == (422, "rehearse.facts.age")
    assert told in flaw
    assert Rehearsal.objects.count() == 0


@pytest.mark.parametrize("sent", [{"cases": "0"}, {"cases": "100001"}, {"cases": "many"}, {"seed": "-1"}])
def test_a_size_out_of_bounds_is_refused_with_what_to_do(client, draft, sent):
    assert rehearsed(client, draft, **sent).status_code == 422


def test_an_unsound_draft_is_not_rehearsed(client, draft):
    write(draft, RUSH.replace("kind: round", "kind: ring", 1), revision=None)

    assert rehearsed(client, draft).status_code == 409
    assert "1 place to correct first" in text_of(client.get(f"/studio/{draft.pk}/rehearse/"))


def test_what_differs_between_two_versions_is_marked(client, draft):
    one = rehearsed(client, draft).context["rehearsal"]
    write(draft, RUSH.replace("take: 100}", "take: 90}"), revision=None)
    other = rehearsed(client, draft).context["rehearsal"]

    page = client.get(f"/studio/rehearsals/{one.pk}/beside/{other.pk}/")

    flow = dict(page.context["tables"])["Flow"]
    differing = {row.what: (row.one, row.other) for row in flow if row.differs}
    assert differing["Application · Passed"] == ("100", "90")
    assert "Hiring interview · In" not in differing or differing["Hiring interview · In"][0] == "80"


def test_expectations_that_do_not_hold_are_said(client, draft):
    write(draft, RUSH.replace("pass(apply) = 100", "pass(apply) = 101"), revision=None)
    assert "Not everything that is expected holds" in text_of(rehearsed(client, draft))
