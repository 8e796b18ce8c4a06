"""Forms of a field trial: its plan, what it counts for, the owner's word."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from dure.challenges.models import Round, Submission
from dure.challenges.models.fieldtrials import MOST_BATCH, MOST_DAYS_KEPT, MOST_REQUESTS, MOST_STATEMENT
from dure.challenges.operations.fieldtrials import Plan
from dure.challenges.queries.fieldtrials import runnable
from dure.core import clock
from dure.core.text import Text
from dure.joints.fieldtrials import organisations_near, owner_called, stages_after
from dure.joints.models import RoundTask
from dure.people.models import Person
from dure.programmes.frozen import blueprint_of
from dure.site import words
from dure.site.challenges.tasks import title_of
from dure.site.fieldtrials.sides import ADOPTIONS
from dure.site.flaws import JudgedForm
from dure.site.reading import MomentField
from dure.site.visitors import id_from

PROPOSED = timedelta(days=14)
_PARTS = {
    "service": ("submission", "service_ko", "service_en", "organisation", "owner"),
    "source": ("file", "address", "answers_address", "token", "file_name"),
    "amount": (
        "share", "total", "batch", "seconds", "per_minute", "tolerance", "most_failed", "most_ms", "keep_days",
    ),
}  # fmt: skip
_FIGURES = ("share", "batch", "seconds", "per_minute", "total", "most_failed", "keep_days")


class PlanForm(JudgedForm):
    """What is agreed with the service. Dates are those of the round's zone."""

    submission = forms.ChoiceField(label=_("Whose model"))
    service_ko = forms.CharField(label=_("The service in Korean"), max_length=120)
    service_en = forms.CharField(label=_("The service in English"), max_length=120)
    organisation = forms.ChoiceField(label=_("Whose service it is"))
    owner = forms.EmailField(
        label=_("Email of who answers for the service"), help_text=_("They see everything, and have the last word.")
    )
    starts_at = MomentField(_("Asks from"))
    ends_at = MomentField(_("Asks until"))
    file = forms.FileField(
        label=_("Recorded requests"), required=False, help_text=_("CSV or JSON lines; or an address below.")
    )
    address = forms.CharField(
        label=_("Address that tells requests"), required=False, max_length=400,
        widget=forms.URLInput({"placeholder": "https://"}),
    )  # fmt: skip
    answers_address = forms.CharField(
        label=_("Address that tells the service's answers"), required=False, max_length=400,
        widget=forms.URLInput({"placeholder": "https://"}), help_text=_("Where they do not come with the requests."),
    )  # fmt: skip
    token = forms.CharField(
        label=_("Token for both addresses"), required=False, max_length=400,
        widget=forms.PasswordInput({"autocomplete": "off"}), help_text=_("Kept encrypted until the trial is over."),
    )  # fmt: skip
    file_name = forms.CharField(
        label=_("File in which the code finds the requests"), initial="requests.csv", max_length=80,
        help_text=_("The name of the test file that the code read in the round: it lies in $BOX/data."),
    )  # fmt: skip
    share = forms.IntegerField(label=_("Share of the requests, per cent"), initial=10, min_value=1, max_value=100)
    total = forms.IntegerField(
        label=_("Requests in all, at most"), initial=10_000, min_value=1, max_value=MOST_REQUESTS
    )
    batch = forms.IntegerField(
        label=_("Requests a run"), initial=50, min_value=1, max_value=MOST_BATCH,
        help_text=_("A run's time is shared among its requests. With 1 each is timed alone, start included."),
    )  # fmt: skip
    seconds = forms.IntegerField(label=_("Seconds a run, at most"), initial=60, min_value=1, max_value=3600)
    per_minute = forms.IntegerField(label=_("Requests a minute, at most"), initial=600, min_value=1, max_value=60_000)
    tolerance = forms.DecimalField(
        label=_("Numbers agree within"), initial=0, min_value=0, max_digits=20, decimal_places=12
    )
    most_failed = forms.IntegerField(
        label=_("Stop when more than this per cent fail"), initial=20, min_value=0, max_value=100
    )
    most_ms = forms.IntegerField(
        label=_("Stop when answers take longer than, ms"), required=False, min_value=1, max_value=3_600_000,
        help_text=_("At the 95th percentile, from the 20th request on. Left empty, time stops nothing."),
    )  # fmt: skip
    keep_days = forms.IntegerField(
        label=_("Days that requests and answers are kept"), initial=30, min_value=0, max_value=MOST_DAYS_KEPT,
        help_text=_("Then only numbers stay. 0: nothing of a request is kept at all."),
    )  # fmt: skip

    def __init__(self, round_: Round, person: Person, *sent: Any, **known: Any) -> None:
        begins = clock.now().astimezone(ZoneInfo(round_.zone))
        proposed = {"starts_at": begins, "ends_at": begins + PROPOSED}
        super().__init__(*sent, **{"initial": proposed, **known})
        self._round, self._attempts = round_, runnable(round_)
        self._organisations = organisations_near(round_, person)
        choices = [(str(one.pk), words.say(one.title)) for one in self._organisations]
        tasks = {task.pk: title_of(task) for task in round_.tasks.select_related("round", "round_task__programme")}
        self._choose("submission", [(str(one.pk), _called(one, tasks)) for one in self._attempts])
        self._choose("organisation", choices)

    @property
    def parts(self) -> dict[str, list[BoundField]]:
        """The fields of each part of the page."""
        return {part: [self[name] for name in names] for part, names in _PARTS.items()}

    @property
    def has_models(self) -> bool:
        """Whether any attempt can be tried at all."""
        return bool(self._attempts)

    def plan(self) -> Plan:
        """As the operation takes it. Raises Flawed where nobody is called so."""
        said, zone = self.cleaned_data, ZoneInfo(self._round.zone)
        file = said["file"] or None
        return Plan(
            submission=_by_id(self._attempts, said["submission"]),
            service=Text(ko=said["service_ko"], en=said["service_en"]),
            organisation=_by_id(self._organisations, said["organisation"]),
            owner=owner_called(said["owner"], self._round),
            starts_at=said["starts_at"].replace(tzinfo=zone), ends_at=said["ends_at"].replace(tzinfo=zone),
            file=file, name=file.name if file else "", address=said["address"].strip(),
            answers_address=said["answers_address"].strip(), token=said["token"], file_name=said["file_name"],
            tolerance=said["tolerance"], most_ms=said["most_ms"], **{name: said[name] for name in _FIGURES},
        )  # fmt: skip

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


