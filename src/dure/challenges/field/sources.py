"""Where a trial's requests come from: a file that was sent, or the service's own address. Writes no row.

``GET ADDRESS?after=CURSOR&limit=N`` answers ``{"requests": […], "next": CURSOR}``: ``next`` null says that there are no
more, the same cursor that there are none yet. ``POST ANSWERS {"ids": […]}`` answers ``{"answers": {ID: {"answer",
"truth"?, "service_ms"?}}}``. Both are shown the trial's token as a bearer's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import IO, Any

import requests
from django.conf import settings

from dure.challenges import files
from dure.challenges.field.answers import answer_columns
from dure.challenges.field.requests import Shadow, Unreadable, answered, is_sampled, loaded, shadow
from dure.challenges.models import FieldRequest, FieldTrial, Upload
from dure.core import outbound
from dure.core.errors import Refused
from dure.core.text import Text
from dure.people.keys import sealed, unsealed

MOST_PAGE = 1_000
_MOST_READ = 20_000  # lines of a file for one batch, where the share is small
_USE = "field-trial"
_SILENT = Text(
    ko="서비스의 주소({host})에서 응답을 받지 못했습니다. 주소와 방화벽을 확인하세요. 1분 뒤 다시 시도합니다. ({why})",
    en="The service's address ({host}) did not answer: see to the address and its firewall. "
    "It is tried again in a minute. ({why})",
)
_REFUSED = Text(
    ko="서비스의 주소({host})가 {status}(으)로 답했습니다. 토큰과 주소를 확인하세요. 1분 뒤 다시 시도합니다.",
    en="The service's address ({host}) answered {status}: see to the token and the address. "
    "It is tried again in a minute.",
)
_ODD = Text(
    ko="서비스의 주소({host})가 약속한 형식으로 답하지 않았습니다: {why}",
    en="The service's address ({host}) did not answer in the form that was agreed: {why}",
)
_FORM = Text(ko="requests와 next가 있는 JSON이어야 합니다.", en="It must be JSON with requests and next.")
_OLD = Text(
    ko="보관한 요청이 지금의 채점 방식과 맞지 않습니다({why}). 현장 시험을 멈추고 새로 만드세요.",
    en="The requests that are kept do not go with how the task is scored now ({why}). "
    "Stop this field trial and make a new one.",
)
_ANSWERS = Text(ko="answers가 있는 JSON이어야 합니다.", en="It must be JSON with answers.")


class Unreached(Refused):
    """The source cannot be read now; trying again later is right."""

    status = 502


@dataclass(frozen=True)
class Read:
    """What was read: the requests to try, up to where (``cursor`` and ``skip``), how many there were with those that
    were not chosen, and whether there are no more."""

    shadows: tuple[Shadow, ...]
    cursor: str
    skip: int
    many: int
    is_over: bool


def read(trial: FieldTrial, *, most: int) -> Read:
    """The next requests of a trial, at most ``most`` of them to be tried. Raises Unreached."""
    found = _of_file(trial, trial.upload, most) if trial.upload else _of_address(trial, most)
    known = FieldRequest.objects.filter(trial=trial, key__in=[one.key for one in found.shadows])
    seen = set(known.values_list("key", flat=True))
    fresh = {one.key: one for one in found.shadows if one.key not in seen}
    return replace(found, shadows=_with_answers(trial, tuple(fresh.values())))


def seal(token: str) -> str:
    """The token as it is kept."""
    return sealed(token, use=_USE) if token else ""


# --- a file


def _of_file(trial: FieldTrial, upload: Upload, most: int) -> Read:
    """Its cursor is a place in the file."""
    chosen: list[Shadow] = []
    with files.path_of(upload).open("rb") as file:
        file.seek(int(trial.cursor or 0))
        many = 0
        while len(chosen) < most and many < _MOST_READ and (line := file.readline()):
            many += 1
            found = _kept(trial, line)
            if _is_chosen(trial, found):
                chosen.append(found)
        return Read(tuple(chosen), str(file.tell()), 0, many, _at_end(file))


def _kept(trial: FieldTrial, line: bytes) -> Shadow:
    """As it was read when it was sent, unless the task's columns are others since."""
    try:
        return shadow(loaded(line), answer_columns(trial.submission.entrant.task))
    except Unreadable as wrong:
        raise Unreached("field.old", _OLD.format(why=wrong.text)) from None


