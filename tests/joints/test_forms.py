"""The form joint: drawn from the blueprint, prefilled, handed in as it is sent, known from then on."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from dure.applications.models import ApplicationState
from dure.applications.operations import attach, save, send
from dure.applications.queries import sources, standing
from dure.core import clock
from dure.core.errors import Flawed, Missing, Refused
from dure.core.text import Text
from dure.joints.gates.decide import decide
from dure.joints.models import FormTurn
from dure.joints.stages.forms import EARLIER, SOURCES, FormStage, application_of, file_of
from dure.joints.stages.recorded import confirm_fee, record_evidence
from dure.people.models import Source
from dure.people.operations import form_team, join_team, state_fact
from dure.people.queries import history_of, known
from dure.programmes.models import Turn, TurnState
from dure.programmes.operations.entering import accept, enter, offer
from dure.programmes.operations.handing import try_again
from dure.programmes.operations.judging import judge_handed_in
from dure.programmes.operations.publishing import set_window
from tests.factories import make_organisation, make_person
from tests.joints.small_programme import ANSWERS, SOURCE, entered, holder, make_small, seated

pytestmark = pytest.mark.django_db
PDF = [b"%PDF-1.7 transcript"]
SEOUL = ZoneInfo("Asia/Seoul")


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def programme(db):
    return make_small()


def fill(turn, answers=ANSWERS, *, files=("transcript",)):
    """Answer and attach as the holder; returns the application and the holder."""
    person = holder(turn)
    application = application_of(turn, by=person)
    save(application, answers=answers, version=application.version, by=person)
    for wanted in files:
        attach(application, wanted, content=PDF, name="성적.pdf", by=person)
    return application, person


def sent(turn, **filled):
    application, person = fill(turn, **filled)
    receipt = send(application, version=application.version, by=person)
    turn.refresh_from_db()
    return receipt


def decided(turn, programme, *, yes=True):
    """What a head says is judged at once."""
    decide(turn, 0, by=seated(programme, "head"), yes=yes, reason="because")
    judge_handed_in(programme, turn.stage)
    turn.refresh_from_db()
    return turn


def test_the_form_asks_what_the_blueprint_asks_in_both_languages(programme):
    turn = entered(programme)

    form = application_of(turn, by=holder(turn)).form

    assert {q.name: (q.type, q.label.ko, [c.label.ko for c in q.choices]) for q in form.asked} == {
        "motive": ("text", "지원 동기", []),
        "degree": ("text", "degree", []),
        "gpa": ("number", "gpa", []),
        "start": ("date", "start", []),
        "ready": ("yes-no", "ready", ["예", "아니요"]),
        "skills": ("words", "skills", []),
        "track": ("choice", "track", ["인공지능", "데이터"]),
    }
    assert [(w.name, w.label) for w in form.wanted] == [("transcript", Text(ko="성적 증명서", en="Transcript"))]


def test_equal_forms_are_one_however_many_fill_them_in(programme):
    turns = [entered(programme) for _ in range(3)]

    assert len({application_of(turn, by=holder(turn)).form_id for turn in turns}) == 1


def test_sending_hands_the_turn_in_with_typed_evidence(programme):
    turn = entered(programme)

    receipt = sent(turn)

    assert turn.state == TurnState.HANDED_IN
    assert turn.handed_in_at == receipt.received_at
    assert turn.evidence.values == {**ANSWERS, "files": 1}
    assert (turn.evidence.via, turn.evidence.recorded_by) == ("form", holder(turn))
    assert FormTurn.objects.get(turn=turn).receipt == receipt


def test_what_is_missing_or_wrong_is_listed_and_nothing_is_handed_in(programme):
    turn = entered(programme)
    application, person = fill(turn, {"motive": "…", "gpa": "high", "track": "sports"}, files=())

    with pytest.raises(Flawed) as refusal:
        send(application, version=application.version, by=person)

    assert {flaw["field"] for flaw in refusal.value.facts["errors"]} == {
        "degree", "gpa", "start", "ready", "skills", "track", "transcript",
    }  # fmt: skip
    turn.refresh_from_db()
    assert turn.state == TurnState.OPEN


def test_until_the_deadline_a_newer_sending_replaces_the_older(programme):
    turn = entered(programme)
    first = sent(turn)

    second = sent(turn, answers={"motive": "more"}, files=())

    assert turn.evidence.values["motive"] == "more"
    assert (second.number, turn.handed_in_at) == (first.number + 1, second.received_at)


def test_sending_what_has_not_changed_keeps_the_place_in_the_queue(programme):
    turn = entered(programme)
    first = sent(turn)
    stood = turn.evidence_id, turn.handed_in_at

    again = sent(turn, files=())

    assert again == first
    assert (turn.evidence_id, turn.handed_in_at) == stood


def test_the_deadline_of_the_turn_is_the_deadline_of_its_form(programme):
    turn = entered(programme)
    person = holder(turn)
    noon = clock.now() + timedelta(days=1)

    set_window(programme, "apply", {"to": noon.isoformat(timespec="seconds")})
    turn.refresh_from_db()
    application, _ = fill(turn)
    with clock.at(noon + timedelta(seconds=1)), pytest.raises(Refused) as refusal:
        send(application_of(turn, by=person), version=application.version, by=person)
    set_window(programme, "apply", {"to": (noon + timedelta(days=1)).isoformat(timespec="seconds")})
    turn.refresh_from_db()
    with clock.at(noon + timedelta(seconds=1)):
        send(application_of(turn, by=person), version=application.version, by=person)

    assert refusal.value.code == "application.closed"
    turn.refresh_from_db()
    assert turn.state == TurnState.HANDED_IN


def test_after_a_verdict_nothing_more_is_handed_in(programme):
    turn = entered(programme)
    sent(turn)
    decided(turn, programme, yes=False)
    application, person = fill(turn, {"motive": "changed"}, files=())

    with pytest.raises(Refused) as refusal:
        send(application, version=application.version, by=person)

    assert refusal.value.code == "turn.not-open"
    application.refresh_from_db()
    assert application.sendings == 1


def test_where_one_may_try_again_the_same_answers_can_be_sent_again():
    programme = make_small("again", SOURCE.replace("  - id: plan", "    else: again\n  - id: plan"))
    turn = entered(programme)
    first = sent(turn)
    decided(turn, programme, yes=False)
    try_again(turn)

    again = sent(turn, files=())

    assert (again, turn.state) == (first, TurnState.HANDED_IN)
    assert turn.handed_in_at > first.received_at


def test_what_is_known_stands_in_the_draft_with_its_source(programme):
    person = make_person()
    state_fact(person, "degree", "master", source=Source.OPERATOR)
    state_fact(person, "gpa", "not a number", source=Source.ASKED)

    turn = enter(programme, "apply", person=person)

    application = application_of(turn, by=person)
    assert application.answers == {"degree": "master"}
    assert sources(application) == {"degree": SOURCES["operator"]}
    assert {flaw["field"] for flaw in standing(application)[1]} >= {"gpa", "motive"}


def test_earlier_answers_of_this_programme_stand_in_later_forms(programme):
    turn = entered(programme)
    sent(turn)
    decided(turn, programme)

    later = Turn.objects.get(stage="plan")
    application = application_of(later, by=holder(turn))

    assert application.answers == {"motive": ANSWERS["motive"], "degree": "bachelor"}
    assert sources(application) == dict.fromkeys(
        ["motive", "degree"], EARLIER.format(stage=Text(ko="지원", en="Application"))
    )


def test_a_changed_answer_has_no_source_any_more(programme):
    person = make_person()
    state_fact(person, "degree", "master", source=Source.ASKED)
    turn = enter(programme, "apply", person=person)

    application, _ = fill(turn, {"degree": "doctor"}, files=())

    assert sources(application) == {}


def test_what_somebody_says_of_themselves_is_known_from_then_on(programme):
    turn = entered(programme)
    person = holder(turn)

    sent(turn)
    sent(turn, answers={"motive": "again"}, files=())

    found = known([person.pk], ["degree", "motive"], on=clock.now().astimezone(SEOUL).date())
    assert {name: (k.value, k.source) for name, k in found[person.pk].items()} == {"degree": ("bachelor", "asked")}
    assert history_of(person, "degree").count() == 1


TEAMS = """
blueprint: teams
title: {en: Teams, ko: 팀}
subject: team
parties: {host: {kind: company}}
roles: {head: {at: host, can: [decide]}}
stages:
  - {id: apply, kind: form, entry: open, team: {min: 2, max: 3}, do: {ask: [degree, topic]}}
  - {id: plan, kind: form, do: {ask: [topic]}}
