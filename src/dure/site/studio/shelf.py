"""The studio's first page: my drafts, the library as cards, and the ways to begin."""

from dataclasses import dataclass
from functools import cache

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from dure.blueprint.model import Blueprint, MoneyGive
from dure.core.errors import Flawed, Missing
from dure.core.text import Text
from dure.programmes.models import Draft
from dure.programmes.operations.drafting import begin, begin_from_file
from dure.site import words
from dure.site.studio.finding import for_makers, to_draft
from dure.site.studio.looking import library, picture_of
from dure.site.studio.starter import starter
from dure.site.visitors import person_of

PAGE = 24
_NO_FILE = Text(ko="YAML 파일을 고르세요.", en="Choose a YAML file.")
_NO_BLUEPRINT = Text(
    ko="라이브러리에 그런 블루프린트가 없습니다. 목록에서 고르세요.",
    en="The library has no such blueprint: choose one of the list.",
)


@dataclass(frozen=True)
class Card:
    """A blueprint of the library: what travels through it, kinds of stage, stages, whether money is given."""

    blueprint: Blueprint
    kinds: tuple[str, ...]
    stages: int
    money: tuple[str, ...]

    @property
    def searched(self) -> str:
        """What a search looks through, in both languages."""
        b = self.blueprint
        texts = [b.title, *(b.word(stage.id) for stage in b.stages), *(b.word(party) for party in b.parties)]
        return " ".join([b.name, *(f"{text.ko} {text.en}" for text in texts)]).lower()


@cache
def cards() -> tuple[Card, ...]:
    """All of the library, by name: read once a process."""
    return tuple(map(_card, library().blueprints()))


def _card(blueprint: Blueprint) -> Card:
    given = [give for stage in blueprint.stages for give in stage.gives if isinstance(give, MoneyGive)]
    kinds = dict.fromkeys(str(stage.kind) for stage in blueprint.stages)
    return Card(blueprint, tuple(kinds), len(blueprint.stages), tuple(dict.fromkeys(give.type for give in given)))


def found_cards(request: HttpRequest) -> list[Card]:
    """Those that hold every word that is looked for, and a stage of the kind that was chosen."""
    wanted, kind = request.GET.get("q", "").lower().split(), request.GET.get("kind", "")
    return [
        card for card in cards() if all(one in card.searched for one in wanted) and (not kind or kind in card.kinds)
    ]


def source_of(name: str) -> str:
    """The text of a blueprint of the library. Raises Missing."""
    source = library().source("blueprint", name)
    if source is None:
        raise Missing("library.missing", _NO_BLUEPRINT)
    return source.decode()


@for_makers
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """My drafts, the newest first, and the library."""
    drafts = Draft.objects.filter(made_by=person_of(request)).order_by("-changed_at")
    seen = {
        "drafts": drafts[:PAGE], "cards": found_cards(request), "kinds": words.KINDS,
        "q": request.GET.get("q", ""), "kind": request.GET.get("kind", ""),
    }  # fmt: skip
    return render(request, "studio/shelf.html", seen)


@for_makers
@require_safe
def library_blueprint(request: HttpRequest, name: str) -> HttpResponse:
    """One blueprint of the library: its picture and text, and what can be done with it."""
    source = source_of(name)
    blueprint = library().blueprint(name)
    picture = picture_of(blueprint) if blueprint else ""
    return render(request, "studio/library.html", {"blueprint": blueprint, "source": source, "picture": picture})


@for_makers
@require_POST
def begin_draft(request: HttpRequest) -> HttpResponse:
    """A new draft: from the library, from a file, or from a commented start."""
    person = person_of(request)
    if name := request.POST.get("library"):
        draft = begin(source_of(name), by=person)
    elif "file" in request.FILES:
        draft = begin_from_file(_content(request.FILES["file"]), by=person)
    elif "empty" in request.POST:
        draft = begin(starter(words.language()), by=person)
    else:
        raise Flawed("draft.file", _NO_FILE)
    messages.success(request, gettext("The draft is there. Everything you write is kept."))
    return to_draft(draft)


def _content(file: object) -> bytes:
    if not isinstance(file, UploadedFile):
        raise Flawed("draft.file", _NO_FILE)
    return bytes(file.read())
