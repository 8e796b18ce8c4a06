"""Holders hear what becomes of their credentials: issued, suspended, good again, revoked, near its end."""

from uuid import UUID

from django.conf import settings

from dure.core.events import on
from dure.core.moments import day_text
from dure.core.text import Text
from dure.credentials.events import (
    CredentialEnds,
    CredentialIssued,
    CredentialReinstated,
    CredentialRevoked,
    CredentialSuspended,
)
from dure.credentials.models import Credential
from dure.credentials.queries import may_be_asked_anew
from dure.people.days import day_of
from dure.people.models import NoticeKind
from dure.people.operations import Letter, tell, write_to

ISSUED = Text(ko="‘{name}’ 자격이 발급되었습니다.", en="You were issued a credential: {name}.")


def _letter(ko: str, en: str) -> Letter:
    """The same sentence on the page, in the subject and, with the reason, in the letter."""
    body = Text(ko=f"{ko}\n사유: {{reason}}\n\n{{link}}\n", en=f"{en}\nReason: {{reason}}\n\n{{link}}\n")
    return Letter(NoticeKind.CREDENTIAL, Text(ko=ko, en=en), Text(ko=f"[두레] {ko}", en=f"[Dure] {en}"), body)


SUSPENDED = _letter("‘{name}’ 자격이 일시 정지되었습니다.", "Your credential {name} is suspended.")
REINSTATED = _letter("‘{name}’ 자격이 다시 유효합니다.", "Your credential {name} holds again.")
REVOKED = _letter("‘{name}’ 자격이 취소되었습니다.", "Your credential {name} was revoked.")
_END = Text(ko="‘{name}’ 자격의 유효 기간이 {when}에 끝납니다.", en="Your credential {name} ends on {when}.")


def _ending(ko: str, en: str) -> Letter:
    """The same news with what can be done about it."""
    subject = Text(ko="[두레] ‘{name}’ 자격의 유효 기간이 곧 끝납니다", en="[Dure] Your credential {name} ends soon")
    body = Text(ko=f"{_END.ko}\n{ko}\n\n{{link}}\n", en=f"{_END.en}\n{en}\n\n{{link}}\n")
    return Letter(NoticeKind.CREDENTIAL, _END, subject, body)


RENEWABLE = _ending("아래에서 갱신을 신청할 수 있습니다.", "Ask for its renewal here:")
ENDS = _ending(
    "발급 기관에서 더 이상 수여하지 않는 자격이라 갱신할 수 없습니다.",
    "It is awarded no more, so it cannot be renewed.",
)


@on(CredentialIssued)
def tell_of_issuing(fact: CredentialIssued) -> None:
    """On their pages alone: ten thousand may be signed at once, and what they are for is told by letter."""
    held = _held(fact.credential)
    if held.person.is_active and not settings.SCRATCH:
        text = ISSUED.format(name=held.name)
        tell([held.person_id], kind=NoticeKind.CREDENTIAL, text=text, path=_path(held))


@on(CredentialSuspended)
def tell_of_suspending(fact: CredentialSuspended) -> None:
    _tell(fact.credential, SUSPENDED)


@on(CredentialReinstated)
def tell_of_reinstating(fact: CredentialReinstated) -> None:
    _tell(fact.credential, REINSTATED)


@on(CredentialRevoked)
def tell_of_revoking(fact: CredentialRevoked) -> None:
    _tell(fact.credential, REVOKED)


@on(CredentialEnds)
def tell_of_end(fact: CredentialEnds) -> None:
    held = _held(fact.credential)
    letter = RENEWABLE if may_be_asked_anew(held) else ENDS
    if held.valid_until:
        told = {"name": held.name, "when": day_text(day_of(held.valid_until))}
        write_to([held.person], letter, path=_path(held), **told)


def _tell(credential: UUID, letter: Letter) -> None:
    held = _held(credential)
    write_to([held.person], letter, path=_path(held), name=held.name, reason=held.reason)


def _held(credential: UUID) -> Credential:
    return Credential.objects.select_related("person", "version__achievement", "achievement").get(pk=credential)


def _path(held: Credential) -> str:
    return f"/me/credentials/{held.pk}/"
