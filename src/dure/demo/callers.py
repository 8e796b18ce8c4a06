"""The parties of the demo: an account for each part, and everybody who speaks to the HTTP API."""

import secrets
from dataclasses import dataclass, field

from dure.act.client import ApiClient
from dure.core.text import Text
from dure.people.models import Person, Role
from dure.people.operations import found_organisation, issue_token, join_organisation, register

HOST = "naver"
DOMAIN = "demo.example.org"
LEARNER, ORGANISER, JUDGE, RECRUITER, SECRETARIAT = "learner", "organiser", "judge", "recruiter", "secretariat"
PARTS = {
    LEARNER: Text(ko="참가자", en="Learner"),
    ORGANISER: Text(ko="운영 담당자", en="Organiser"),
    JUDGE: Text(ko="심사위원", en="Judge"),
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
class Callers(ApiClient):
    """Everybody in the demo by name, with their tokens and addresses."""

    emails: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

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