def _at_end(file: IO[bytes]) -> bool:
    return not file.read(1)


# --- an address


def _of_address(trial: FieldTrial, most: int) -> Read:
    """Its cursor is the service's own; a page of which more are chosen than fit is read again, without the first."""
    limit = min(MOST_PAGE, trial.skip + -(-most * 100 // trial.share))
    told = _asked(trial, "GET", trial.address, params={"after": trial.cursor, "limit": limit})
    if not isinstance(told, Mapping) or not isinstance(told.get("requests"), list) or "next" not in told:
        raise _odd(trial.address, _FORM)
    page, following = told["requests"], told["next"]
    if not isinstance(following, str | int | None) or len(page) > MOST_PAGE:
        raise _odd(trial.address, _FORM)
    shadows = _shadows(trial, page[trial.skip :])
    places = [place for place, one in enumerate(shadows) if _is_chosen(trial, one)]
    if len(places) > most:
        taken = places[most - 1] + 1
        chosen = tuple(shadows[place] for place in places[:most])
        return Read(chosen, trial.cursor, trial.skip + taken, taken, False)
    chosen = tuple(shadows[place] for place in places)
    if following is not None and str(following) == trial.cursor:  # nothing newer yet: the page may still grow
        return Read(chosen, trial.cursor, trial.skip + len(shadows), len(shadows), False)
    return Read(chosen, str(following or ""), 0, len(shadows), following is None)


def _shadows(trial: FieldTrial, page: Sequence[object]) -> list[Shadow]:
    try:
        return [shadow(told, answer_columns(trial.submission.entrant.task)) for told in page]
    except Unreadable as wrong:
        raise _odd(trial.address, wrong.text) from None


def _with_answers(trial: FieldTrial, chosen: tuple[Shadow, ...]) -> tuple[Shadow, ...]:
    if not trial.answers_address or not chosen:
        return chosen
    told = _asked(trial, "POST", trial.answers_address, json={"ids": [one.id for one in chosen]})
    answers = told.get("answers") if isinstance(told, Mapping) else None
    if not isinstance(answers, Mapping):
        raise _odd(trial.answers_address, _ANSWERS)
    columns = answer_columns(trial.submission.entrant.task)
    try:
        return tuple(answered(one, answers[one.id], columns) if one.id in answers else one for one in chosen)
    except Unreadable as wrong:
        raise _odd(trial.answers_address, wrong.text) from None


def _asked(trial: FieldTrial, method: str, address: str, **rest: Any) -> object:
    headers = {"Authorization": f"Bearer {unsealed(trial.token, use=_USE)}"} if trial.token else {}
    try:
        with outbound.session(private=settings.PRIVATE_HOSTS) as session:
            answer = session.request(method, address, headers=headers, **rest)
    except (requests.RequestException, OSError) as fault:
        raise _unreached("field.silent", _SILENT, address, why=type(fault).__name__) from fault
    if answer.status_code != requests.codes.ok:
        raise _unreached("field.refused", _REFUSED, address, status=answer.status_code)
    return loaded(answer.content)


def _odd(address: str, why: Text) -> Unreached:
    return _unreached("field.odd", _ODD, address, why=why)


def _unreached(code: str, sentence: Text, address: str, **facts: object) -> Unreached:
    return Unreached(code, sentence.format(host=host_of(address), **facts))


def host_of(address: str) -> str:
    """The address as far as it may be shown: what follows the host may hold a key."""
    return address.partition("//")[2].partition("/")[0].rpartition("@")[2]


def _is_chosen(trial: FieldTrial, one: Shadow) -> bool:
    return is_sampled(one.id, seed=trial.seed, share=trial.share)