"""


def team_of_two():
    one, two = make_person(), make_person()
    team = form_team("Alpha", captain=one)
    return join_team(team, person=two), one, two


def test_every_member_of_a_team_fills_in_the_one_form_and_nobody_reads_a_mates_profile():
    team, one, two = team_of_two()
    state_fact(one, "degree", "master", source=Source.ASKED)
    programme = make_small("teams", TEAMS)

    turn = enter(programme, "apply", person=one, team=team)

    application = application_of(turn, by=two)
    assert application.answers == {}
    save(application, answers={"degree": "two masters"}, version=1, by=one)
    save(application, answers={"topic": "vision"}, version=2, by=two)
    send(application, version=3, by=two)
    turn.refresh_from_db()
    assert {row.person for row in turn.evidence.showings.all()} == {one, two}
    assert not history_of(two, "degree").exists()
    judge_handed_in(programme, "apply")
    later = application_of(Turn.objects.get(stage="plan"), by=two)
    assert later.answers == {"topic": "vision"}


ORGANISATIONS = """
blueprint: orgs
title: {en: Organisations, ko: 기관}
subject: org
parties: {host: {kind: company}}
stages:
  - {id: join, kind: form, entry: open, do: {ask: [kind, {staff: number}, contact]}}
"""


def test_for_an_organisation_whoever_entered_it_fills_in_and_its_entry_is_known():
    person, organisation = make_person(), make_organisation(kind="sme", staff=40)
    programme = make_small("orgs", ORGANISATIONS)

    turn = enter(programme, "join", person=person, organisation=organisation)

    application = application_of(turn, by=person)
    assert application.answers == {"kind": "sme", "staff": 40}
    assert list(application.holders.all()) == [person]


def test_who_accepted_an_invitation_fills_in_the_form():
    programme = make_small("invited", SOURCE.replace("entry: open", "entry: invite"))
    guest = make_person()

    turn = accept(offer(programme, "apply", to=guest, by=programme.made_by))

    assert list(application_of(turn, by=guest).holders.all()) == [guest]


def test_an_operator_can_still_enter_it_for_somebody(programme):
    turn = entered(programme)

    record_evidence(turn, {**ANSWERS, "files": 1}, by=programme.made_by)

    turn.refresh_from_db()
    assert (turn.state, turn.evidence.via) == (TurnState.HANDED_IN, "recorded")
    assert application_of(turn, by=holder(turn)).state == ApplicationState.DRAFT


def test_a_fee_is_paid_before_the_form_is_handed_in():
    programme = make_small("fee", SOURCE.replace("attach: [transcript]", "attach: [transcript]\n      fee: 30000"))
    turn = entered(programme)

    with pytest.raises(Refused) as refusal:
        sent(turn)
    confirm_fee(turn, by=programme.made_by, reference="bank 1")
    application = application_of(turn, by=holder(turn))
    send(application, version=application.version, by=holder(turn))

    assert refusal.value.code == "turn.fee"
    turn.refresh_from_db()
    assert turn.state == TurnState.HANDED_IN


def test_files_and_forms_are_seen_by_the_holder_and_by_those_with_a_say_and_by_nobody_else(programme):
    turn, other = entered(programme), entered(programme)
    application, person = fill(turn)
    attachment = application.attachments.get()
    people = {
        "holder": person,
        "operator": programme.made_by,
        "head": seated(programme, "head"),
        "other applicant": holder(other),
        "stranger": make_person(),
    }

    may = set()
    for name, somebody in people.items():
        try:
            assert file_of(attachment.pk, by=somebody).path.read_bytes() == b"".join(PDF)
            assert application_of(turn, by=somebody) == application
            may.add(name)
        except Missing:
            with pytest.raises(Missing):
                application_of(turn, by=somebody)

    assert may == {"holder", "operator", "head"}


def test_many_drafts_open_with_a_bounded_number_of_queries(programme, django_assert_max_num_queries):
    turns = [entered(programme) for _ in range(12)]
    FormTurn.objects.all().delete()

    with django_assert_max_num_queries(16):
        FormStage().open(turns)

    assert FormTurn.objects.count() == 12
