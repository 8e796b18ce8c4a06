"""Who is forgotten is named nowhere any more, but where the law keeps it: their payments."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db.models import Model

from dure.applications.models import Application, Attachment, Form, Receipt
from dure.audit.operations import record, seal
from dure.audit.queries import verify
from dure.challenges.models import Entrant, Submission, Upload
from dure.challenges.operations import enter
from dure.core import clock
from dure.core.text import Text
from dure.funding.models import Payment
from dure.funding.operations import cancel, commit, open_fund
from dure.funding.promises import Due, Promise
from dure.jobs.operations import send_mail
from dure.joints.models import Proof, Review, Say
from dure.people.days import today
from dure.people.operations import forget, issue_token
from dure.programmes.models import Approach, Decision, Given, Offer, Shortlisted, Turn
from dure.skills.models import Evidence
from tests.challenges.conftest import make_task
from tests.factories import make_organisation, make_person
from tests.programmes.build import live

pytestmark = pytest.mark.django_db
NAME = "카나리아"
STAGES = "- {id: apply, kind: form, entry: open, do: {ask: [motive, years: number]}, gate: [{decide: {role: head}}]}"


def _named() -> set[str]:
    """Every column of every table in which the name stands, bytes and JSON read as text."""
    return {column for model in apps.get_models() for column in _columns(model)}


def _columns(model: type[Model]) -> Iterator[str]:
    for row in model._default_manager.values():
        for column, value in row.items():
            text = bytes(value).decode(errors="replace") if isinstance(value, bytes | memoryview) else str(value)
            if NAME in text or "canary@" in text:
                yield f"{model._meta.label}.{column}"


@pytest.fixture
def told():
    """Somebody about whom much was written, alone and in a team with another."""
    case = live(STAGES)
    person, other = make_person("canary@example.org", name=NAME), case.operator
    turn = case.enter_and_hand_in("apply", by=person, motive=f"{NAME}입니다", years=3)
    case.say(turn, yes=False, reason=f"{NAME}님은 경험이 부족합니다")
    said = Say.objects.get()
    evidence = turn.evidence
    Say.objects.update(reason_en=f"{NAME} is too new")
    Turn.objects.filter(pk=turn.pk).update(title=NAME)
    Decision.objects.filter(turn=turn).update(reason_ko=NAME, facts={"who": NAME})
    proof = Proof.objects.create(
        turn=turn, step=1, evidence=evidence, reference=NAME, entered_by=other, note=NAME, file_name=f"{NAME}.pdf"
    )
    record("proof.entered", proof, after={"reference": NAME})
    Review.objects.create(
        turn=turn, step=0, evidence=evidence, slot=0, reviewer=other, role="judge", comment=NAME, conflict=NAME
    )
    Given.objects.create(
        programme=case.programme,
        turn=turn,
        stage="apply",
        index=0,
        kind="credential",
        name="badge",
        person=person,
        details={"note": NAME},
    )
    Offer.objects.create(programme=case.programme, stage="apply", person=person, by=other, note=NAME)
    Shortlisted.objects.create(programme=case.programme, person=person, by=other, note=NAME)
    Approach.objects.create(
        programme=case.programme, person=person, by=other, text=NAME, reply_to="r@example.org", day=today()
    )
    send_mail(to=person.email, subject=Text(ko=NAME, en=NAME), body=Text(ko=NAME, en=NAME), language="ko")
    issue_token(person, name=NAME)
    application = Application.objects.create(
        form=Form.objects.create(sha256="0" * 64), answers={"motive": NAME}, prefilled={"name": {"value": NAME}}
    )
    application.holders.add(person)
    Receipt.objects.create(
        application=application,
        number=1,
        answers={"motive": NAME},
        files={"cv": NAME},
        sha256="",
        sent_by=person,
        received_at=clock.now(),
    )
    Attachment.objects.create(
        application=application, wanted="cv", name=f"{NAME}.pdf", kind="pdf", size=1, sha256="", attached_by=person
    )
    fund = open_fund(make_organisation(), name="Prizes", amount=10)
    payment = commit(fund, Promise("prize", "prize", 10, (Due(person, 10, today()),))).payments.get()
    cancel(payment, reason=f"{NAME}님이 사양함", by=other)
    return person, said


def test_the_name_of_who_is_forgotten_stands_nowhere_but_in_payments(told) -> None:
    person, _ = told
    before = _named()

    forget(person)

    assert len(before) > 20
    assert _named() == {"funding.Payment.reason"}


def test_who_stood_alone_in_a_round_is_named_there_no_more_and_keeps_the_place() -> None:
    person = make_person("canary@example.org", name=NAME)
    entrant = enter(make_task(), persons=[person], title=NAME)
    upload = Upload.objects.create(name=f"{NAME}.zip", sha256="", size=0)
    Submission.objects.create(
        entrant=entrant,
        number=1,
        by=person,
        upload=upload,
        received_at=clock.now(),
        period="",
        log=f"{NAME}: done",
        command=f"run {NAME}",
    )

    forget(person)

    entrant.refresh_from_db()
    assert (_named(), entrant.title, entrant.submissions.count()) == (set(), "–", 1)


def test_what_a_team_wrote_stays_the_others() -> None:
    person, mate = make_person("canary@example.org", name=NAME), make_person()
    enter(make_task(), persons=[person, mate], title="Alpha")
    form = Form.objects.create(sha256="0" * 64)
    application = Application.objects.create(form=form, answers={"motive": "ours"})
    application.holders.set([person, mate])

    forget(person)

    application.refresh_from_db()
    assert (Entrant.objects.get().title, application.answers) == ("Alpha", {"motive": "ours"})


def test_what_happened_stays_and_the_log_stays_sound(told) -> None:
    person, said = told
    seal()

    forget(person)
    seal()

    said.refresh_from_db()
    assert (said.yes, said.reason, Decision.objects.count()) == (False, "", 1)
    assert Evidence.objects.get(pk=said.evidence_id).values == {"years": 3}
    assert verify().sound
    assert Payment.objects.get().person == person
