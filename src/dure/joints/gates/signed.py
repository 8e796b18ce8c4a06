"""Files that prove something: kept on a shelf; a signed credential among them says itself what it is worth."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import PurePath
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings

from dure.core.errors import Flawed
from dure.core.findings import Finding, State
from dure.core.text import Text
from dure.credentials.moments import read
from dure.credentials.reading import MOST_BYTES
from dure.credentials.verifying import Report, verified
from dure.joints.models import Proof, TrustedIssuer
from dure.people.models import Person
from dure.programmes.models import Turn
from dure.programmes.queries.members import members_of
from dure.store.shelves import Received, Shelf

SHELF = Shelf("proofs")
MOST_NAME = 200
TRUSTED = Text(
    ko="이 단계에서 신뢰하기로 한 발급 기관의 자격입니다.", en="Its issuer is one that this stage trusts for it."
)
UNTRUSTED = Text(
    ko="이 단계에서 신뢰하기로 한 발급 기관이나 수여 항목이 아닙니다.",
    en="This stage does not trust its issuer for what it says was achieved.",
)
THEIRS = Text(ko="증빙을 낸 사람에게 발급된 자격입니다.", en="It was issued to the person whose proof it is.")
NOT_THEIRS = Text(
    ko="증빙을 낸 사람에게 발급되었는지 알 수 없습니다. 자격에 적힌 이메일이 계정의 이메일과 다릅니다.",
    en="Nothing in it says that it was issued to this person: the email address in it is not one of theirs.",
)


@dataclass(frozen=True)
class Sent:
    """A file as it came in; ``report``: what it says of itself, where it is a signed credential."""

    file: Received
    name: str
    report: Report | None

    @property
    def calls_itself(self) -> str:
        """A signed one by its id, any other by its name."""
        return str(self.report.document.get("id", self.name)) if self.report else self.name

    @property
    def ends(self) -> datetime | None:
        """The end that a signed one names."""
        until = self.report.document.get("validUntil") if self.report else None
        try:
            return read(str(until)) if until else None
        except ValueError:
            return None


@contextmanager
def received(content: Iterable[bytes], *, name: str) -> Iterator[Sent]:
    """The file on disk, looked at. It belongs before a transaction: an issuer elsewhere is asked over the network.

    Raises TooLarge, Refused("file.empty").
    """
    with SHELF.received(content, most=settings.ATTACHMENT_BYTES) as file:
        plain = PurePath(name.replace("\\", "/")).name[-MOST_NAME:] or "file"
        yield Sent(file, plain, _report(file))


def found_of(sent: Sent, turn: Turn) -> list[Finding]:
    """What is found of a signed credential as a proof for ``turn``; nothing of any other file."""
    if sent.report is None:
        return []
    return [*sent.report.findings, _trust(sent.report.document, turn), _subject(sent.report, turn)]


def holds(findings: Sequence[Finding]) -> bool:
    """Whether nobody need look at it: all is well. An issuer that only names itself is, where the stage trusts it."""
    named = [finding for finding in findings if finding.name != "issuer" or finding.state == State.FAIL]
    return bool(findings) and all(finding.state == State.OK for finding in named)


def sweep() -> int:
    """Remove files that no proof tells of."""
    return SHELF.sweep(lambda: set(Proof.objects.exclude(sha256="").values_list("sha256", flat=True)))


def _report(file: Received) -> Report | None:
    if file.size > MOST_BYTES:
        return None
    try:
        return verified(file.path.read_bytes())
    except Flawed:
        return None


def _trust(document: dict[str, Any], turn: Turn) -> Finding:
    issuer = document.get("issuer")
    did = issuer.get("id") if isinstance(issuer, dict) else issuer
    rows = TrustedIssuer.objects.filter(programme=turn.programme_id, stage=turn.stage, did=str(did))
    trusted = not {"", *_achieved(document)}.isdisjoint(rows.values_list("achievement", flat=True))
    return Finding("trust", State.OK if trusted else State.FAIL, TRUSTED if trusted else UNTRUSTED)


def _achieved(document: dict[str, Any]) -> set[str]:
    """What was achieved, by id and by name."""
    achievement = _subject_of(document).get("achievement")
    told = achievement if isinstance(achievement, dict) else {}
    return {str(told[name]) for name in ("id", "name") if told.get(name)}


def _subject(report: Report, turn: Turn) -> Finding:
    """Whether it says by an email address whose it is; of one issued here that is known."""
    persons = [member.person for member in members_of([turn]) if member.person]
    theirs = len(persons) == 1 and (
        report.ours.person_id == persons[0].pk if report.ours else _names(report.document, persons[0])
    )
    return Finding("subject", State.OK if theirs else State.FAIL, THEIRS if theirs else NOT_THEIRS)


def _names(document: dict[str, Any], person: Person) -> bool:
    verified_ones = EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True)
    emails = {email.lower() for email in verified_ones}
    subject = _subject_of(document)
    listed = subject.get("identifier") or []
    identifiers = [one for one in (listed if isinstance(listed, list) else [listed]) if isinstance(one, dict)]
    hashes = [(str(one.get("identityHash")), str(one.get("salt") or "")) for one in identifiers
              if one.get("identityType") == "emailAddress"]  # fmt: skip
    said = {str(subject.get("id")).removeprefix("mailto:").lower()}
    known = any(_is_hash_of(email, found, salt) for email in emails for found, salt in hashes)
    return known or not emails.isdisjoint(said)


def _is_hash_of(email: str, found: str, salt: str) -> bool:
    return found in {email, f"sha256${sha256(f'{email}{salt}'.encode()).hexdigest()}"}


def _subject_of(document: dict[str, Any]) -> dict[str, Any]:
    subject = document.get("credentialSubject")
    return subject if isinstance(subject, dict) else {}
