"""Entering a round by its id, or a programme at a start that asks nothing: what asks something is for its page."""

from collections.abc import Mapping, Sequence
from typing import Any

from dure.client.answers import Entry
from dure.client.wire import Api
from dure.core.errors import Missing, Refused
from dure.core.text import Text

_NO_START = Text(
    ko="‘{programme}’에서 바로 참가할 수 있는 단계가 하나가 아닙니다. 다음 중에서 고르거나 프로그램 화면을 보세요: "
    "{stages} ({url})",
    en="Not exactly one stage of {programme} can be entered directly. Name one of these, or see its page: {stages} "
    "({url})",
)
_FORM = Text(
    ko="이 단계에서는 양식을 작성해야 합니다. 프로그램 화면에서 지원하세요: {url}",
    en="A form is filled in here. Apply on the programme's page: {url}",
)
_TEAM = Text(
    ko="팀으로 참가하는 단계입니다. 프로그램 화면에서 팀을 만들거나, 팀의 번호를 함께 보내세요(--team): {url}",
    en="Teams enter here. Form one on the programme's page, or name yours (--team): {url}",
)
_OPTION = Text(
    ko="과제를 {choose}개 고르세요(--option). 고를 수 있는 것: {options}",
    en="Choose {choose} (--option) of: {options}",
)


def enter_round(api: Api, task: str, *, team: str | None = None, name: str | None = None) -> Entry:
    """Enter a round that people enter by themselves, with a team of one's own or a new one."""
    return Entry.of_round(api.done("post", f"/tasks/{task}/entries", json={"team": team, "name": name}, again=False))


def enter(api: Api, meant: str, *, options: Sequence[str] = (), team: str | None = None) -> Entry:
    """Enter ``PROGRAMME`` or ``PROGRAMME/STAGE``. Raises Missing("client.start"), Refused("client.form", …)."""
    slug, _, wanted = meant.partition("/")
    page = f"{api.url}/programmes/{slug}/"
    told = api.told(f"/programmes/{slug}")
    stage = _start(told, wanted, page)
    _check(stage, page, options, team)
    body = {"options": list(options), "team": team}
    answer = api.done("post", f"/programmes/{slug}/stages/{stage['id']}/entries", json=body)
    return Entry.told(answer)


def _start(programme: Mapping[str, Any], wanted: str, page: str) -> Mapping[str, Any]:
    starts = [stage for stage in programme["stages"] if stage["entry"] == "open" and not stage["after"]]
    found: list[Mapping[str, Any]] = [stage for stage in starts if wanted in ("", stage["id"])]
    if len(found) == 1:
        return found[0]
    names = ", ".join(f"{programme['slug']}/{stage['id']}" for stage in starts)
    raise Missing("client.start", _NO_START.format(programme=programme["slug"], stages=names or "–", url=page))


def _check(stage: Mapping[str, Any], page: str, options: Sequence[str], team: str | None) -> None:
    """Refuse here what the platform would take and leave half done."""
    if stage["asks"]:
        raise Refused("client.form", _FORM.format(url=page), url=page)
    if stage["team"] and not team:
        raise Refused("client.team", _TEAM.format(url=page), url=page)
    if stage["options"] and len(options) != stage["choose"]:
        told = ", ".join(stage["options"])
        raise Refused("client.option", _OPTION.format(choose=stage["choose"], options=told), options=told)
