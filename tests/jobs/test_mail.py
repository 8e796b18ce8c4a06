"""The outbox: written with what it tells, delivered to a folder or a real mail server, recognisably once."""

import re
import socketserver
import threading
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from dure.core.errors import Refused, Unready
from dure.core.text import Text
from dure.jobs.mail import OutboxBackend, carry
from dure.jobs.models import Job, JobState, Message, MessageState
from dure.jobs.operations import resend, send_mail
from dure.jobs.worker import drain

pytestmark = pytest.mark.django_db
HELLO = Text(ko="합격을 축하합니다", en="You passed")
BODY = Text(ko="다음 단계를 확인하세요.", en="Look at the next stage.")
GONE = "gone@example.org"
LATER = "later@example.org"


class Dialogue(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a client needs; refuses ``gone@`` for good and ``later@`` for now."""

    def handle(self):
        self.say("220 ready")
        for line in self.rfile:
            verb, _, rest = line.decode().strip().partition(" ")
            answer = getattr(self, f"on_{verb.lower()}", lambda _: "250 fine")(rest)
            self.say(answer)
            if verb == "QUIT":
                return

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())

    def on_auth(self, rest):
        self.server.logins.append(rest)
        return "235 welcome"

    def on_ehlo(self, _):
        return "250-here\r\n250 AUTH PLAIN"

    def on_rcpt(self, rest):
        if GONE in rest:
            return "550 no such user"
        return "451 try later" if LATER in rest else "250 fine"

    def on_data(self, _):
        self.say("354 go on")
        self.server.received.append(b"".join(iter(self.rfile.readline, b".\r\n")))
        return "250 taken"

    def on_quit(self, _):
        return "221 bye"


class MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Dialogue)
        self.received, self.logins = [], []

    def address(self, query=""):
        return f"smtp://dure:p%40ss@127.0.0.1:{self.server_address[1]}{query}"


@pytest.fixture
def server():
    with MailServer() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.02,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def mailbox(settings, tmp_path):
    settings.HOME, settings.MAIL = tmp_path, "folder"
    return tmp_path / "mailbox"


def read(content):
    return message_from_bytes(content, policy=policy.default)


def write(to="kim@example.org", language="ko"):
    return send_mail(to=to, subject=HELLO, body=BODY, language=language)


def test_a_mail_exists_only_with_the_transaction_of_what_it_tells(mailbox):
    with transaction.atomic():
        write()
        transaction.set_rollback(True)

    assert (Message.objects.count(), Job.objects.count()) == (0, 0)


def test_a_mail_arrives_in_the_folder_in_the_readers_language(mailbox):
    message = write(language="en")
    drain()

    [file] = mailbox.iterdir()
    mail = read(file.read_bytes())
    message.refresh_from_db()
    assert file.name == f"{message.id}.eml"
    assert (mail["To"], mail["Subject"]) == ("kim@example.org", "You passed")
    assert mail.get_content().strip() == "Look at the next stage."
    assert (message.state, message.attempts) == (MessageState.SENT, 1)


def test_a_second_delivery_is_the_same_mail_with_the_same_id(mailbox):
    message = write()

    carry(message)
    [once] = mailbox.iterdir()
    before = once.read_bytes()
    carry(message)

    [twice] = mailbox.iterdir()
    assert (twice, twice.read_bytes()) == (once, before)
    assert read(before)["Message-ID"] == f"<{message.id}@127.0.0.1>"


def test_every_mail_of_django_goes_through_the_outbox(mailbox):
    mail = EmailMultiAlternatives("Hello", "plain", "a@example.org", ["b@example.org"], bcc=["c@example.org"])
    mail.attach_alternative("<p>rich</p>", "text/html")
    mail.attach("plan.csv", "a,b\n1,2\n", "text/csv")
    nobody = EmailMultiAlternatives("Hello", "plain", "a@example.org", [])

    taken = OutboxBackend().send_messages([mail, nobody])
    drain()

    [message] = Message.objects.all()
    sent = read(Path(mailbox, f"{message.id}.eml").read_bytes())
    assert (taken, message.to, message.text) == (1, ["b@example.org", "c@example.org"], "plain")
    assert "c@example.org" not in sent.as_string()
    assert sent.get_body(("html",)).get_content().strip() == "<p>rich</p>"
    assert [part.get_filename() for part in sent.iter_attachments()] == ["plan.csv"]


def test_a_mail_server_receives_what_was_written(settings, server):
    settings.MAIL = server.address()
    message = write(to=["kim@example.org", "이@example.org"])

    drain()

    [received] = server.received
    message.refresh_from_db()
    assert message.state == MessageState.SENT
    assert received == bytes(message.content).replace(b"\n", b"\r\n") + b"\r\n"
    assert len(server.logins) == 1


def test_receivers_that_were_refused_are_named(settings, server):
    settings.MAIL = server.address()
    message = write(to=["kim@example.org", GONE])

    drain()

    message.refresh_from_db()
    assert (message.state, len(server.received), message.cause_code) == (MessageState.SENT, 1, "mail.refused")
    assert GONE in message.cause.ko


def test_a_mail_refused_for_good_fails_and_can_be_sent_again(settings, server, mailbox):
    settings.MAIL = server.address()
    message = write(to=GONE)
    drain()
    message.refresh_from_db()
    assert (message.state, message.cause_code) == (MessageState.FAILED, "mail.refused")

    settings.MAIL = "folder"
    resend(message)
    drain()

    message.refresh_from_db()
    assert (message.state, message.cause, message.attempts) == (MessageState.SENT, None, 2)


def test_what_is_sent_is_not_sent_again(mailbox):
    message = write()
    drain()
    message.refresh_from_db()

    with pytest.raises(Refused) as refusal:
        resend(message)

    assert refusal.value.code == "state.move"


@pytest.mark.parametrize("receiver", [LATER, [LATER, GONE]])
def test_a_mail_refused_for_now_waits(settings, server, receiver):
    settings.MAIL = server.address()
    write(to=receiver)

    drain()

    assert Message.objects.get().state == MessageState.WAITING
    assert (Job.objects.get().state, Job.objects.get().cause_code) == (JobState.READY, "mail.unreachable")


def test_a_mail_server_that_is_away_is_waited_for(settings, server):
    settings.MAIL = "smtp://127.0.0.1:1"
    message = write()

    with pytest.raises(Unready):
        carry(message)


def test_tls_that_was_asked_for_is_never_done_without(settings, server):
    settings.MAIL = server.address("?tls=1")
    message = write()

    with pytest.raises(Unready):
        carry(message)

    assert (server.received, server.logins) == ([], [])


@pytest.mark.parametrize("address", ["", "mail.example.org", "http://mail.example.org", "smtp://"])
def test_an_address_that_is_none_is_named(settings, address):
    settings.MAIL = address
    with pytest.raises(ImproperlyConfigured, match="DURE_MAIL"):
        carry(write())


def test_the_password_is_in_no_message_that_people_see(settings, server):
    settings.MAIL = server.address("?tls=1")
    with pytest.raises(Unready) as fault:
        carry(write())

    assert not re.search("p@ss|p%40ss", fault.value.text.ko + fault.value.text.en)
