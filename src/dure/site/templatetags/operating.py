"""The lines of an operator's long lists: each has forty, and a template takes several times as long for each."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol
from urllib.parse import quote

from django import template
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext

from dure.audit.models import AuditRow
from dure.core.text import Text
from dure.jobs.models import Job, JobState, Message
from dure.site import words
from dure.site.drawing import addresses, drawn
from dure.site.figures import left, when

register = template.Library()
MANY_ATTEMPTS = 1_000  # nobody counts as far: a job that recurs
CAUSE, SUBJECT, RECEIVERS, VALUE = 140, 70, 60, 60  # letters that are shown
TEXTS = 4  # beside an act
_JOB = """<tr><th scope="row"><a translate="no" href="{}">{}</a></th><td><span class="tag {}">{}</span></td>\
<td class="small">{}</td><td class="small">{}</td><td class="right num">{}</td><td class="small" translate="no">{}</td>\
<td class="long small">{}</td></tr>"""
_LETTER = """<tr><th scope="row" class="long"><a translate="no" href="{}">{}</a></th><td>{}</td>\
<td><span class="tag {}">{}</span></td><td class="small">{}</td><td class="small">{}</td><td class="long small">{}</td>\
</tr>"""
_ACT = """<tr><td class="small">{}</td><td translate="no">{}{}</td><th scope="row"><a href="{}">{}</a></th>\
<td class="small" translate="no"><a href="?object={}:{}">{} <code>{}</code></a></td>\
<td class="long small" translate="no">{}</td><td class="right num">{}</td></tr>"""


class Act(Protocol):
    """What an event of the log is."""

    @property
    def row(self) -> AuditRow: ...
    @property
    def who(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def told(self) -> Sequence[tuple[str, str]]: ...
    @property
    def at(self) -> datetime: ...


@register.simple_tag
def job_lines(jobs: Iterable[Job], now: datetime) -> SafeString:
    """Jobs: their task, how they are, when and where."""
    address = addresses("operator-job")
    return SafeString("".join(_job(job, address(job.pk), now) for job in jobs))


def _job(job: Job, address: str, now: datetime) -> SafeString:
    label = words.JOB_STATES.get(job.state, job.state)
    of = "" if job.most_attempts >= MANY_ATTEMPTS else f" / {job.most_attempts}"
    where = (job.runner, job.sandbox, job.worker if job.state == JobState.RUNNING else "")
    return drawn(
        _JOB, address, job.task, job.state, label, when(job.enqueued_at), _due(job, now), f"{job.attempts}{of}",
        " · ".join(filter(None, where)), _cause(job.cause),
    )  # fmt: skip


def _due(job: Job, now: datetime) -> str:
    """When it is due, or when it ended."""
    if job.state == JobState.READY:
        return left(job.run_at) if job.run_at > now else gettext("now")
    return when(job.finished_at)


@register.simple_tag
def letter_lines(letters: Iterable[Message]) -> SafeString:
    """Letters: what they are about, to whom, how they are."""
    address = addresses("operator-letter")
    return SafeString("".join(_letter(letter, address(letter.pk)) for letter in letters))


def _letter(letter: Message, address: str) -> SafeString:
    label = words.MESSAGE_STATES.get(letter.state, letter.state)
    subject, receivers = _short(letter.subject, SUBJECT), _short(", ".join(letter.to), RECEIVERS)
    times = when(letter.written_at), when(letter.sent_at)
    return drawn(_LETTER, address, subject, receivers, letter.state, label, *times, _cause(letter.cause))


@register.simple_tag
def act_lines(events: Iterable[Act]) -> SafeString:
    """Acts: who did what to which thing."""
    address = addresses("operator-act")
    return SafeString("".join(_act(event, address(event.row.pk)) for event in events))


def _act(event: Act, address: str) -> SafeString:
    row = event.row
    behalf = drawn(' <span class="muted small">{}</span>', row.on_behalf_of) if row.on_behalf_of else ""
    texts = ((name, _short(text, VALUE)) for name, text in event.told[:TEXTS])
    told = " · ".join(drawn('<span class="muted">{}</span> {}', name, text) for name, text in texts)
    return drawn(
        _ACT, when(event.at), event.who, behalf, address, event.what, quote(row.object_kind), quote(row.object_id),
        row.object_kind, row.object_id[:8], SafeString(told), row.seal_id or "–",
    )  # fmt: skip


def _cause(cause: Text | None) -> str:
    return _short(words.say(cause), CAUSE) if cause else ""


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else Truncator(text).chars(most)