class JudgeForm(JudgedForm):
    """The last word of who answers for the service."""

    adoption = forms.ChoiceField(label=_("What becomes of the model"), choices=list(ADOPTIONS.items()))
    because = forms.CharField(
        label=_("Why"), max_length=MOST_STATEMENT, widget=forms.Textarea({"rows": 4}),
        help_text=_("Those whose model it is read this, if the organisers let them."),
    )  # fmt: skip


class CountsForm(JudgedForm):
    """The later stage at which the trial counts."""

    stage = forms.ChoiceField(label=_("Stage that takes the result"), required=False)

    def __init__(self, round_: Round, *sent: Any, **known: Any) -> None:
        super().__init__(*sent, **known)
        self._place = RoundTask.objects.filter(task__round=round_).select_related("programme").first()
        field = self.fields["stage"]
        if isinstance(field, forms.ChoiceField):
            stages = [(stage.id, self.word(stage.id)) for stage in stages_after(round_)]
            field.choices = [("", _("None: evidence of the persons alone")), *stages]

    def word(self, stage: str) -> str:
        return words.word(blueprint_of(self._place.programme), stage) if self._place else stage


def _called(one: Submission, tasks: Mapping[UUID, str]) -> str:
    return f"{one.entrant.title} · {tasks[one.entrant.task_id]} · #{one.number}"


def _by_id(rows: Any, written: str) -> Any:
    return next(row for row in rows if row.pk == id_from(written))
