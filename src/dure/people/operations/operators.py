"""What the platform's operators do with accounts: close and open them, lift a lost second factor, share the office.

Each raises Forbidden("operator.not") where ``by`` is none (any more), Refused("operator.self") for one's own account:
so one operator is always left, whatever two of them do at the same time.
"""

from allauth.mfa.models import Authenticator
from django.db import transaction

from dure.audit.operations import record
from dure.core.errors import Forbidden, Refused
from dure.core.text import Text
from dure.people.models import NoticeKind, Person
from dure.people.operations.accounts import register
from dure.people.operations.checks import mail_address
from dure.people.operations.notices import tell
from dure.people.operations.sessions import end_sessions

NOT_OPERATOR = Text(
    ko="플랫폼 운영자만 할 수 있습니다. 운영자에게 요청하세요.",
    en="Only operators of the platform can do this. Ask one of them.",
)
ONESELF = Text(
    ko="자신의 계정에는 할 수 없습니다. 다른 운영자에게 요청하세요.",
    en="Nobody does this to their own account. Ask another operator.",
)
CLOSED = Text(ko="정지된 계정입니다. 먼저 계정을 다시 여세요.", en="This account is closed. Open it again first.")
UNCHANGED = Text(ko="이미 그렇게 되어 있습니다. 화면을 새로 고치세요.", en="It is so already. Reload the page.")
LIFTED = Text(
    ko="운영자가 2단계 인증을 해제했습니다. 다음에 로그인한 뒤 다시 설정하세요.",
    en="An operator removed your second factor. Set it up again after signing in.",
)


@transaction.atomic
def deactivate(person: Person, *, by: Person) -> Person:
    """Nobody signs in to the account until it is opened again; what was done with it stays. Ends its sessions."""
    _set(person, by, "is_active", to=False)
    end_sessions(person, but="")
    record("person.deactivated", person)
    return person


@transaction.atomic
def reactivate(person: Person, *, by: Person) -> Person:
    """Open a closed account again. An erased one has nobody to open it for."""
    if person.forgotten_at is not None:
        sentence = Text(
            ko="개인정보를 지운 계정은 다시 열 수 없습니다. 새로 가입해야 합니다.",
            en="An erased account cannot be opened again. The person has to sign up anew.",
        )
        raise Refused("person.forgotten", sentence)
    _set(person, by, "is_active", to=True)
    record("person.reactivated", person)
    return person


@transaction.atomic
def make_operator(person: Person, *, by: Person) -> Person:
    """Let them run the platform. Only an account that is open."""
    if not person.is_active:
        raise Refused("person.closed", CLOSED)
    _set(person, by, "is_staff", to=True)
    record("person.made-operator", person)
    return person


@transaction.atomic
def appoint_operator(email: str, *, name: str, password: str) -> tuple[Person, bool]:
    """Let somebody run the platform, on the word of whoever has the shell of this server.

    Returns the person and whether the account is new; only then ``password`` opens it. Raises Flawed for an address
    that is none, Refused("person.closed").
    """
    known = Person.objects.filter(email=mail_address(email)).first()
    if known is None:
        return register(email, name=name, password=password, verified=True, operator=True), True
    if not known.is_active:
        raise Refused("person.closed", CLOSED)
    if not known.is_staff:
        known.is_staff = True
        known.save(update_fields=["is_staff"])
        record("person.made-operator", known)
    return known, False


@transaction.atomic
def end_operator(person: Person, *, by: Person) -> Person:
    """They run the platform no more."""
    _set(person, by, "is_staff", to=False)
    record("person.operator-ended", person)
    return person


@transaction.atomic
def reset_second_factor(person: Person, *, by: Person) -> int:
    """Remove every second factor and sign all devices out, for somebody who lost theirs; they are told.

    Returns how many were removed. Raises Refused("person.no-factor") where there is none.
    """
    _check(person, by)
    removed, _ = Authenticator.objects.filter(user=person).delete()
    if not removed:
        raise Refused("person.no-factor", UNCHANGED)
    end_sessions(person, but="")
    record("person.second-factor-reset", person, after={"removed": removed})
    tell([person.pk], kind=NoticeKind.ACCOUNT, text=LIFTED, path="/me/account/security/")
    return removed


def _set(person: Person, by: Person, field: str, *, to: bool) -> None:
    _check(person, by)
    if not Person.objects.filter(pk=person.pk, **{field: not to}).update(**{field: to}):
        raise Refused("person.unchanged", UNCHANGED)
    setattr(person, field, to)


def _check(person: Person, by: Person) -> None:
    """Under a lock on all operators, so that of two who end each other's office only one does."""
    operators = Person.objects.select_for_update().filter(is_staff=True, is_active=True).order_by("pk")
    if by.pk not in {operator.pk for operator in operators}:
        raise Forbidden("operator.not", NOT_OPERATOR)
    if person.pk == by.pk:
        raise Refused("operator.self", ONESELF)
