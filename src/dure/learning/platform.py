"""Microsoft Learn's Platform API, asked for a whole catalogue.

https://learn.microsoft.com/training/support/integrations-learn-platform-api-catalog-endpoints-developer-reference:
a token by client credentials from Microsoft Entra, then lists in pages, each with the address of the next.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from requests import RequestException, Response, Session

from dure.core import outbound
from dure.core.errors import Unready
from dure.core.text import Text
from dure.learning.models import Connection
from dure.people.keys import unsealed

SCOPE = "https://learn.microsoft.com/.default"
VERSION = "2023-11-01-preview"
PAGE = 100  # entries: an answer stays under what the outbound client takes in
MOST_PAGES = 500  # of one list
TRIES, WAIT, MOST_WAIT = 4, 2.0, 30.0  # seconds, doubled each time, or what the server asks
AGAIN = {429, 500, 502, 503, 504}
LISTS = {"modules": "modules", "learning-paths": "learningPaths", "courses": "courses", "levels": "levels",
         "roles": "roles", "products": "products", "subjects": "subjects"}  # fmt: skip
TRANSLATED = ("modules", "learning-paths")  # courses and taxonomies are asked for once
_UNREACHABLE = Text(
    ko="{host}에 연결할 수 없습니다({why}). 주소와 네트워크를 확인한 뒤 다시 가져오세요.",
    en="{host} cannot be reached ({why}). Check the address and the network, then import again.",
)
_REFUSED = Text(
    ko="{host}이(가) 거절했습니다({status}). 테넌트, 클라이언트 ID, 비밀 값을 확인하세요.",
    en="{host} refused ({status}). Check the tenant, the client id and the secret.",
)
_STRANGE = Text(
    ko="{host}의 응답이 알려진 형식이 아닙니다. 주소를 확인하세요.",
    en="{host} answers in a shape that is not known. Check the address.",
)


@dataclass
class Platform:
    """A connection in use. ``sleep`` is how it waits between tries."""

    connection: Connection
    sleep: Callable[[float], None] = time.sleep

    def catalogues(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Each locale with its catalogue, in the shape of the Catalog API. Raises Unready where it cannot be had."""
        session = outbound.session(private=settings.PRIVATE_HOSTS)
        session.headers["Authorization"] = f"Bearer {self._token(session)}"
        for at, locale in enumerate(self._locales()):
            lists = LISTS if at == 0 else {name: LISTS[name] for name in TRANSLATED}
            yield locale, {key: list(self._list(session, name, locale)) for name, key in lists.items()}

    def _locales(self) -> list[str]:
        return [part.strip() for part in self.connection.locales.split(",") if part.strip()] or ["en-us"]

    def _token(self, session: Session) -> str:
        connection = self.connection
        address = f"{connection.login}/{connection.tenant}/oauth2/v2.0/token"
        asked = {
            "grant_type": "client_credentials", "scope": SCOPE, "client_id": connection.client_id,
            "client_secret": unsealed(connection.secret, use=Connection.USE),
        }  # fmt: skip
        token = _told(self._sent(session, "POST", address, asked), address).get("access_token")
        if not isinstance(token, str):
            raise Unready("platform.strange", _STRANGE.format(host=_host(address)))
        return token

    def _list(self, session: Session, name: str, locale: str) -> Iterator[dict[str, Any]]:
        """Every entry of one list, as the Catalog API writes it."""
        query = urlencode({"api-version": VERSION, "locale": locale, "maxpagesize": PAGE})
        address, host = f"{self.connection.api}/{name}?{query}", urlsplit(self.connection.api).netloc
        for _ in range(MOST_PAGES):
            told = _told(self._sent(session, "GET", address), address)
            yield from (_entry(entry) for entry in told.get("value") or () if isinstance(entry, dict))
            address = str(told.get("nextLink") or "")
            if not address:
                return
            if urlsplit(address).netloc != host:  # the token is for this host alone
                raise Unready("platform.strange", _STRANGE.format(host=host))

    def _sent(self, session: Session, method: str, address: str, data: Mapping[str, str] | None = None) -> Response:
        """The answer, asked for again while the server is busy."""
        for at in range(TRIES):
            try:
                answer = session.request(method, address, data=data)
            except (RequestException, OSError) as wrong:
                why = _UNREACHABLE.format(host=_host(address), why=type(wrong).__name__)
                if at == TRIES - 1:
                    raise Unready("platform.unreachable", why) from None
                self.sleep(WAIT * 2**at)
                continue
            if answer.status_code not in AGAIN or at == TRIES - 1:
                break
            self.sleep(_asked_wait(answer) or WAIT * 2**at)
        if not answer.ok:
            raise Unready("platform.refused", _REFUSED.format(host=_host(address), status=answer.status_code))
        return answer


def _asked_wait(answer: Response) -> float:
    asked = answer.headers.get("Retry-After", "")
    return min(float(asked), MOST_WAIT) if asked.isdecimal() else 0.0


def _told(answer: Response, address: str) -> Mapping[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise Unready("platform.strange", _STRANGE.format(host=_host(address)))
    return told


def _host(address: str) -> str:
    return urlsplit(address).netloc


def _entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    """One entry as the Catalog API writes it: ids for objects, its names for keys."""
    guide = [{"uid": _id(part)} for part in entry.get("studyGuide") or ()]
    return {
        "uid": entry.get("id"), "id": entry.get("id"), "name": entry.get("name"), "title": entry.get("title"),
        "summary": entry.get("summary"), "url": entry.get("url"), "locale": entry.get("locale"),
        "last_modified": entry.get("updatedAt"), "duration_in_minutes": entry.get("durationInMinutes"),
        "duration_in_hours": entry.get("durationInHours"), "study_guide": guide,
        **{name: [_id(one) for one in entry.get(name) or ()]
           for name in ("roles", "levels", "products", "subjects", "modules", "units")},
    }  # fmt: skip


def _id(one: object) -> object:
    """Of a reference its id."""
    return one.get("id") or one.get("uid") if isinstance(one, dict) else one
