"""A round made from a form: the test set first, then what it says of itself is confirmed and the rest filled in."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from dure.challenges import files
from dure.challenges.labels import PART, Split
from dure.challenges.looking import Looked, look, narrowed
from dure.challenges.measures import Measure
from dure.challenges.metrics import OWN
from dure.challenges.models import MOST_AT_ONCE, Code, RoundDraft, TrialKind, Visibility
from dure.challenges.operations.trials import drop_draft, keep_labels, try_task
from dure.compute.box import GIB, MIB
from dure.core import clock
from dure.core.errors import Flawed, Missing, Refused
from dure.core.text import Text
from dure.joints.models import RoundTask
from dure.joints.plain import ROUND, Wanted, make_round
from dure.people.days import zone_names
from dure.people.models import Organisation, Person
from dure.people.rules import administered_by, looked_after_by
from dure.programmes.models import Programme
from dure.site import words
from dure.site.account.about import COMMON_ZONES
from dure.site.desk.rounds import metrics
from dure.site.desk.rounds.door import for_makers
from dure.site.flaws import JudgedForm
from dure.site.reading import MomentField, SlugField
from dure.site.visitors import person_of

MOST_PRIZES, MOST_TEAM = 10, 20
PROPOSED, LASTS = timedelta(days=7), timedelta(days=28)
MORNING, EVENING = 10, 18
ENTRIES = {"open": _("Everybody"), "approve": _("Whoever an organiser admits"), "invite": _("Whoever is invited")}
CODES = {
    Code.NONE: _("A prediction file"), Code.ALLOWED: _("A prediction file or code"), Code.REQUIRED: _("Code only"),
}  # fmt: skip
_GONE = Text(
    ko="올린 테스트 데이터의 보관 시간(하루)이 지났거나 이미 대회로 만들었습니다. 다시 올려 주세요.",
    en="The test set was kept for a day and is gone, or a round was made of it. Send it again.",
)
_NO_FILE = Text(ko="정답 파일을 고르세요.", en="Choose the file with the labels.")
_OVER = Text(ko="마감이 이미 지났습니다. 앞으로의 날을 고르세요.", en="That moment has passed. Choose one to come.")
_ZONE = Text(ko="목록에 있는 시간대를 쓰세요.", en="Choose a time zone of the list.")


class _Host(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs alone
    """Organisations in the visitor's language."""

    def label_from_instance(self, obj: Organisation) -> str:
        return words.say(obj.title)


