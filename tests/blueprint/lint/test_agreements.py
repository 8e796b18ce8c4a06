"""BP911, BP912 and what else an agreement can get wrong."""

import pytest

from tests.blueprint.marked import apply, assert_flaws_as_marked, blueprint, library_of, then

GIVES = "gives: [{money: {type: pay, from: lead, amount: 1}}]"
LIBRARY = library_of(
    blueprint(apply(GIVES) + then("id: end", "kind: form")),
    blueprint(apply() + then("id: work", "kind: work", "do: {type: hire}")).replace(
        "blueprint: made", "blueprint: other"
    ),
    "programme: first-2024\nblueprint: other\n",
)


def agreement(duty: str, covers: str = "[made, other]", rest: str = "") -> str:
    return (
        "agreement: a\nkind: mou\nparties:\n  kt: {kind: company}\n  school: {kind: university, bind: true}\n"
        f"covers: {covers}\nduties:\n  - {duty}\n{rest}"
    )


FAULTY = {
    "nobody in the agreement": agreement("{by: ‹BP911›skt, does: help}"),
    "one of several not in the agreement": agreement("{by: [kt, ‹BP911›skt], does: help}"),
    "covers nothing known": agreement("{by: kt, does: help}", "[made, ‹BP912›mode]"),
    "a duty bound later without a name": agreement("‹BP102›{by: kt, does: help, due: bind}"),
    "two duties of one name": agreement("{id: d, by: kt, does: help}\n  - {id: ‹BP107›d, by: kt, does: more}"),
    "no comparison": agreement("{by: kt, does: help, measure: ‹BP702›in(end)}"),
    "not an expression": agreement("{by: kt, does: help, measure: ‹BP701›in(end >= 1}"),
    "no such stage": agreement("{by: kt, does: help, measure: ‹BP203›in(begin) >= 1}"),
    "no such stage of a blueprint": agreement("{by: kt, does: help, measure: ‹BP203›in(other.end) >= 1}"),
    "a stage of two": agreement("{by: kt, does: help, measure: ‹BP203›in(apply) >= 1}"),
    "a stage of a blueprint that is not covered": agreement(
        "{by: kt, does: help, measure: ‹BP204›in(other.apply) >= 1}", "[made]"
    ),
    "money that nobody covered gives": agreement("{by: kt, does: help, measure: ‹BP208›money(pay) >= 1}", "[other]"),
    "hours of what is no work": agreement("{by: kt, does: help, measure: ‹BP703›hours(end) >= 1}"),
    "no date": agreement("{by: kt, does: help, due: ‹BP601›soon}"),
    "signed on no date": agreement("{by: kt, does: help}", rest="signed: ‹BP601›2024-31-12\n"),
    "binds what is not open": agreement("{by: kt, does: help}", rest="bind: {‹BP902›kt: KT}\n"),
    "binds too many": agreement("{by: kt, does: help}", rest="bind: {school: ‹BP903›[A, B]}\n"),
    "binds no date": agreement("{id: d, by: kt, does: help, due: bind}", rest="bind: {d.due: ‹BP601›soon}\n"),
}


@pytest.mark.parametrize("text", FAULTY.values(), ids=FAULTY)
def test_agreement_that_cannot_be_kept_is_refused(text):
    assert_flaws_as_marked(text, LIBRARY)


NEAR_MISSES = {
    "a draft": agreement("{id: d, by: school, does: help, due: bind}"),
    "everything bound": agreement(
        "{id: d, by: school, does: help, due: bind}", rest="bind: {school: KAIST, d.due: 2024-12-31}\n"
    ),
    "covers a programme": agreement("{by: kt, does: hire, measure: pass(other.work) >= 1}", "[first-2024]"),
    "a bare stage of one": agreement("{by: kt, does: help, measure: in(end) + in(work) >= 1}"),
    "a stage of each": agreement("{by: kt, does: help, measure: in(made.apply) > in(other.apply)}"),
    "money of any covered": agreement("{by: kt, does: help, measure: money(pay) >= 1}"),
    "no duties": "agreement: a\nkind: mou\nparties: {kt: {kind: company}}\ncovers: [made]\nsigned: 2023\nfor: 3y\n",
}


@pytest.mark.parametrize("text", NEAR_MISSES.values(), ids=NEAR_MISSES)
def test_agreement_that_can_be_kept_is_sound(text):
    assert_flaws_as_marked(text, LIBRARY)


def test_what_an_unread_blueprint_gives_is_not_judged():
    text = agreement("{by: kt, does: help, measure: money(prize) >= in(far)}", "[made, ‹BP912›gone]")
    assert_flaws_as_marked(text, LIBRARY)
