"""A client of the HTTP API in this process: each request with the token of the party who makes it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.serializers.json import DjangoJSONEncoder
from django.test import Client

from dure.core.errors import Refused
from dure.core.text import Text

Files = Mapping[str, tuple[str, bytes]]  # by field of the form: a file's name and its content


@dataclass
class ApiClient:
    """Everybody who speaks, by name, with their ``tokens``. ``language`` is that of refusals."""

    language: str = "en"
    tokens: dict[str, str] = field(default_factory=dict)
    requests: int = 0
    client: Client = field(default_factory=lambda: Client(SERVER_NAME="127.0.0.1", raise_request_exception=False))

    def ask(self, method: str, path: str, body: Any = None, *, by: str, files: Files | None = None) -> Any:
        """One request, JSON or (with ``files``) a form. Raises Refused as the API did, with its HTTP ``status``."""
        self.requests += 1
        headers = {"Authorization": f"Bearer {self.tokens[by]}", "Accept-Language": self.language}
        if method == "post":
            headers["Idempotency-Key"] = str(uuid4())
        if files:
            sent = {name: SimpleUploadedFile(*file) for name, file in files.items()}
            answer = self.client.post(f"/api/v1{path}", {**sent, **(body or {})}, headers=headers)
        else:
            data = "" if body is None else json.dumps(body, cls=DjangoJSONEncoder)
            answer = self.client.generic(
                method.upper(), f"/api/v1{path}", data, content_type="application/json", headers=headers
            )
        if answer.status_code >= 400:
            raise _refusal(answer)
        return answer.json() if answer.content else None

    def post(self, path: str, body: Any = None, *, by: str) -> Any:
        return self.ask("post", path, body, by=by)

    def listed(self, path: str, *, by: str) -> Iterator[Any]:
        """Every row of a list, page after page."""
        after = ""
        while True:
            page = self.ask("get", f"{path}{'&' if '?' in path else '?'}limit=200{after}", by=by)
            yield from page["items"]
            if page["next"] is None:
                return
            after = f"&after={page['next']}"


def _refusal(answer: Any) -> Refused:
    """The API's own refusal, again an exception."""
    try:
        problem = answer.json()
    except ValueError:
        problem = {"code": "api.answer", "detail": answer.content.decode(errors="replace")[:300]}
    errors = (problem.get("facts") or {}).get("errors") or ""
    told = f"{problem.get('detail')} {errors}".strip()
    return Refused(str(problem.get("code")), Text(ko=told, en=told), status=answer.status_code)
