"""Consent, stated facts and stated bonds: all are added to, none is overwritten."""

from django.db import transaction

from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.people.events import ConsentAnswered
from dure.people.models import Bond, Consent, KnownFact, Organisation, Person, Relation, Source
from dure.people.operations.checks import named, once, word_of
from dure.people.queries import Value


@transaction.atomic
def give_consent(person: Person, *, purpose: str, scope: str, wording: str = "") -> Consent:
    """Say yes. ``wording`` is the text the person read; ``scope`` the programme, stage or provision it is about.

    Saying it again while it stands changes nothing.
    """
    now = clock.now()
    consent, new = Consent.objects.get_or_create(
        person=person, purpose=purpose, scope=scope, withdrawn_at=None, defaults={"given_at": now, "wording": wording}
    )
    if new:
        _tell(consent, given=True)
    return consent


@transaction.atomic
def withdraw_consent(person: Person, *, purpose: str, scope: str, wording: str = "") -> Consent:
    """Say no, whether or not one has said yes before. It counts from now on, not for what was done until now."""
    now = clock.now()
    answers = Consent.objects.filter(person=person, purpose=purpose, scope=scope)
    ended = answers.filter(withdrawn_at=None).update(withdrawn_at=now)
    if not ended:
        Consent.objects.create(person=person, purpose=purpose, scope=scope, wording=wording, withdrawn_at=now)
    answer = answers.latest("withdrawn_at", "pk")
    _tell(answer, given=False)
    return answer


def _tell(answer: Consent, *, given: bool) -> None:
    told = {"purpose": answer.purpose, "scope": answer.scope}
    record("consent.given" if given else "consent.withdrawn", answer, after=told, about=answer.person)
    publish(ConsentAnswered(answer.person_id, answer.purpose, answer.scope, given))


@transaction.atomic
def state_fact(
    subject: Person | Organisation,
    name: str,
    value: Value,
    *,
    source: Source | str = Source.ASKED,
    by: Person | None = None,
    note: str = "",
) -> KnownFact:
    """Write down what ``source`` says of a person or an organisation (``by``: who typed it in; none: Dure itself).

    Raises Flawed("fact.name", "fact.value" or "fact.source"). Consent is no fact to be stated: ask for it.
    """
    if named(name, code="fact.name") == "consent":
        sentence = Text(
            ko="동의는 본인만 할 수 있습니다. 당사자에게 동의를 요청하세요.",
            en="Only the person can give consent. Ask them for it.",
        )
        raise Flawed("fact.name", sentence, name=name)
    _check_value(value)
    fact = KnownFact.objects.create(
        person=subject if isinstance(subject, Person) else None,
        organisation=subject if isinstance(subject, Organisation) else None,
        name=name,
        value=value,
        source=word_of(Source, source, code="fact.source"),
        recorded_by=by,
        note=note,
    )
    record("fact.stated", fact, after={"name": name, "value": value, "source": fact.source}, about=subject)
    return fact


def _check_value(value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        sentence = Text(
            ko="값은 비어 있지 않은 글이나 정수여야 합니다. 소수는 글로 입력하세요.",
            en="A value is a text that is not empty, or a whole number. Write decimals as text.",
        )
        raise Flawed("fact.value", sentence, value=repr(value))


@transaction.atomic
def state_relation(one: Person, *, to: Person, bond: Bond | str, by: Person | None) -> Relation:
    """State what ``one`` is to the other: their line manager, the teacher of their ``own-student``, family, co-author.

    Raises Flawed("relation.bond" or "relation.self"), Refused("relation.stated") while it stands already.
    """
    word = word_of(Bond, bond, code="relation.bond")
    if one == to:
        sentence = Text(ko="자기 자신과의 관계는 적을 수 없습니다.", en="Nobody has such a relation to themselves.")
        raise Flawed("relation.self", sentence)
    first, second = sorted((one, to), key=lambda person: person.pk) if word.mutual else (one, to)
    with once("relation.stated", Text(ko="이미 적혀 있는 관계입니다.", en="This relation has been stated already.")):
        relation = Relation.objects.create(one=first, other=second, bond=word, stated_by=by)
    record("relation.stated", relation, after={"one": first.pk, "other": second.pk, "bond": word}, about=first)
    return relation


@transaction.atomic
def end_relation(relation: Relation) -> Relation:
    """Take a stated relation back: it counts no longer and stays written. Raises Refused("relation.ended")."""
    now = clock.now()
    if not Relation.objects.filter(pk=relation.pk, ended_at=None).update(ended_at=now):
        raise Refused("relation.ended", Text(ko="이미 끝난 관계입니다.", en="This relation has ended already."))
    relation.ended_at = now
    record("relation.ended", relation)
    return relation
