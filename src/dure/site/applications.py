"""The application of a turn as a form: drafts kept while one writes, files, sending, and changes until the deadline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from dure.applications.models import Application, Attachment
from dure.applications.operations import attach, detach, save, send
from dure.applications.queries import attached, is_editable, latest_receipt, sources, standing
from dure.applications.questions import Question
from dure.blueprint.model import FormDo
from dure.core.errors import Flawed, Missing, Refused
from dure.joints.models import Fee
from dure.joints.stages.forms import asks_nothing, file_of, writable_application_of
from dure.people.models import Person
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Turn
from dure.site import words
from dure.site.flaws import JudgedForm
from dure.site.visitors import person_of, turn_for
from dure.store.worded import found, padded

FILE = "file-"  # what the field of a wanted file begins with
FEW = 6  # so many choices stand side by side, more in a list


class ApplicationForm(JudgedForm):
    """A field for each question, with what stands in the draft and where Dure took it from."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, application: Application, data: Mapping[str, Any] | None = None) -> None:
        known = {name: written(answer) for name, answer in application.answers.items()}
        super().__init__(data, initial={**known, "version": application.version})
        taken = sources(application)
        for question in application.form.asked:
            field = _field(question)
            if question.name in taken:
                field.help_text = gettext("Filled in from: %(source)s") % {"source": words.say(taken[question.name])}
            self.fields[question.name] = field

    def answers(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


@dataclass(frozen=True)
class AskedFile:
    """A wanted file, the one that stands, and what is wrong with the one that was sent."""

    name: str
    label: str
    standing: Attachment | None
    wrong: str


class Filling:
    """One holder's visit to the application of a turn."""

    most_bytes = settings.ATTACHMENT_BYTES

    def __init__(self, request: HttpRequest, application: Application, *, turn: Turn, person: Person) -> None:
        self.request, self.application, self.turn, self.person = request, application, turn, person
        self.form = ApplicationForm(application, request.POST if request.method == "POST" else None)
        self.receipt = latest_receipt(application)
        self.wrong: dict[str, str] = {}
        self.said, self.is_sent = "", False

    def taken(self) -> bool:
        """Attach what was sent along, keep the answers and, unless it is only a draft, send. False where flawed."""
        if not (self._attached() and self.form.submit(self._kept)):
            return False
        self.said = gettext("The draft is saved.")
        if removed := self.request.POST.get("remove"):
            detach(self.application, removed, by=self.person)
        if removed or "draft" in self.request.POST:
            return True
        try:
            send(self.application, version=self.application.version, by=self.person)
        except Flawed as flawed:
            self._show(flawed)
            return False
        self.said, self.is_sent = "", True  # its receipt says it
        return True

    @property
    def leads_to(self) -> str:
        """The page after what was taken: a receipt where it was sent, else the form again."""
        sent = latest_receipt(self.application) if self.is_sent else None
        if sent is None:
            return reverse("turn", args=[self.turn.pk])
        return reverse("receipt", args=[self.turn.pk, sent.number])

    @property
    def only_registers(self) -> bool:
        """Whether it is sent and there was nothing to fill in, so that nothing can be changed either."""
        return self.receipt is not None and asks_nothing(blueprint_of(self.turn.programme).stage(self.turn.stage))

    @cached_property
    def fee(self) -> int:
        """What has to be paid before it can be sent; 0: nothing."""
        do = blueprint_of(self.turn.programme).stage(self.turn.stage).do
        return do.fee if isinstance(do, FormDo) and isinstance(do.fee, int) else 0

    @property
    def fee_paid(self) -> bool:
        return Fee.objects.filter(turn=self.turn).exists()

    @property
    def progress(self) -> "Progress":
        return progress_of(self.application)

    @property
    def faults(self) -> list[tuple[str, str, str]]:
        """What needs another look, in the form's order: the field's id, its name, what is wrong."""
        fields = [self.form[name] for name in self.form.errors if name in self.form.fields]
        asked = [(field.auto_id, str(field.label), str(field.errors[0])) for field in fields]
        wanted = [(FILE + file.name, file.label, file.wrong) for file in self.files if file.wrong]
        return asked + wanted

    def _kept(self, _said: dict[str, Any]) -> None:
        version = self.form.cleaned_data["version"]
        self.application = save(self.application, answers=self.form.answers(), version=version, by=self.person)

    def _attached(self) -> bool:
        """Attach the files; a file that is refused is told at its place."""
        for wanted in self.application.form.wanted:
            file = self.request.FILES.get(FILE + wanted.name)
            if file is not None:
                try:
                    attach(self.application, wanted.name, content=file.chunks(), name=file.name or "", by=self.person)
                except Refused as refused:
                    self.wrong[wanted.name] = words.say(refused.text)
        return not self.wrong

    def _show(self, flawed: Flawed) -> None:
        """What cannot be sent is kept: the form goes on from the version that was saved."""
        flaws: Any = flawed.facts.get("errors", ())
        for flaw in flaws:
            self.wrong[flaw["field"]] = flaw[words.language()]
        self.form = ApplicationForm(self.application, self._anew())
        self.form.is_valid()
        self.form.show(Flawed(flawed.code, flawed.text, errors=[f for f in flaws if f["field"] in self.form.fields]))

    def _anew(self) -> dict[str, Any]:
        return {**self.request.POST.dict(), "version": self.application.version}

    @cached_property
    def files(self) -> list[AskedFile]:
        return asked_files(self.application, self.wrong)


@dataclass(frozen=True)
class Progress:
    """How many of the answers and files that must be there are there, and right."""

    done: int
    of: int


def progress_of(application: Application) -> Progress:
    form = application.form
    needed = {q.name for q in form.asked if q.required} | {w.name for w in form.wanted if w.required}
    _, flaws = standing(application)
    return Progress(len(needed - {str(flaw["field"]) for flaw in flaws}), len(needed))


def asked_files(application: Application, wrong: Mapping[str, str]) -> list[AskedFile]:
    """Every file that the form wants, with the one that stands and what was wrong with the last."""
    here = {attachment.wanted: attachment for attachment in attached(application)}
    return [
        AskedFile(wanted.name, words.say(wanted.label), here.get(wanted.name), wrong.get(wanted.name, ""))
        for wanted in application.form.wanted
    ]


def filling_of(request: HttpRequest, turn: Turn, person: Person) -> Filling | None:
    """What ``person`` fills in at a turn that is theirs, while it takes hand-ins."""
    try:
        application = writable_application_of(turn, by=person)
    except Refused:
        return None
    return Filling(request, application, turn=turn, person=person) if is_editable(application) else None


@login_required
@require_POST
def autosave(request: HttpRequest, turn_id: UUID) -> HttpResponse:
    """Keep the draft while one writes; the answer is its new version, when it was saved, and how much is done."""
    person = person_of(request)
    application = writable_application_of(turn_for(request, turn_id), by=person)
    form = ApplicationForm(application, request.POST)
    form.is_valid()
    version = form.cleaned_data.get("version") or 0  # none: as if another window had saved since
    application = save(application, answers=form.answers(), version=version, by=person)
    seen = {"version": application.version, "at": application.saved_at, "progress": progress_of(application)}
    return render(request, "applications/saved.html", seen)


@login_required
@require_POST
def file_field(request: HttpRequest, turn_id: UUID, wanted: str) -> HttpResponse:
    """Attach a file as soon as it is chosen, or take it away; the answer is its field as it stands now."""
    person, turn = person_of(request), turn_for(request, turn_id)
    application = writable_application_of(turn, by=person)
    file, wrong = request.FILES.get(FILE + wanted), {}
    if "remove" in request.POST:
        detach(application, wanted, by=person)
    elif file is not None:
        try:
            attach(application, wanted, content=file.chunks(), name=file.name or "", by=person)
        except Refused as refused:
            wrong = {wanted: words.say(refused.text)}
    files = {asked.name: asked for asked in asked_files(application, wrong)}
    if wanted not in files:
        raise Missing("attachment.unknown", words.NOT_NOW)
    seen = {"turn": turn, "file": files[wanted], "progress": progress_of(application), "is_part": True}
    return render(request, "applications/file_field.html", seen)


@login_required
@require_safe
def file(request: HttpRequest, attachment_id: UUID) -> FileResponse:
    """An attached file, to be saved, for whoever may see its turn."""
    kept = file_of(attachment_id, by=person_of(request))
    answer = FileResponse(kept.path.open("rb"))
    for name, value in kept.headers.items():  # afterwards: the response would make up its own
        answer[name] = value
    return answer


def files_of(turn: Turn) -> list[tuple[str, Attachment]]:
    """The files that were handed in with a turn, each with what it is."""
    return files_by_turn([turn])[turn.pk]


def files_by_turn(turns: Sequence[Turn]) -> dict[UUID, list[tuple[str, Attachment]]]:
    """The files of each turn, in one query."""
    files: dict[UUID, list[tuple[str, Attachment]]] = {turn.pk: [] for turn in turns}
    for file in found(_files, *padded(list(files))):
        labels = {wanted.name: words.say(wanted.label) for wanted in file.application.form.wanted}
        files[file.application.form_turn.turn_id].append((labels.get(file.wanted, file.wanted), file))
    return files


def _files(*turns: UUID) -> "QuerySet[Attachment]":
    standing = Attachment.objects.filter(application__form_turn__turn__in=turns, detached_at=None)
    return standing.order_by("wanted").select_related("application__form", "application__form_turn")


def written(answer: object) -> object:
    """An answer as it is typed in."""
    return ", ".join(map(str, answer)) if isinstance(answer, list) else answer


def _field(question: Question) -> forms.Field:
    label = words.say(question.label)
    required = {"required": True} if question.required else {}
    if question.choices:
        options = [(choice.value, words.say(choice.label)) for choice in question.choices]
        if len(options) <= FEW:
            return forms.ChoiceField(choices=options, label=label, required=False, widget=forms.RadioSelect(required))
        return forms.ChoiceField(
            choices=[("", _("Choose …")), *options], label=label, required=False, widget=forms.Select(required)
        )
    widgets: dict[str, forms.Widget] = {
        "number": forms.TextInput({"inputmode": "decimal", **required}),
        "date": forms.DateInput({"type": "date", **required}),
        "words": forms.TextInput(required),
    }
    widget = widgets.get(question.type, forms.Textarea({"rows": 3, **required}))
    help_text = _("Several, with commas between them") if question.type == "words" else ""
    return forms.CharField(label=label, required=False, widget=widget, help_text=help_text)