class RoundForm(JudgedForm):
    """All that a round needs beside its test set. ``looked``: what that seems to hold."""

    title_ko = forms.CharField(label=_("Title in Korean"), max_length=200)
    title_en = forms.CharField(label=_("Title in English"), max_length=200)
    slug = SlugField(label=_("Address"), max_length=60, help_text=_("Small letters, digits and hyphens."))
    host = _Host(Organisation.objects.none(), label=_("Host"), empty_label=None)
    id_column = forms.ChoiceField(label=_("Column of the ids"))
    label_columns = forms.MultipleChoiceField(label=_("Columns of the labels"))
    metric = forms.ChoiceField(label=_("Metric"))
    scorer = forms.FileField(
        label=_("Scorer"), required=False, help_text=_("A Python file, where the metric is your own.")
    )
    classes = forms.CharField(
        label=_("Classes"), required=False,
        help_text=_("For metrics over classes, in order; of two the second is the positive one."),
    )  # fmt: skip
    share = forms.IntegerField(
        label=_("Public part, per cent"), initial=30, min_value=1, max_value=100,
        help_text=_("The rest decides the final ranking and is shown to nobody before the end. 100: all is public."),
    )  # fmt: skip
    zone = forms.CharField(label=_("Time zone"), widget=forms.TextInput({"list": "zones"}))
    opens = MomentField(_("Opens"))
    closes = MomentField(_("Closes"))
    daily = forms.IntegerField(label=_("Attempts a day"), required=False, min_value=1, max_value=1000, initial=5)
    total = forms.IntegerField(label=_("Attempts in all"), required=False, min_value=1, max_value=10_000)
    team = forms.IntegerField(label=_("Persons in a team, at most"), min_value=1, max_value=MOST_TEAM, initial=1)
    at_once = forms.IntegerField(
        label=_("Attempts of an entrant judged at the same time"), min_value=1, max_value=MOST_AT_ONCE, initial=2
    )
    megabytes = forms.IntegerField(label=_("Size of a file, MiB"), min_value=1, max_value=1024, initial=32)
    code = forms.ChoiceField(label=_("What is handed in"), choices=list(CODES.items()))
    minutes = forms.IntegerField(label=_("Time for code, minutes"), min_value=1, max_value=1440, initial=10)
    memory = forms.IntegerField(label=_("Memory for code, GiB"), min_value=1, max_value=64, initial=2)
    entry = forms.ChoiceField(label=_("Who may enter"), choices=list(ENTRIES.items()))
    board = forms.ChoiceField(label=_("Who sees the boards"), choices=list(words.BOARDS.items()))
    prizes = forms.CharField(
        label=_("Prizes in won"), required=False, widget=forms.Textarea({"rows": 3}),
        help_text=_("One a line, from the first place; left empty, there are none."),
    )  # fmt: skip
    starter = forms.FileField(
        label=_("Starter files"),
        required=False,
        help_text=_("Any file that entrants download; several as one zip file."),
    )
    inputs = forms.FileField(
        label=_("Inputs for code"), required=False, help_text=_("A zip file that submitted code reads.")
    )

    def __init__(self, looked: Looked, hosts: "QuerySet[Organisation]", *sent: Any, **known: Any) -> None:
        super().__init__(*sent, **known)
        columns = [(name, name) for name in looked.names]
        sets: dict[str, Any] = {
            "id_column": columns, "label_columns": [one for one in columns if one[0] != PART],
            "metric": metrics.choices(),
        }  # fmt: skip
        for name, choices in sets.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices
        host = self.fields["host"]
        if isinstance(host, _Host):
            host.queryset = hosts

    def clean_zone(self) -> str:
        typed: str = self.cleaned_data["zone"]
        if typed not in zone_names():
            raise forms.ValidationError(words.say(_ZONE))
        return typed

    def clean(self) -> dict[str, Any]:
        """A round that is over before it opens takes nothing."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        closes, zone = said.get("closes"), said.get("zone")
        if closes and zone and closes.replace(tzinfo=ZoneInfo(zone)) <= clock.now():
            self.add_error("closes", words.say(_OVER))
        return said

    def clean_prizes(self) -> tuple[int, ...]:
        """Whole won, a line each."""
        written = [line.replace(",", "").strip() for line in self.cleaned_data["prizes"].splitlines()]
        amounts = [line for line in written if line]
        if len(amounts) > MOST_PRIZES or not all(line.isdecimal() and int(line) for line in amounts):
            raise forms.ValidationError(gettext("Write each prize as a whole number of won, at most ten of them."))
        return tuple(map(int, amounts))

    def wanted(self) -> Wanted:
        said = self.cleaned_data
        zone = ZoneInfo(said["zone"])
        kept = (
            "slug",
            "host",
            "zone",
            "metric",
            "entry",
            "team",
            "daily",
            "total",
            "code",
            "board",
            "at_once",
            "prizes",
        )
        return Wanted(
            title=Text(ko=said["title_ko"], en=said["title_en"]),
            opens=said["opens"].replace(tzinfo=zone), closes=said["closes"].replace(tzinfo=zone),
            sealed=said["share"] < 100, **{name: said[name] for name in kept},
        )  # fmt: skip

    def measure(self) -> Measure:
        said = self.cleaned_data
        return Measure(
            metric=said["metric"], label_columns=tuple(said["label_columns"]), id_column=said["id_column"],
            classes=tuple(part.strip() for part in said["classes"].split(",") if part.strip()),
            split=Split(share=min(said["share"], 99) / 100), scorer=(said["scorer"] or None) if said["metric"] == OWN
            else None,
        )  # fmt: skip

    def bounds(self) -> dict[str, Any]:
        """How large a file may be, and what code may use."""
        said = self.cleaned_data
        seconds = 60 * said["minutes"]
        limits = {"wall_seconds": seconds, "cpu_seconds": 4 * seconds, "memory_bytes": said["memory"] * GIB}
        return {"most_bytes": said["megabytes"] * MIB, "limits": limits}


@for_makers
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """The first of two steps: the test set."""
    wrong: Refused | None = None
    if request.method == "POST":
        try:
            return redirect("round-make", _kept(request).pk)
        except (Flawed, Refused) as refused:
            wrong = refused
    return render(request, "desk/rounds/start.html", {"wrong": wrong}, status=wrong.status if wrong else 200)


def _kept(request: HttpRequest) -> RoundDraft:
    """What was sent, where it is a table."""
    file: Any = request.FILES.get("labels")
    if file is None:
        raise Flawed("round.labels", _NO_FILE)
    draft = keep_labels(file, by=person_of(request), name=file.name or "")
    try:
        look(files.path_of(draft.labels))
    except Flawed:
        drop_draft(draft)
        raise
    return draft


@for_makers
@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The second step: what the test set holds, and everything else. POST makes the round and tries it at once."""
    draft, person = _draft(request, draft_id), person_of(request)
    looked = look(files.path_of(draft.labels))
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = RoundForm(looked, looked_after_by(person), *sent, initial=_proposed(looked, person))
    if request.method == "POST" and form.submit(lambda _said: _make(form, draft, looked, person)):
        messages.success(request, gettext("The round is made as a draft. See how it scores, then open it."))
        return redirect("desk-trials", form.cleaned_data["slug"], ROUND)
    seen = {
        "form": form, "looked": looked, "draft": draft, "described": metrics.described(), "part": PART,
        "chosen": form["label_columns"].value() or [], "zones": _zones(),
    }  # fmt: skip
    return render(request, "desk/rounds/make.html", seen, status=422 if form.errors else 200)


