"""The client itself: what one can do in rounds, each in one call."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Self
from uuid import UUID

import requests

from dure.client.answers import BoardRow, Checked, Entry, Receipt, Round, Submission
from dure.client.entering import enter, enter_round
from dure.client.keeping import token_for
from dure.client.sending import Progress, check_is_file, kind_of, parcel, send
from dure.client.wire import Api
from dure.core.errors import Missing
from dure.core.text import Text

FIRST_WAIT, SLOWER, LAST_WAIT = 0.5, 1.5, 10.0  # seconds between two looks at an attempt
_NO_ID = Text(
    ko="‘{attempt}’은(는) 접수 번호가 아닙니다. `dure submit`이 출력한 번호를 쓰세요.",
    en="{attempt} is no id of a submission. Use the one that `dure submit` printed.",
)
Where = str | PathLike[str]


class Client:
    """Speaks to the platform at ``url`` as the owner of ``token``; sentences of the platform come in ``language``.

    A round is meant by its id, its name (``programme/stage/option``) or the beginning of it, up to a slash, where
    only one round begins so. Every method raises Refused with a sentence that says what to do, Unreachable where
    the platform does not answer.
    """

    def __init__(self, url: str, token: str, *, language: str = "en", session: requests.Session | None = None) -> None:
        self._api = Api(url, token, language=language, session=session)

    @classmethod
    def stored(cls, url: str | None = None, *, language: str = "en") -> Self:
        """As `dure login` left it, for that platform or the last one. Raises Missing("client.token")."""
        found, token = token_for(url)
        return cls(found, token, language=language)

    @property
    def url(self) -> str:
        return self._api.url

    def name(self) -> str:
        """Whose token it is."""
        return str(self._api.told("/me")["name"])

    def rounds(self) -> list[Round]:
        """The rounds that one takes part in, alone or in a team."""
        return [Round.told(answer) for answer in self._api.listed("/rounds", limit=200)]

    def round(self, meant: str) -> Round:
        """The one of them that is meant. Raises Missing("client.round") where none is, or more than one."""
        rounds = self.rounds()
        same = [one for one in rounds if meant in (one.id, one.name)]
        found = same or [one for one in rounds if one.name.startswith(f"{meant}/")]
        if len(found) != 1:
            raise _no_round(meant, found or rounds)
        return found[0]

    def enter(
        self, meant: str, *, options: Sequence[str] = (), team: str | None = None, name: str | None = None
    ) -> Entry:
        """Enter a programme (``PROGRAMME`` or ``PROGRAMME/STAGE``) at a start that asks nothing else: there may be
        ``options`` to choose, and a ``team`` of one's own by its id. Raises Refused("client.form") where a form is to
        be filled in, which its page is for.

        Or a round outside programmes, by its id: with that ``team``, else with a new one called ``name``, else under
        one's own name.
        """
        if _is_id(meant):
            return enter_round(self._api, meant, team=team, name=name)
        return enter(self._api, meant, options=options, team=team)

    def submit(
        self,
        meant: str,
        path: Where,
        *,
        kind: str | None = None,
        command: str = "",
        answers: Mapping[str, object] | None = None,
        public: bool | None = None,
        key: str | None = None,
        progress: Progress | None = None,
    ) -> Receipt:
        """Submit a prediction file, or a program: an archive or a folder that ``command`` starts.

        ``answers`` are those to what the round asks (``Round.questions``), by key; ``public``: whether whoever sees the
        board sees the submission, where the round lets its entrants say so.

        A large file goes in parts; called again after a broken connection, it goes on where it was. The receipt's
        time is when the whole had arrived. The same attempt is never made twice: by your ``key``, else by one that
        is kept here until the receipt is. Raises Refused where the round takes nothing now.
        """
        into, sent = self.round(meant), Path(path)
        chosen = kind or kind_of(sent, command, into=into)
        with parcel(sent, kind=chosen, command=command, answers=answers or {}, public=public) as what:
            return send(self._api, into.id, what, key=key, progress=progress)

    def submission(self, attempt: str) -> Submission:
        """An attempt as it stands now. Raises Missing("client.submission") for what is no id of one."""
        if not _is_id(attempt):
            raise Missing("client.submission", _NO_ID.format(attempt=attempt))
        return Submission.told(self._api.told(f"/submissions/{attempt}"))

    def wait(
        self, attempt: str, *, seconds: float | None = None, seen: Callable[[Submission], None] | None = None
    ) -> Submission:
        """The attempt once it is judged, or as it stands after so many ``seconds``; ``seen`` is told of each look."""
        until = None if seconds is None else time.monotonic() + seconds
        pause = FIRST_WAIT
        while True:
            found = self.submission(attempt)
            if seen:
                seen(found)
            if found.judged or (until is not None and time.monotonic() + pause > until):
                return found
            time.sleep(pause)
            pause = min(pause * SLOWER, LAST_WAIT)

    def board(self, meant: str, *, part: str | None = None) -> Iterator[BoardRow]:
        """Every row of the board that is shown, from the first; ``part``: public or final."""
        asked = {"part": part} if part else {}
        return map(BoardRow.told, self._api.listed(f"/tasks/{self._task(meant)}/board", limit=500, **asked))

    def board_csv(self, meant: str, *, part: str | None = None) -> bytes:
        """The whole board as a CSV file in UTF-8."""
        asked = {"part": part} if part else {}
        return self._api.ask("get", f"/tasks/{self._task(meant)}/board.csv", params=asked).content

    def check(self, meant: str, path: Where) -> Checked:
        """What the platform would find in a prediction file, found here; no attempt is used up."""
        from dure.client.checking import check  # noqa: PLC0415 -- slow import: numpy

        check_is_file(Path(path))
        return check(Path(path), self._api.told(f"/tasks/{self._task(meant)}/format"))

    def kit(self, meant: str, into: Where) -> Path:
        """Save the round's starter kit, a ZIP, as the file ``into``."""
        path = Path(into)
        answer = self._api.ask("get", f"/tasks/{self._task(meant)}/kit", stream=True)
        with path.open("wb") as file:
            file.writelines(answer.iter_content(1 << 20))
        return path

    def _task(self, meant: str) -> str:
        return meant if _is_id(meant) else self.round(meant).id


def _no_round(meant: str, among: list[Round]) -> Missing:
    names = ", ".join(one.name for one in among)
    sentence = Text(
        ko="‘{meant}’에 맞는 라운드가 없거나 둘 이상입니다. 다음 중에서 고르세요: {names}",
        en="{meant} is no round of yours, or several. Choose one of: {names}",
    )
    return Missing("client.round", sentence.format(meant=meant, names=names or "–"))


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
