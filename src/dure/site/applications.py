"""The application of a turn as a form: drafts kept while one writes, files, sending, and changes until the deadline."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from dure.applications.models import Application, Attachment
from dure.applications.operations import attach, detach, save, send
from dure.applications.queries import attached, is_editable, latest_receipt, sources
from dure.applications.questions import Question, Wanted
from dure.core.errors import Flawed, Refused
from dure.joints.models import FormTurn
from dure.joints.stages.forms import file_of, writable_application_of
from dure.people.models import Person
from dure.programmes.models import Turn
from dure.site import words
from dure.site.flaws import JudgedForm
from dure.site.visitors import person_of, turn_for

FILE = "file-"  # what the field of a wanted file begins with


class ApplicationForm(JudgedForm):
    """A field for each question, with what stands in the draft and where Dure took it from."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, application: Application, data: Mapping[str, Any] | None = None) -> None:
        written = {name: _written(answer) for name, answer in application.answers.items()}
        super().__init__(data, initial={**written, "version": application.version})
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

    def __init__(self, request: HttpRequest, application: Application, person: Person) -> None:
        self.request, self.application, self.person = request, application, person
        self.form = ApplicationForm(application, request.POST if request.method == "POST" else None)
        self.receipt = latest_receipt(application)
        self.wrong: dict[str, str] = {}
        self.said = ""

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
        self.said = gettext("Received. You can change it until the deadline.")
        return True

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

    @property
    def files(self) -> list[AskedFile]:
        standing = {attachment.wanted: attachment for attachment in attached(self.application)}
        return [self._file(wanted, standing.get(wanted.name)) for wanted in self.application.form.wanted]

    def _file(self, wanted: Wanted, standing: Attachment | None) -> AskedFile:
        return AskedFile(wanted.name, words.say(wanted.label), standing, self.wrong.get(wanted.name, ""))


def filling_of(request: HttpRequest, turn: Turn, person: Person) -> Filling | None:
    """What ``person`` fills in at a turn that is theirs, while it takes hand-ins."""
    try:
        application = writable_application_of(turn, by=person)
    except Refused:
        return None
    return Filling(request, application, person) if is_editable(application) else None


@login_required
@require_POST
def autosave(request: HttpRequest, turn_id: UUID) -> HttpResponse:
    """Keep the draft while one writes; the answer is the draft's new version and when it was saved."""
    person = person_of(request)
    application = writable_application_of(turn_for(request, turn_id), by=person)
    form = ApplicationForm(application, request.POST)
    if form.is_valid():
        version = form.cleaned_data["version"]
        application = save(application, answers=form.answers(), version=version, by=person)
    return render(request, "applications/saved.html", {"version": application.version, "at": application.saved_at})


@login_required
@require_safe
def file(request: HttpRequest, attachment_id: UUID) -> FileResponse:
    """An attached file, to be saved, for whoever may see its turn."""
    found = file_of(attachment_id, by=person_of(request))
    answer = FileResponse(found.path.open("rb"))
    for name, value in found.headers.items():  # afterwards: the response would make up its own
        answer[name] = value
    return answer


def files_of(turn: Turn) -> list[tuple[str, Attachment]]:
    """The files that were handed in with a turn, each with what it is."""
    row = FormTurn.objects.filter(turn=turn).select_related("application__form").first()
    if row is None:
        return []
    labels = {wanted.name: words.say(wanted.label) for wanted in row.application.form.wanted}
    return [(labels.get(found.wanted, found.wanted), found) for found in attached(row.application)]


def _written(answer: object) -> object:
    return ", ".join(map(str, answer)) if isinstance(answer, list) else answer


def _field(question: Question) -> forms.Field:
    label = words.say(question.label)
    required = {"required": True} if question.required else {}
    if question.choices:
        options = [("", _("Choose …")), *((choice.value, words.say(choice.label)) for choice in question.choices)]
        return forms.ChoiceField(choices=options, label=label, required=False, widget=forms.Select(attrs=required))
    widgets: dict[str, forms.Widget] = {
        "number": forms.TextInput(attrs={"inputmode": "decimal", **required}),
        "date": forms.DateInput(attrs={"type": "date", **required}),
        "words": forms.TextInput(attrs=required),
    }
    widget = widgets.get(question.type, forms.Textarea(attrs={"rows": 3, **required}))
    help_text = _("Several, with commas between them") if question.type == "words" else ""
    return forms.CharField(label=label, required=False, widget=widget, help_text=help_text)
