"""Accounts: people come, say who they are, and go."""

from collections.abc import Collection
from datetime import date

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from dure.audit.operations import erase_texts, record
from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.jobs.forgetting import forget_mail
from dure.people.days import today, zone_names
from dure.people.events import PersonForgotten, PersonRegistered
from dure.people.models import Answer, Invitation, InvitationState, Person, Relation
from dure.people.operations.checks import mail_address, once
from dure.people.operations.teams import leave_team
from dure.people.queries import teams_of, verified_emails_of

_TAKEN = Text(
    ko="이미 가입된 이메일입니다. 로그인하거나 비밀번호를 재설정하세요.",
    en="This email already has an account. Sign in, or reset the password.",
)


@transaction.atomic
def register(
    email: str,
    *,
    name: str = "",
    password: str | None = None,
    verified: bool = False,
    birth_date: date | None = None,
    language: str = "",
    operator: bool = False,
) -> Person:
    """Make an account; whoever comes through the sign-up page gets theirs from there.

    ``verified``: the caller vouches for the address. Without a password the first sign-in goes through
    "forgotten password". Raises Flawed("person.email"), Refused("person.exists").
    """
    address = mail_address(email)
    with once("person.exists", _TAKEN):
        person = Person.objects.create_user(address, password, name=name, birth_date=birth_date, is_staff=operator)
        EmailAddress.objects.create(user=person, email=address, primary=True, verified=verified)
    return introduce(person, name=name, language=language)


@transaction.atomic
def introduce(person: Person, *, name: str, language: str = "") -> Person:
    """Write down who a new account belongs to, and tell that they are here."""
    person.name, person.language = name.strip(), language
    person.save(update_fields=["name", "name_key", "language"])
    record("person.registered", person, after={"email": person.email, "name": person.name}, actor=person)
    publish(PersonRegistered(person.pk))
    return person


@transaction.atomic
def change_person(person: Person, **changes: str | date | None) -> Person:
    """Change what people say of themselves: ``name``, ``birth_date``, ``language``, ``zone``."""
    unknown = changes.keys() - {"name", "birth_date", "language", "zone"}
    if unknown:
        raise TypeError(f"not for change_person: {', '.join(sorted(unknown))}")
    birth = changes.get("birth_date")
    if isinstance(birth, date) and birth > today():
        sentence = Text(
            ko="생년월일이 오늘보다 늦습니다. 날짜를 확인하세요.", en="This birth date is yet to come. Check the date."
        )
        raise Flawed("person.birth-date", sentence)
    _check_zone(str(changes.get("zone") or ""))
    before = {name: getattr(person, name) for name in changes}
    for name, value in changes.items():
        setattr(person, name, value)
    person.save(update_fields=[*changes, "name_key"])
    record("person.changed", person, before=before, after=changes)
    return person


def _check_zone(zone: str) -> None:
    if zone and zone not in zone_names():
        sentence = Text(
            ko="‘{zone}’ 시간대는 없습니다. Asia/Seoul 같은 이름을 고르세요.",
            en="There is no time zone {zone}. Choose a name such as Asia/Seoul.",
        )
        raise Flawed("person.zone", sentence.format(zone=zone), zone=zone)


@transaction.atomic
def forget(person: Person) -> Person:
    """Erase what is personal, for good. The empty account stays, so that what others did with it stays whole.

    Other rooms hear PersonForgotten and erase what they keep. Raises Refused("person.forgotten") the second time.
    """
    if not Person.objects.filter(pk=person.pk, forgotten_at=None).update(forgotten_at=clock.now()):
        sentence = Text(ko="이미 개인정보를 지운 계정입니다.", en="This account has already been erased.")
        raise Refused("person.forgotten", sentence)
    emails = _own_emails(person)
    for team in teams_of(person):
        leave_team(team, person=person, erased=True)
    forget_mail(emails | {person.email})
    _forget_belongings(person, emails)
    _close(person)
    erase_texts(person)
    record("person.forgotten", person)
    publish(PersonForgotten(person.pk, emails))
    return person


def _own_emails(person: Person) -> frozenset[str]:
    """Not one that they signed up with and never showed to be theirs: what is kept of it may be somebody else's."""
    claimed = EmailAddress.objects.filter(user=person, verified=False).values_list("email", flat=True)
    return frozenset(verified_emails_of(person) | {person.email} - {*claimed})


def _forget_belongings(person: Person, emails: Collection[str]) -> None:
    """What was said of them and who invited them goes; that they belonged somewhere stays, without its details."""
    person.known_facts.all().delete()
    person.notices.all().delete()
    person.muted.all().delete()
    for export in person.exports.all():
        export.file.unlink(missing_ok=True)
        export.delete()
    Relation.objects.filter(one=person).delete()
    Relation.objects.filter(other=person).delete()
    day = today()
    person.memberships.filter(since__gt=day).delete()
    person.memberships.on(day).update(until=day)
    person.memberships.update(department="", team="", title="")
    person.api_tokens.update(name="")
    Answer.objects.filter(person=person).delete()
    letters = Invitation.objects.filter(email__in=emails)
    letters.filter(state=InvitationState.PENDING).update(state=InvitationState.WITHDRAWN)
    letters.update(email=_nobody(person))


def _close(person: Person) -> None:
    """No way in is left: address, password, second factor, keys; sessions end with the password."""
    EmailAddress.objects.filter(user=person).delete()
    Authenticator.objects.filter(user=person).delete()
    SocialAccount.objects.filter(user=person).delete()
    person.api_tokens.filter(revoked_at=None).update(revoked_at=clock.now())
    person.refresh_from_db()
    person.set_unusable_password()
    person.email, person.is_active, person.is_staff, person.is_superuser = _nobody(person), False, False, False
    person.name, person.birth_date, person.language, person.zone = "", None, "", ""
    person.save()


def _nobody(person: Person) -> str:
    return f"forgotten-{person.pk}@nobody.invalid"
