"""Skills and job roles as anybody looks through them; for oneself, what a role asks beside what one has shown."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from dure.core.errors import Flawed, Missing
from dure.core.text import Text
from dure.joints.sheets import csv_pieces
from dure.people.days import today
from dure.people.models import Person
from dure.site import words
from dure.site.charts import bars
from dure.site.desk.batches import streamed
from dure.site.visitors import person_of, visitor
from dure.skills.models import Claim, JobRole, Skill, SkillKind, Taxonomy
from dure.skills.operations import choose_role, claim, leave_role, unclaim
from dure.skills.queries import (
    asked_by,
    attributions,
    demand,
    explained,
    gap_of,
    levels_of,
    own_role,
    roles_found,
    skills_found,
)

PAGE, ASKING, NARROWER = 30, 30, 60
NO_SKILL = Text(
    ko="찾으시는 역량이 없습니다. 목록에서 찾아보세요.", en="There is no such skill. Look for it in the list."
)
NO_ROLE = Text(
    ko="찾으시는 직무가 없습니다. 목록에서 찾아보세요.", en="There is no such job role. Look for it in the list."
)
NO_LEVEL = Text(ko="1에서 5까지의 수준을 고르세요.", en="Choose a level from 1 to 5.")


def typed_in(request: HttpRequest, name: str = "q") -> str:
    """What somebody looks for, without what no name has."""
    return request.GET.get(name, "").replace("\0", "").strip()[:80]


@require_safe
def skills(request: HttpRequest) -> HttpResponse:
    """All skills in use; found in both languages and by first letters."""
    q, taxonomy, kind = typed_in(request), typed_in(request, "taxonomy"), typed_in(request, "kind")
    page = Paginator(skills_found(q, taxonomy=taxonomy, kind=kind), PAGE).get_page(request.GET.get("page"))
    seen = {
        "page": page, "q": q, "taxonomy": taxonomy, "kind": kind, "kinds": SkillKind.values,
        "taxonomies": Taxonomy.objects.filter(skills__isnull=False).distinct().order_by("key"),
        "credits": attributions(page.object_list), "tab": "skills",
    }  # fmt: skip
    return render(request, "skills/skills.html", seen)


@require_safe
def skill(request: HttpRequest, skill_id: UUID) -> HttpResponse:
    """What somebody does at each level, who asks for it, how demand went; one's own level with its evidence."""
    found, person = skill_by(skill_id), visitor(request)
    months = demand(found)
    seen = {
        "skill": found,
        "levels": found.levels.all(),
        "asking": asked_by(found)[:ASKING],
        "narrower": found.narrower.filter(retired_in=None).order_by("name_key")[:NARROWER],
        "months": bars((f"{month:%y-%m}", count) for month, count in months) if len(months) > 1 else (),
        "credits": attributions([found]),
        **(_own(person, found) if person else {}),
    }
    return render(request, "skills/skill.html", seen)


def _own(person: Person, found: Skill) -> dict[str, object]:
    return {
        "own": levels_of(person).filter(skill=found).first(),
        "why": explained(person, [found.pk], on=today()).get(found.pk, ()),
        "claim": Claim.objects.filter(person=person, skill=found).first(),
    }


@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """All job roles in use."""
    q, taxonomy, person = typed_in(request), typed_in(request, "taxonomy"), visitor(request)
    page = Paginator(roles_found(q, taxonomy=taxonomy), PAGE).get_page(request.GET.get("page"))
    seen = {
        "page": page, "q": q, "taxonomy": taxonomy, "own": own_role(person) if person else None,
        "taxonomies": Taxonomy.objects.filter(jobroles__isnull=False).distinct().order_by("key"),
        "credits": attributions(page.object_list), "tab": "roles",
    }  # fmt: skip
    return render(request, "skills/roles.html", seen)


@require_safe
def role(request: HttpRequest, role_id: UUID) -> HttpResponse:
    """What a role asks for; for whoever is signed in, how far they are."""
    found, person = role_by(role_id), visitor(request)
    asks = found.asks.filter(skill__retired_in=None).select_related("skill__taxonomy")
    page = Paginator(asks.order_by("-weight", "-level", "skill__name_key", "pk"), PAGE).get_page(
        request.GET.get("page")
    )
    gaps = {gap.skill.pk: gap for gap in gap_of(person, found)} if person else {}
    seen = {
        "role": found, "page": page, "lines": [(ask, gaps.get(ask.skill_id)) for ask in page],
        "met": sum(not gap.missing for gap in gaps.values()), "own": own_role(person) if person else None,
        "titles": found.titles.splitlines(), "credits": attributions([found]),
    }  # fmt: skip
    return render(request, "skills/role.html", seen)


@login_required
@require_safe
def gap_file(request: HttpRequest, role_id: UUID) -> HttpResponseBase:
    """What a role asks for beside one's own levels, as a table."""
    found = role_by(role_id)
    header = [
        gettext("Skill"),
        gettext("Weight"),
        gettext("Level asked for"),
        gettext("Level shown"),
        gettext("Missing"),
    ]
    rows = [
        (words.say(gap.skill.name), gap.weight, gap.asked, gap.level, gap.missing)
        for gap in gap_of(person_of(request), found)
    ]
    return streamed(csv_pieces(header, rows), f"gap-{found.code}.csv")


@login_required
@require_POST
def choose(request: HttpRequest, role_id: UUID) -> HttpResponse:
    """Say that this is one's role, or no longer."""
    found, person = role_by(role_id), person_of(request)
    if "leave" in request.POST:
        leave_role(person)
        messages.success(request, gettext("You have no job role of your own now."))
    else:
        choose_role(person, role=found)
        messages.success(request, gettext("This is your job role now. Courses say why they matter for it."))
    return redirect("job-role", found.pk)


@login_required
@require_POST
def say(request: HttpRequest, skill_id: UUID) -> HttpResponse:
    """Say how well one does something; with no level, take it back."""
    found, person, level = skill_by(skill_id), person_of(request), request.POST.get("level", "")
    if not level:
        unclaim(person, skill=found)
        messages.success(request, gettext("What you said of yourself is gone."))
    elif level.isdecimal() and len(level) == 1:
        claim(person, skill=found, level=int(level))
        messages.success(request, gettext("Kept as your own word. Evidence shows what can be proven."))
    else:
        raise Flawed("claim.level", NO_LEVEL)
    return redirect("skill", found.pk)


def skill_by(skill_id: UUID) -> Skill:
    """Raises Missing."""
    found = Skill.objects.select_related("taxonomy", "broader", "retired_in").filter(pk=skill_id).first()
    if found is None:
        raise Missing("skill.missing", NO_SKILL)
    return found


def role_by(role_id: UUID) -> JobRole:
    """Raises Missing."""
    found = JobRole.objects.select_related("taxonomy", "retired_in").filter(pk=role_id).first()
    if found is None:
        raise Missing("role.missing", NO_ROLE)
    return found
