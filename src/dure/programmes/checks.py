"""The language's own refusals, asked of what somebody wants to run."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from dure.blueprint.document import Flaw, Flaws
from dure.blueprint.library import Library
from dure.blueprint.lint import lint_text
from dure.blueprint.model import Blueprint
from dure.blueprint.overriding import with_window
from dure.core.errors import Refused
from dure.core.text import Text


def check_source(source: str, file: str) -> None:
    """Raise ``Flaws`` unless a blueprint's text is sound; the blueprints it speaks of are those of the library."""
    flaws = lint_text(source.encode(), file)
    if flaws:
        raise Flaws(flaws)


def check_window(source: bytes, stage_id: str, when: Mapping[str, Any], *, draft: bool) -> None:
    """Raise ``Flaws`` unless ``when`` could stand at the stage of a sound blueprint's text.

    Once a programme is no draft, nothing can fill a ``bind`` any more.
    """
    file = f"{stage_id}.when"
    flaws = lint_text(with_window(source, stage_id, when), file)
    if flaws:
        raise Flaws(flaws)
    if not draft and "bind" in when.values():
        sentence = Text(
            ko="공고한 프로그램에는 날짜를 직접 적으세요.", en="Write the date itself: the programme is public."
        )
        raise Refused("window.bind", sentence, stage=stage_id)


def flaws_of_binding(
    blueprint: Blueprint, bind: Mapping[str, Any], parties: Mapping[str, Sequence[str]], *, slug: str, zone: str
) -> list[Flaw]:
    """What a programme leaves unbound, binds without need, or binds to the wrong number of organisations.

    ``parties``: the short names of the organisations that stand for each party.
    """
    named = {key: list(parties[key]) for key, party in blueprint.parties.items() if party.bind and parties.get(key)}
    one = {key: names[0] if len(names) == 1 else names for key, names in named.items()}
    written = {"programme": slug, "blueprint": blueprint.name, "zone": zone, "bind": {**bind, **one}}
    text = json.dumps(written, ensure_ascii=False).encode()
    return lint_text(text, slug, Library.around(()).including(blueprint))


def lacking_parties(blueprint: Blueprint, parties: Mapping[str, Sequence[str]]) -> list[Text]:
    """Parties that stand by their own key need their organisations too."""
    found = []
    for key, party in blueprint.parties.items():
        least, have = party.count or party.min or 1, len(parties.get(key, ()))
        if not party.bind and (have < least or (party.count is not None and have > party.count)):
            sentence = Text(
                ko="‘{key}’: 기관 {n}곳을 지정하세요(지금 {have}곳).",
                en="{key}: organisations needed {n}, named {have}.",
            )
            found.append(sentence.format(key=blueprint.word(key), n=least, have=have))
    return found
