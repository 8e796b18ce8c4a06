"""The parties of the demo and how they speak: each step is a request to the HTTP API with its party's own token."""

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dure.core.errors import Refused
from dure.core.text import Text
from dure.people.models import Person, Role
from dure.people.operations import found_organisation, issue_token, join_organisation, register

HOST = "naver"
DOMAIN = "demo.example.org"
LEARNER, ORGANISER, JUDGE, RECRUITER, SECRETARIAT = "learner", "organiser", "judge", "recruiter", "secretariat"
PARTS = {
    LEARNER: Text(ko="참가자", en="Learner"),
    ORGANISER: Text(ko="운영 담당자", en="Organiser"),
    JUDGE: Text(ko="심사 위원", en="Judge"),
    RECRUITER: Text(ko="채용 담당자", en="Recruiter"),
    SECRETARIAT: Text(ko="사무국", en="Secretariat"),
}


@dataclass(frozen=True)
class Account:
    """How a visitor signs in as one of the parts; the password is kept nowhere else."""

    part: str
    email: str
    password: str


@dataclass
class Callers:
    """Everybody in the demo by name, with their tokens. ``language`` is that of refusals."""

    language: str = "en"
    tokens: dict[str, str] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    requests: int = 0
    client: Client = field(default_factory=lambda: Client(SERVER_NAME="127.0.0.1", raise_request_exception=False))

    def ask(
        self, method: str, path: str, body: Any = None, *, by: str, files: Mapping[str, tuple[str, bytes]] | None = None
    ) -> Any:
        """One request, JSON or (with ``files``: name and content by field) a form. Raises Refused as the API did."""
        self.requests += 1
        headers = {"Authorization": f"Bearer {self.tokens[by]}", "Accept-Language": self.language}
        if method == "post":
            headers["Idempotency-Key"] = str(uuid4())
        if files:
            sent = {name: SimpleUploadedFile(*file) for name, file in files.items()}
            answer = self.client.post(f"/api/v1{path}", {**sent, **(body or {})}, headers=headers)
        else:
            data = "" if body is None else json.dumps(body)
            answer = self.client.generic(
                method.upper(), f"/api/v1{path}", data, content_type="application/json", headers=headers
            )
        if answer.status_code >= 400:
            raise _refusal(answer)
        return answer.json()

    def post(self, path: str, body: Any = None, *, by: str) -> Any:
        return self.ask("post", path, body, by=by)

    def listed(self, path: str, *, by: str) -> Iterator[dict[str, Any]]:
        """Every row of a list, page after page."""
        after = ""
        while True:
            page = self.ask("get", f"{path}{'&' if '?' in path else '?'}limit=200{after}", by=by)
            yield from page["items"]
            if page["next"] is None:
                return
            after = f"&after={page['next']}"

    def bring(self, name: str, person: Person) -> None:
        """From now on ``name`` is this person, who speaks with a token of their own."""
        self.tokens[name] = issue_token(person, name="demo").secret
        self.emails[name], self.names[str(person.pk)] = person.email, name


def found_house(callers: Callers) -> list[Account]:
    """NAVER, and somebody to sign in as for each part."""
    naver = found_organisation(HOST, name_ko="네이버", name_en="NAVER", kind="company")
    accounts = []
    for part, title in PARTS.items():
        account = Account(part, f"{part}@{DOMAIN}", secrets.token_urlsafe(9))
        person = register(
            account.email, name=title.ko, password=account.password, verified=True, operator=part == SECRETARIAT
        )
        if part in {ORGANISER, JUDGE, RECRUITER}:
            role = Role.ADMIN if part == ORGANISER else Role.MEMBER
            join_organisation(naver, person=person, role=role)
        callers.bring(part, person)
        accounts.append(account)
    return accounts


def _refusal(answer: Any) -> Refused:
    """The API's own refusal, again an exception."""
    try:
        problem = answer.json()
    except ValueError:
        problem = {"code": "demo.answer", "detail": answer.content.decode(errors="replace")[:300]}
    errors = (problem.get("facts") or {}).get("errors") or ""
    told = f"{problem.get('detail')} {errors}".strip()
    return Refused(str(problem.get("code")), Text(ko=told, en=told), status=answer.status_code)
