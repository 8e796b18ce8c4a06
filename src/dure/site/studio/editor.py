"""The editor: a draft as text and as forms, with its picture and faults beside; every change is kept at once."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from dure.blueprint.completion import complete
from dure.blueprint.document import Flaws
from dure.blueprint.yaml import MOST_BYTES
from dure.core.errors import Refused
from dure.programmes.models import Draft, Version
from dure.programmes.operations.drafting import redo, take_back, version_in_force, write
from dure.site import words
from dure.site.middleware import is_part
from dure.site.reading import number_from
from dure.site.studio.applying import applied
from dure.site.studio.fields import Builder
from dure.site.studio.finding import draft_for, for_makers, revision_of
from dure.site.studio.looking import library, look_at
from dure.site.studio.sections import section_of, sections_of

VIEWS = ("text", "form", "picture")


@for_makers
@require_safe
def show(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The draft: its text or a part of it as a form, beside picture and faults."""
    draft = draft_for(request, draft_id)
    return render(request, "studio/editor.html", _seen(request, draft, version_in_force(draft)))


def _seen(request: HttpRequest, draft: Draft, version: Version) -> dict[str, Any]:
    """What the page and its parts show."""
    asked = request.GET.get("view") or request.POST.get("view") or "text"
    at = request.GET.get("at") or request.POST.get("at") or ""
    view = asked if asked in VIEWS else "text"
    seen = {
        "draft": draft, "version": version, "view": view, "at": at, "look": look_at(version.text),
        "can_redo": draft.versions.filter(parent=draft.head).exists(),
    }  # fmt: skip
    return {**seen, **(_form(version.text, at) if view == "form" else {})}


def _form(text: str, at: str) -> dict[str, Any]:
    """The section that is asked for; none where the text cannot be read at all."""
    try:
        builder = Builder.of(text, library().names("blueprint"))
    except Flaws:
        return {"sections": []}
    sections = sections_of(builder, words.language())
    return {"sections": sections, "section": section_of(builder, sections, at), "kinds": words.KINDS.items()}


@for_makers
@require_POST
def text(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Keep the text as it stands in the editor; a script hears what is wrong with it."""
    draft = draft_for(request, draft_id)
    typing = is_part(request) and "keep" not in request.POST
    try:
        version = write(draft, request.POST.get("text", ""), revision=revision_of(request), typing=typing)
    except Refused as refused:
        if not is_part(request) or refused.code != "draft.changed":
            raise
        return render(request, "studio/changed_part.html", {"refused": refused}, status=409)
    if not is_part(request):
        return redirect(f"{reverse('draft', args=[draft.pk])}?view=text")
    return render(request, "studio/look_part.html", _seen(request, draft, version))


@for_makers
@require_POST
def edit(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Write what the form holds into the text. A script gets the form anew only where its fields have changed."""
    draft = draft_for(request, draft_id)
    before = version_in_force(draft).text
    version = write(draft, applied(before, request.POST, library().names("blueprint")), revision=revision_of(request))
    at = request.POST.get("at", "")
    if not is_part(request):
        return redirect(f"{reverse('draft', args=[draft.pk])}?view=form&at={at}")
    whole = "act" in request.POST or _decides(request)
    return render(request, "studio/edited_part.html", {**_seen(request, draft, version), "whole": whole})


def _decides(request: HttpRequest) -> bool:
    """Whether what was changed decides which fields there are."""
    changed = request.headers.get("HX-Trigger-Name", "")
    return changed[:1] in {"k", "n", "w", "q", "y"} or changed.endswith(('"kind"]', '"subject"]'))


@for_makers
@require_POST
def step(request: HttpRequest, draft_id: UUID, way: str) -> HttpResponse:
    """Back to the version before, or on again."""
    draft = draft_for(request, draft_id)
    (take_back if way == "undo" else redo)(draft, revision=revision_of(request))
    view, at = (request.POST.get(name, "") for name in ("view", "at"))
    return redirect(f"{reverse('draft', args=[draft.pk])}?view={view if view in VIEWS else 'text'}&at={at}")


@for_makers
@require_POST
def completion(request: HttpRequest) -> HttpResponse:
    """What could be written at the cursor: ``text``, ``line`` from 1, ``column`` from 0, counted in characters."""
    asked = request.POST
    place = [number_from(asked.get(name)) or 0 for name in ("line", "column")]
    source = asked.get("text", "")[:MOST_BYTES]
    found = complete(source, place[0], place[1], library().names("blueprint"))
    offers = [{"insert": offer.insert, "about": words.say(offer.about)} for offer in found.offers]
    return JsonResponse({"start": found.start, "end": found.end, "offers": offers})


@for_makers
@require_safe
def file(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The text as a file."""
    draft = draft_for(request, draft_id)
    name = f"{draft.name or 'blueprint'}.yaml"
    disposition = content_disposition_header(as_attachment=True, filename=name) or ""
    content = version_in_force(draft).text
    return HttpResponse(content, content_type="application/yaml", headers={"Content-Disposition": disposition})
