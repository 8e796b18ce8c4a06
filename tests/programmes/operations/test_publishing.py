"""A programme's own life: draft, published, open, running, closed."""

import pytest

from dure.blueprint.document import Flaws
from dure.core.errors import Flawed, Refused
from dure.core.text import Text
from dure.programmes.models import Programme, Provided
from dure.programmes.operations.entering import enter
from dure.programmes.operations.publishing import (
    bind_party,
    bind_values,
    close,
    make_programme,
    open_programme,
    preview_step,
    publish,
    run,
    set_window,
)
from tests.factories import make_organisation, make_person
from tests.programmes.build import APPLY, draft, exam, live, text

pytestmark = pytest.mark.django_db
PRIZE = exam(more=", gives: [{money: {type: prize, amount: bind, from: host}}]")
SHARED = APPLY[:-1] + ", provides: [{type: compute, from: host, amount: 8, unit: gpu-hour}]}"


def refusal(act, *given, **known):
    with pytest.raises(Refused) as refused:
        act(*given, **known)
    return refused.value.code


# --- making ------------------------------------------------------------------------------------------------------


def test_a_programme_freezes_the_blueprints_text():
    source = text(APPLY)

    programme = make_programme(source, slug="first", by=make_person(), title=Text(ko="처음", en="First"))

    assert (programme.state, programme.source, programme.blueprint_name) == ("draft", source, "made-up")
    assert (programme.title, len(programme.sha256)) == (Text(ko="처음", en="First"), 64)


def test_an_unsound_blueprint_makes_no_programme():
    with pytest.raises(Flaws) as flawed:
        make_programme(text("- {id: apply, kind: form, entry: wide-open}"), slug="first", by=make_person())

    assert [flaw.code for flaw in flawed.value.flaws] == ["BP104"]
    assert Programme.objects.count() == 0


def test_a_slug_is_one_programmes():
    made = draft(APPLY)

    assert refusal(make_programme, text(APPLY), slug=made.programme.slug, by=make_person()) == "programme.slug"
    assert refusal(make_programme, text(APPLY), slug="x", by=make_person(), zone="Mars/Base") == "programme.zone"


def test_a_party_that_is_not_bound_is_the_organisation_of_that_name():
    host, school = make_organisation("host"), make_organisation("school", kind="university")

    programme = make_programme(text(APPLY), slug="first", by=make_person())

    assert {p.key: p.organisation for p in programme.parties.all()} == {"host": host, "school": school}


# --- publishing --------------------------------------------------------------------------------------------------


def test_what_is_unbound_is_said_all_at_once_and_refused():
    made = draft(PRIZE)
    bind_party(made.programme, "host", organisations=[])

    with pytest.raises(Flawed) as flawed:
        publish(made.programme)

    told = [error["en"] for error in flawed.value.facts["errors"]]
    assert preview_step(made.programme, "publish").refusals == [
        Text(ko=error["ko"], en=error["en"]) for error in flawed.value.facts["errors"]
    ]
    assert len(told) == 2
    assert ("prize" in told[0], told[1]) == (True, "host: organisations needed 1, named 0.")


def test_a_draft_is_completed_and_then_frozen():
    made = draft(PRIZE)
    bind_values(made.programme, {"prize": 500})
    publish(made.programme)

    assert made.programme.published_at is not None
    assert refusal(bind_values, made.programme, {"prize": 900}) == "programme.frozen"
    assert refusal(bind_party, made.programme, "host", organisations=[]) == "programme.frozen"


def test_nothing_is_bound_that_is_not_to_be_bound():
    made = draft(PRIZE)

    for wrong, code in (({"bonus": 1}, "BP902"), ({"prize": "much"}, "BP103")):
        with pytest.raises(Flaws) as flawed:
            bind_values(made.programme, wrong)
        assert [flaw.code for flaw in flawed.value.flaws] == [code]
    assert refusal(bind_party, made.programme, "sponsor", organisations=[]) == "party.unknown"


# --- the steps of its life ---------------------------------------------------------------------------------------


def test_a_programme_walks_its_map():
    made = draft(APPLY)
    programme = made.programme

    walked = [publish(programme).state, open_programme(programme).state, run(programme).state]
    walked += [open_programme(programme).state, close(programme).state]

    assert walked == ["published", "open", "running", "open", "closed"]
    assert refusal(open_programme, programme) == "state.move"


@pytest.mark.parametrize("step", [open_programme, run, close])
def test_a_draft_is_published_first(step):
    assert refusal(step, draft(APPLY).programme) == "state.move"


def test_nobody_enters_what_is_published_and_not_yet_open():
    made = draft(APPLY)
    publish(made.programme)

    assert refusal(enter, made.programme, "apply", person=make_person()) == "programme.not-open"


def test_what_a_stage_shares_is_at_disposal_once_from_the_opening():
    found = live(SHARED)
    run(found.programme)

    open_programme(found.programme)

    assert [(p.type, p.amount, p.unit, p.turn) for p in Provided.objects.all()] == [("compute", 8, "gpu-hour", None)]


def test_closing_is_refused_while_work_awaits_its_verdict():
    found = live(exam("{decide: {role: head}}"))
    found.scored(1)

    with pytest.raises(Refused) as refused:
        close(found.programme)

    assert (refused.value.code, refused.value.facts) == ("programme.awaited", {"awaited": 1})


def test_closing_ends_the_turns_their_cases_and_what_was_at_their_disposal():
    found = live(APPLY[:-1] + ", provides: [{type: data, from: host, per: unit}]}")
    turn = found.enter()
    told = preview_step(found.programme, "close").effects[0].en

    close(found.programme)

    assert told == "1 turns still under way end. This cannot be undone."
    assert (found.states("apply"), found.again(turn).case.state) == (["withdrawn"], "ended")
    assert Provided.objects.get().state == "closed"


def test_a_step_that_does_not_exist_is_refused():
    assert refusal(preview_step, draft(APPLY).programme, "pause") == "programme.step"


# --- windows -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "when", [{"from": "2027-13-01"}, {"until": "2027-01-01"}, {"for": "2x"}, {"to": "nowhere.due"}]
)
def test_a_window_must_be_one_that_could_stand_in_the_blueprint(when):
    found = live(APPLY)

    with pytest.raises(Flaws):
        set_window(found.programme, "apply", when)

    assert found.programme.windows == {}


def test_windows_are_set_of_stages_that_are_there_while_the_programme_lives():
    found = live(APPLY)
    assert refusal(set_window, found.programme, "nowhere", {"to": "2099-01-01"}) == "stage.unknown"
    close(found.programme)

    assert refusal(set_window, found.programme, "apply", {"to": "2099-01-01"}) == "programme.closed"
