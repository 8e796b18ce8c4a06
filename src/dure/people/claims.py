"""What an organisation's sign-in says of a person, and what that makes them there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dure.people.models import IdentityProvider, Role


@dataclass(frozen=True, slots=True)
class Claims:
    """``email`` in small letters; ``values`` by the provider's own names, always lists."""

    email: str
    name: str
    values: Mapping[str, list[str]]


def roles_from(provider: IdentityProvider, values: Mapping[str, list[str]]) -> set[Role]:
    """What the person is at the organisation; nothing: they have left it.

    Without a role claim everybody is a member. Without words for members, so is everybody who is no student.
    """
    if not provider.role_claim:
        return {Role.MEMBER}
    said = {word.casefold() for word in values.get(provider.role_claim, [])}
    members, students = _words(provider.member_words), _words(provider.student_words)
    roles = {role for role, words in ((Role.MEMBER, members), (Role.STUDENT, students)) if words & said}
    return roles or (set() if members else {Role.MEMBER})


def department_from(provider: IdentityProvider, values: Mapping[str, list[str]]) -> str:
    return next(iter(values.get(provider.department_claim, [])), "")[:120] if provider.department_claim else ""


def as_lists(claims: Mapping[str, object]) -> dict[str, list[str]]:
    """Claims of any shape as lists of words; what is neither word nor list of words says nothing."""
    return {name: _texts(value) for name, value in claims.items()}


def _texts(value: object) -> list[str]:
    if isinstance(value, str | int | bool):
        return [str(value)]
    return [str(each) for each in value if isinstance(each, str | int)] if isinstance(value, Iterable) else []


def _words(written: str) -> set[str]:
    return {word.strip().casefold() for word in written.split(",") if word.strip()}
