"""What an issuer awards: listed, defined, edited by a next version, retired."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from dure.core.errors import Refused
from dure.credentials.models import SIGNED, CredentialState
from dure.credentials.models import Kind as AchievementKind
from dure.credentials.operations import allow_again, define
from dure.credentials.operations import edit as edit_achievement
from dure.credentials.operations import retire as retire_achievement
from dure.credentials.pictures import kept
from dure.credentials.queries import achievements_of
from dure.site import words
from dure.site.credentials.forms import AchievementForm, NewAchievementForm
from dure.site.credentials.found import achievement_called, frame, run_issuer
from dure.site.organisations.pages import looked_after
from dure.site.visitors import person_of


@login_required
@require_safe
def index(request: HttpRequest, short: str) -> HttpResponse:
    """Everything that it awards; where it is no issuer yet, how it becomes one."""
    shown = frame(request, looked_after(request, short), part="achievements")
    issuer = shown["issuer"]
    rows = achievements_of(issuer) if issuer else ()  # type: ignore[arg-type]  # a frame's values are of many types
    return render(request, "credentials/achievements.html", {**shown, "achievements": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, short: str) -> HttpResponse:
    """Something new to award."""
    issuer = run_issuer(request, short)
    form = NewAchievementForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            content = form.content(image=_image(form))
            made = define(
                issuer, code=given["code"], kind=AchievementKind(given["kind"]), content=content,
                signed_off=given["signed_off"], by=person_of(request),
            )  # fmt: skip
        except Refused as refused:
            form.add_error("code" if refused.code == "credentials.code" else None, words.say(refused.text))
        else:
            messages.success(request, gettext("It can be awarded now."))
            return redirect("achievement", short, made.code)
    seen = {**frame(request, issuer.organisation, part="achievements"), "form": form}
    return render(request, "credentials/achievement_form.html", seen)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, short: str, code: str) -> HttpResponse:
    """Its next version; what was issued stays what it was."""
    achievement = achievement_called(run_issuer(request, short), code)
    version = achievement.current
    assert version  # noqa: S101 -- whatever is defined has one
    form = AchievementForm(request.POST or None, request.FILES or None, initial=AchievementForm.initial_of(version))
    if request.method == "POST" and form.is_valid():
        try:
            content = form.content(image=_image(form) or version.image)
            edit_achievement(
                achievement, content=content, signed_off=form.cleaned_data["signed_off"], by=person_of(request)
            )
        except Refused as refused:
            form.add_error(None, words.say(refused.text))
        else:
            messages.success(request, gettext("Whatever is proposed from now on says this."))
            return redirect("achievement", short, code)
    organisation = achievement.issuer.organisation
    seen = {**frame(request, organisation, part="achievements"), "form": form, "achievement": achievement}
    return render(request, "credentials/achievement_form.html", seen)


def _image(form: AchievementForm) -> str:
    """The picture that was sent, kept; empty where none was. Raises Refused."""
    sent = form.cleaned_data["image"]
    return kept(sent.chunks()) if sent else ""


@login_required
@require_safe
def show(request: HttpRequest, short: str, code: str) -> HttpResponse:
    """One achievement: what it says, its versions, what came of it."""
    achievement = achievement_called(run_issuer(request, short), code)
    credentials = achievement.credentials
    seen = {
        **frame(request, achievement.issuer.organisation, part="achievements"),
        "achievement": achievement, "version": achievement.current,
        "versions": achievement.versions.select_related("by").order_by("-number"),
        "alignments": achievement.current.alignments.select_related("skill") if achievement.current else (),
        "waiting": credentials.filter(state=CredentialState.PROPOSED).count(),
        "issued": credentials.filter(state__in=SIGNED).count(),
        "batches": achievement.batches.select_related("by").order_by("-pk")[:5],
    }  # fmt: skip
    return render(request, "credentials/achievement.html", seen)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def retire(request: HttpRequest, short: str, code: str) -> HttpResponse:
    """Award it no more, or again."""
    achievement = achievement_called(run_issuer(request, short), code)
    if request.method == "POST":
        act = allow_again if achievement.retired_at else retire_achievement
        act(achievement, by=person_of(request))
        messages.success(request, gettext("Saved."))
        return redirect("achievement", short, code)
    seen = {**frame(request, achievement.issuer.organisation, part="achievements"), "achievement": achievement}
    return render(request, "credentials/retire.html", seen)
