"""One's own side of the API: the token, tries again where that is safe, and the platform's refusals as they are."""

import time
from collections.abc import Iterator
from typing import Any

import requests
from requests.auth import AuthBase

from dure.core.errors import Refused, Unready
from dure.core.text import Text

SECONDS = (10, 120)  # to connect; between two bytes of an answer
WAITS = (0.5, 1, 2, 4, 8)
BUSY = {502, 503, 504}
_AWAY = Text(
    ko="{url}에 연결할 수 없습니다. 주소와 네트워크를 확인하고 다시 시도하세요.",
    en="{url} cannot be reached. Check the address and the network, then try again.",
)
_STRANGE = Text(
    ko="{url}의 응답을 읽을 수 없습니다(HTTP {status}). 두레의 주소가 맞는지 확인하세요.",
    en="The answer of {url} cannot be read (HTTP {status}). Check that it is the address of a Dure.",
)


class _Bearer(AuthBase):
    """As an authentication of its own: a plain header would give way to an entry of ~/.netrc."""

    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


class Unreachable(Unready):
    """The platform does not answer, or not now."""


class Api:
    """The API at ``url`` for the bearer of ``token``. Sentences come in ``language`` (ko or en)."""

    def __init__(self, url: str, token: str, *, language: str, session: requests.Session | None = None) -> None:
        self.url = url.rstrip("/")
        self._session = session or requests.Session()
        self._auth = _Bearer(token)
        self._headers = {"Accept-Language": language}

    def ask(
        self, method: str, path: str, *, again: bool = True, headers: dict[str, str] | None = None, **rest: Any
    ) -> requests.Response:
        """One request. ``again``: it may be sent several times, as it is done once or changes nothing.

        Raises what the platform refuses as Refused with its status, Unreachable where nobody answers.
        """
        for wait in (*WAITS, None) if again else (None,):
            try:
                answer = self._session.request(
                    method, f"{self.url}/api/v1{path}", headers=self._headers | (headers or {}),
                    auth=self._auth, timeout=SECONDS, allow_redirects=False, **rest,
                )  # fmt: skip
            except (requests.ConnectionError, requests.Timeout) as fault:
                if wait is None:
                    raise Unreachable("client.away", _AWAY.format(url=self.url)) from fault
            else:
                if answer.status_code not in BUSY or wait is None:
                    return self._sound(answer)
            time.sleep(wait)
        raise AssertionError("the last try returns or raises")

    def told(self, path: str, **params: Any) -> Any:
        """What there is at an address, from JSON."""
        return self.done("get", path, params=params)

    def done(self, method: str, path: str, **rest: Any) -> Any:
        """As ``ask``, with the answer read from JSON."""
        answer = self.ask(method, path, **rest)
        try:
            return answer.json()
        except ValueError:
            raise self._strange(answer) from None

    def listed(self, path: str, **params: Any) -> Iterator[Any]:
        """Every row of a list, page after page."""
        after: dict[str, str] = {}
        while True:
            page = self.told(path, **params, **after)
            yield from page["items"]
            if page["next"] is None:
                return
            after = {"after": page["next"]}

    def _sound(self, answer: requests.Response) -> requests.Response:
        if answer.status_code < 300:
            return answer
        try:
            problem = answer.json()
            refusal = Refused(problem["code"], problem["detail"], **problem["facts"])
        except (ValueError, KeyError, TypeError):
            raise self._strange(answer) from None
        refusal.status = answer.status_code
        raise refusal

    def _strange(self, answer: requests.Response) -> Unreachable:
        return Unreachable("client.answer", _STRANGE.format(url=self.url, status=answer.status_code))
