"""What an organiser decides for a round: who sees what, how many attempts count, who is verified, what code may use."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from dure.challenges.models import MOST_AT_ONCE, MOST_SELECTED, Round, Task
from dure.challenges.models.programs import PROGRAM
from dure.challenges.operations.ruling import MOST_VERIFIED, Rules, set_bounds, set_rules
from dure.challenges.sizes import part_sizes
from dure.compute.box import GIB, Limits
from dure.core.errors import Refused
from dure.site import words
from dure.site.challenges.tasks import title_of
from dure.site.desk.rounds.door import round_at
from dure.site.flaws import JudgedForm

MIB = 1 << 20
_OF_PROGRAM = ("shows_details", "partial")


class RulesForm(JudgedForm):
    """As :class:`dure.challenges.operations.ruling.Rules` names it."""

    board = forms.ChoiceField(
        label=_("Who sees the boards"),
        choices=[
            ("public", _("Everybody")),
            ("entrants", _("Whoever takes part")),
            ("hidden", _("Organisers only")),
        ],
    )
    boards = forms.ChoiceField(
        label=_("Which boards there are"),
        choices=[
            ("both", _("The public part while it runs, the final part after it")),
            ("public", _("The public part only")),
            ("final", _("The final part only, after the round")),
        ],
    )
    scores_wait = forms.BooleanField(
        label=_("No score is told before the round is over"),
        required=False,
        help_text=_("Boards, one's own scores, logs and detailed results wait for the close."),
    )
    own_scores = forms.BooleanField(label=_("Entrants see their own scores"), required=False)
    own_logs = forms.BooleanField(label=_("Entrants see the log of their own attempts"), required=False)
    select_most = forms.IntegerField(
        label=_("Attempts that an entrant may choose"),
        min_value=1,
        max_value=MOST_SELECTED,
        help_text=_("In the end the best of them on the final part counts; of none chosen, the best by public score."),
    )
    at_once = forms.IntegerField(
        label=_("Attempts of an entrant judged at the same time"),
        min_value=1,
        max_value=MOST_AT_ONCE,
        help_text=_("The others of that entrant wait, so that nobody holds everybody up."),
    )
    verify_first = forms.IntegerField(
        label=_("First places that are run again"),
        min_value=0,
        max_value=MOST_VERIFIED,
        help_text=_("Settling waits until their scores are reproduced. 0: none."),
    )
    tolerance = forms.DecimalField(
        label=_("How far a reproduced score may differ"), min_value=0, max_digits=20, decimal_places=12
    )
    ratio_to = forms.ChoiceField(
        label=_("Ratio beside the score"),
        choices=[("none", _("None")), ("best", _("To the best score")), ("baseline", _("To the baseline's score"))],
    )
    shows_seconds = forms.BooleanField(label=_("Boards show how long code ran"), required=False)
    monthly = forms.IntegerField(
        label=_("Attempts of an entrant in a month"),
        min_value=1,
        max_value=100_000,
        required=False,
        help_text=_("A month of the round's time zone. Left empty: any number; the limits of a day and in all hold."),
    )
    file_types = forms.CharField(
        label=_("Types of files that are taken"),
        required=False,
        help_text=_("Ends of names with a comma between, such as .csv, .zip. Left empty: all."),
    )
    sharing = forms.ChoiceField(
        label=_("Whether attempts are public"),
        choices=[
            ("none", _("Never")),
            ("chosen", _("Where their entrant makes them public")),
            ("open", _("Always, unless their entrant takes them back")),
        ],
        help_text=_("Whoever sees the board then sees those attempts and can download their files."),
    )
    is_public = forms.BooleanField(
        label=_("People who take no part learn of the round"),
        required=False,
        help_text=_("Else it stands in no list, and only those who take part see its boards."),
    )
    is_active = forms.BooleanField(
        label=_("Submissions are taken"),
        required=False,
        help_text=_("Switch it off to pause the round within its dates; what was received is judged."),
    )

    def clean_file_types(self) -> list[str]:
        return [one for one in self.cleaned_data["file_types"].replace(",", " ").split() if one]


class BoundsForm(JudgedForm):
    """What code may use, in units that people think in."""

    wall_seconds = forms.IntegerField(label=_("Seconds in all"), min_value=1, max_value=86_400)
    cpu_seconds = forms.IntegerField(label=_("Seconds of processor time"), min_value=1, max_value=400_000)
    memory_gib = forms.DecimalField(
        label=_("Memory (GiB)"), min_value=Decimal("0.01"), max_value=512, max_digits=6, decimal_places=2
    )
    most_mib = forms.DecimalField(
        label=_("Prediction file (MiB)"), min_value=Decimal("0.01"), max_value=2047, max_digits=7, decimal_places=2
    )
    baseline_score = forms.FloatField(label=_("Score of the baseline"), required=False)
    shows_details = forms.BooleanField(label=_("Entrants see the page that the scorer writes"), required=False)
    partial = forms.BooleanField(
        label=_("An attempt may be scored in part"),
        required=False,
        help_text=_(
            "One that lacks the part that ranks ends with what was scored, and not as a failure of the scorer."
        ),
    )

    def __init__(self, task: Task, sent: QueryDict | None = None) -> None:
        limits = Limits(**task.limits)
        initial = {
            "wall_seconds": limits.wall_seconds, "cpu_seconds": limits.cpu_seconds,
            "memory_gib": round(limits.memory_bytes / GIB, 2), "most_mib": round(task.most_bytes / MIB, 2),
            "baseline_score": task.baseline_score,
        }  # fmt: skip
        if task.metric == PROGRAM:
            initial |= {name: getattr(task.program, name) for name in _OF_PROGRAM}
        super().__init__(sent, initial=initial, prefix=str(task.pk))
        if task.metric != PROGRAM:
            for name in _OF_PROGRAM:
                del self.fields[name]

    def known(self) -> dict[str, Any]:
        said = self.cleaned_data
        limits = {
            "wall_seconds": said["wall_seconds"], "cpu_seconds": said["cpu_seconds"],
            "memory_bytes": int(said["memory_gib"] * GIB),
        }  # fmt: skip
        return {
            "limits": limits, "most_bytes": int(said["most_mib"] * MIB), "baseline_score": said["baseline_score"],
            **{name: said[name] for name in _OF_PROGRAM if name in said},
        }  # fmt: skip


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """The rules of the round as they are; POST changes them, or what code of one ``task`` may use."""
    place = round_at(request, slug, stage)
    form = RulesForm(initial=_initial(place.round))
    bounds = {task: BoundsForm(task) for task in place.tasks}
    if request.method == "POST":
        task = next((one for one in place.tasks if str(one.pk) == request.POST.get("task")), None)
        if task is None:
            form = RulesForm(request.POST)
            saved = _saved(form, lambda said: set_rules(place.round, Rules(**said)))
        else:
            sent = bounds[task] = BoundsForm(task, request.POST)
            saved = _saved(sent, lambda _said: set_bounds(task, **sent.known()))
        if saved:
            messages.success(request, gettext("Saved."))
            return redirect("desk-rules", slug, stage)
    seen = {
        **place.seen("rules"),
        "form": form,
        "bounds": [(task, title_of(task), one, part_sizes(task)) for task, one in bounds.items()],
    }
    return render(request, "desk/checks/rules.html", seen, status=422 if request.method == "POST" else 200)


def _initial(round_: Round) -> dict[str, Any]:
    written = {"tolerance": f"{round_.tolerance.normalize():f}", "file_types": ", ".join(round_.file_types)}
    return asdict(Rules.of(round_)) | written


def _saved(form: JudgedForm, operation: Any) -> bool:
    """Whether it was taken; a refusal is told above the form."""
    try:
        return form.submit(operation)
    except Refused as refused:
        form.add_error(None, words.say(refused.text))
        return False