def _make(form: RoundForm, draft: RoundDraft, looked: Looked, person: Person) -> None:
    said, measure, wanted = form.cleaned_data, form.measure(), form.wanted()
    columns = [measure.id_column, *measure.label_columns, *([PART] if looked.has_parts and wanted.sealed else [])]
    programme = make_round(
        wanted, by=person, measure=measure, labels=narrowed(files.path_of(draft.labels), columns),
        starter=said["starter"] or None, inputs=said["inputs"] or None, **form.bounds(),
    )  # fmt: skip
    drop_draft(draft)
    task = RoundTask.objects.select_related("task").get(programme=programme).task
    for kind in (TrialKind.PERFECT, TrialKind.RANDOM, TrialKind.BROKEN):
        try_task(task, kind, by=person)


def _draft(request: HttpRequest, draft_id: UUID) -> RoundDraft:
    draft = RoundDraft.objects.select_related("labels").filter(pk=draft_id, by=person_of(request)).first()
    if draft is None:
        raise Missing("round.draft", _GONE)
    return draft


def _proposed(looked: Looked, person: Person) -> dict[str, Any]:
    """Sensible values for what the file and the clock tell."""
    opens = _at(timezone.localtime(clock.now()) + PROPOSED, MORNING)
    return {
        "id_column": looked.id_column, "label_columns": list(looked.label_columns), "metric": looked.metric,
        "classes": ", ".join(looked.classes), "zone": str(timezone.get_current_timezone()), "opens": opens,
        "closes": _at(opens + LASTS, EVENING), "slug": _free(f"round-{opens:%Y-%m-%d}"),
        "host": administered_by(person).first(), "board": Visibility.PUBLIC, "entry": "open", "code": Code.NONE,
    }  # fmt: skip


def _at(moment: datetime, hour: int) -> datetime:
    return moment.replace(hour=hour, minute=0, second=0, microsecond=0)


def _free(slug: str) -> str:
    taken = set(Programme.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    return next(name for n in range(1, len(taken) + 2) if (name := slug if n == 1 else f"{slug}-{n}") not in taken)


def _zones() -> list[str]:
    return [*COMMON_ZONES, *sorted(zone_names().difference(COMMON_ZONES))]
