"""Awarding by hand: whom, checked row by row before anything is proposed; and how far the signing is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from dure.core.errors import Missing, Refused
from dure.core.text import Text
from dure.credentials.models import Batch
from dure.credentials.operations import Deserved, propose
from dure.credentials.queries import progress_of
from dure.joints.sheets.tables import read_sent
from dure.people.models import Person
from dure.site import words
from dure.site.credentials.forms import AwardForm
from dure.site.credentials.found import NO_ACHIEVEMENT, achievement_called, frame, run_issuer
from dure.site.visitors import person_of
from dure.site.watched import unless_seen
from dure.store.chunks import chunked

COLUMN = "email"
MOST = 10_000
NO_COLUMN = Text(
    ko="‘email’ 열이 없습니다. 첫 행에 email이라고 적으세요.", en="There is no column email. Name it so in row 1."
)
UNKNOWN = Text(
    ko="이 주소로 가입한 사람이 없습니다. 먼저 가입하도록 안내하세요.",
    en="Nobody has an account under this address. Ask them to sign up first.",
)
TWICE = Text(ko="위에 같은 주소가 있습니다.", en="The same address stands above.")
MANY = Text(ko="한 번에 {most:,}명까지 수여할 수 있습니다.", en="At most {most:,} people at a time.")


@dataclass(frozen=True)
class Line:
    """A row of what was sent, and who it is or why it is nobody."""

    number: int
    email: str
    person: Person | None
    flaw: Text | None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def award(request: HttpRequest, short: str, code: str) -> HttpResponse:
    """First what it would do, then doing it."""
    achievement = achievement_called(run_issuer(request, short), code)
    form, lines = AwardForm(request.POST or None, request.FILES or None), list[Line]()
    if request.method == "POST" and form.is_valid():
        try:
            lines = _lines(_emails(form))
            if "apply" in request.POST and not any(line.flaw for line in lines):
                to = [Deserved(line.person, form.cleaned_data["ground"]) for line in lines if line.person]
                propose(achievement, to, by=person_of(request))
                said = ngettext("%(n)s person is proposed.", "%(n)s persons are proposed.", len(to)) % {"n": len(to)}
                messages.success(request, said)
                return redirect("sign-off" if achievement.signed_off else "issued", short)
        except Refused as refused:
            form.add_error(None, words.say(refused.text))
    seen = {
        **frame(request, achievement.issuer.organisation, part="achievements"), "achievement": achievement,
        "form": form, "lines": lines, "flawed": [line for line in lines if line.flaw],
        "emails": "\n".join(line.email for line in lines),
    }  # fmt: skip
    return render(request, "credentials/award.html", seen)


def _emails(form: AwardForm) -> list[tuple[int, str]]:
    """By its row. Raises Refused."""
    sent = form.cleaned_data["file"]
    found = list(_of_sheet(sent)) if sent else _of_text(form.cleaned_data["people"])
    if len(found) > MOST:
        raise Refused("credentials.many", MANY.format(most=MOST))
    if not found:
        raise Refused("credentials.nobody", Text(ko="수여할 사람을 적으세요.", en="Say whom to award it."))
    return found


def _of_text(text: str) -> list[tuple[int, str]]:
    numbered = enumerate(text.splitlines(), start=1)
    return [(number, line.strip().lower()) for number, line in numbered if line.strip()]


def _of_sheet(sent: object) -> Iterator[tuple[int, str]]:
    table = read_sent(sent)  # type: ignore[arg-type]  # an uploaded file is one that is read
    names = [name.strip().casefold() for name in table.header]
    if COLUMN not in names:
        raise Refused("credentials.column", NO_COLUMN)
    at = names.index(COLUMN)
    for number, row in table.rows:
        if len(row) > at and row[at].strip():
            yield number, row[at].strip().lower()


def _lines(emails: Iterable[tuple[int, str]]) -> list[Line]:
    numbered, seen, lines = list(emails), set[str](), list[Line]()
    people: dict[str, Person] = {}
    for piece in chunked(email for _, email in numbered):
        people |= {person.email: person for person in Person.objects.filter(email__in=piece, is_active=True)}
    for number, email in numbered:
        flaw = TWICE if email in seen else None if email in people else UNKNOWN
        lines.append(Line(number, email, people.get(email), flaw))
        seen.add(email)
    return lines


@login_required
@require_safe
def batch(request: HttpRequest, short: str, batch_id: UUID) -> HttpResponse:
    """How far the workers are with what was approved together; the page asks again by itself."""
    issuer = run_issuer(request, short)
    found = (
        Batch.objects.select_related("achievement__current", "by")
        .filter(pk=batch_id, achievement__issuer=issuer)
        .first()
    )
    if found is None:
        raise Missing("credentials.batch-missing", NO_ACHIEVEMENT)
    progress = progress_of(found)
    seen = {
        **frame(request, issuer.organisation, part="issued"), "batch": found, "progress": progress,
        "achievement": found.achievement,
    }  # fmt: skip
    if getattr(request, "htmx", False):
        return unless_seen(request, progress, lambda: render(request, "credentials/batch_part.html", seen))
    return render(request, "credentials/batch.html", seen)
