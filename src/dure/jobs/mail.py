"""Mail: Django's backend that fills the outbox, and the carriers that empty it (setting ``MAIL``, from DURE_MAIL).

``folder``: one readable .eml file a message in HOME/mailbox, the default. ``smtp://user:password@host:port?tls=1``:
a mail server, with STARTTLS; ``smtps://…``: TLS from the first byte.
"""

import os
import smtplib
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.core.mail.message import sanitize_address
from django.db import transaction

from dure.core.errors import Unready
from dure.core.text import Text
from dure.jobs.models import Message
from dure.jobs.operations import post

TIMEOUT = 30
Carrier = Callable[[Message], list[str]]
UNREACHABLE = Text(
    ko="메일 서버에 메일을 넘기지 못했습니다({fault}). 자동으로 다시 시도합니다. 계속되면 DURE_MAIL 설정을 확인하세요.",
    en="The mail server did not take the mail ({fault}). It is tried again by itself; if this lasts, check DURE_MAIL.",
)


class OutboxBackend(BaseEmailBackend):
    """Every mail that Django or a library sends becomes an outbox row in the sender's transaction."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        addressed = [mail for mail in email_messages if mail.recipients()]
        with transaction.atomic():
            for mail in addressed:
                post(mail)
        return len(addressed)


class Rejected(Exception):  # noqa: N818 -- it is the server's verdict, not a fault
    """The mail server refused every receiver for good; trying again will not help."""


def carry(message: Message) -> list[str]:
    """Deliver by the carrier that is set; returns the receivers that were refused while others were accepted.

    Raises Rejected when nobody was accepted for good, Unready when trying again later is right.
    """
    return _carrier(settings.MAIL)(message)


def _carrier(address: str) -> Carrier:
    if address == "folder":
        return into_folder
    parts = urlsplit(address)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured("DURE_MAIL is neither 'folder' nor smtp://user:password@host:port?tls=1")
    backend = SmtpBackend(
        host=parts.hostname,
        port=parts.port or (465 if parts.scheme == "smtps" else 25),
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_tls=parse_qs(parts.query).get("tls") == ["1"],
        use_ssl=parts.scheme == "smtps",
        timeout=TIMEOUT,
    )
    return lambda message: _by_smtp(backend, message)


def into_folder(message: Message) -> list[str]:
    """Write HOME/mailbox/ID.eml, whole or not at all; a second delivery replaces the same file."""
    folder = Path(settings.HOME) / "mailbox"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as file:
        file.write(message.content)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(folder / f"{message.id}.eml")
    return []


def _by_smtp(backend: SmtpBackend, message: Message) -> list[str]:
    try:
        return _hand_over(_opened(backend), message)
    except smtplib.SMTPRecipientsRefused as refusal:
        if all(500 <= code < 600 for code, _ in refusal.recipients.values()):
            raise Rejected from refusal
        raise _unready(refusal) from refusal
    except OSError as fault:  # SMTPException is one as well
        raise _unready(fault) from fault
    finally:
        backend.close()


def _opened(backend: SmtpBackend) -> smtplib.SMTP:
    backend.open()
    if backend.connection is None:
        raise ConnectionError("no connection")
    return backend.connection


def _hand_over(server: smtplib.SMTP, message: Message) -> list[str]:
    sender = sanitize_address(message.sender, "utf-8")
    receivers = [sanitize_address(address, "utf-8") for address in message.to]
    content = bytes(message.content).replace(b"\n", b"\r\n")
    return list(server.sendmail(sender, receivers, content))


def _unready(fault: OSError) -> Unready:
    return Unready("mail.unreachable", UNREACHABLE.format(fault=repr(fault)))
