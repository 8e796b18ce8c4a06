"""Going to every address there is: those of the pages, and those of the API that only read."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from html import unescape
from itertools import product
from urllib.parse import urljoin

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from dure.api.v1 import api

NOT_OURS = ("admin/", "accounts/", "api/")
_NOT_OURS = tuple(f"/{part}" for part in NOT_OURS)
NOTHING = "00000000-0000-0000-0000-000000000000"


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """The pages' routes, with ``{name}`` for what an address names."""
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", route)
        elif not route.startswith(NOT_OURS):
            yield from routes(pattern, route)


@cache
def told() -> list[str]:
    """What of the API only reads; its document takes as long to write as a hundred pages."""
    return [path for path, answers in api.get_openapi_schema()["paths"].items() if "get" in answers]


def addresses(names: Mapping[str, Sequence[str]]) -> list[str]:
    """Every one, of every thing that ``names`` says there is."""
    found = []
    for route in (*routes(get_resolver()), *told()):
        wanted = re.findall(r"{(\w+)}", route)
        choices = [names.get(name, [NOTHING]) for name in wanted]
        found += [route.format(**dict(zip(wanted, chosen, strict=True))) for chosen in product(*choices)]
    return found


def read(response) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode(errors="replace") + str(dict(response.headers))


def follow(client: Client, start: str = "/") -> dict[str, int]:
    """Where the links of a page lead, those of the pages behind them, and so on: one address of each kind, and how it
    was answered."""
    waiting, kinds, answered = [start], set[str](), dict[str, int]()
    while waiting:
        address = waiting.pop()
        if (kind := _kind(address)) in kinds:
            continue
        kinds.add(kind)
        answer = client.get(address)
        answered[address] = answer.status_code
        if answer["Content-Type"].startswith("text/html"):
            waiting += _linked(address, answer.content.decode())
    return answered


def _kind(address: str) -> str:
    """An address without what it names: ids, numbers, and the values of what is asked."""
    path, _, query = address.partition("?")
    asked = sorted(part.split("=")[0] for part in query.split("&"))
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+", "#", path) + "&".join(asked)


def _linked(address: str, page: str) -> list[str]:
    found = (urljoin(address, unescape(link)) for link in re.findall(r'href="([^"#]+)', page))
    return [link for link in found if link.startswith("/") and not link.startswith(("/static/", "/docs/", *_NOT_OURS))]
