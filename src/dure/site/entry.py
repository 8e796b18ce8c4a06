"""The entry act as a form: options, a team, an organisation, a title, as the stage and the subject ask for them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypedDict

from django.http import HttpRequest

from dure.blueprint.model import Stage, Subject
from dure.core.errors import Flawed
from dure.core.text import Text
from dure.people.days import today
from dure.people.models import Organisation, Person, Team
from dure.people.operations import form_team
from dure.people.queries import teams_of
from dure.programmes.frozen import blueprint_of, options_at
from dure.programmes.models import Programme
from dure.site import words
from dure.site.visitors import id_from, person_of

TEAM_NAME = Text(ko="팀을 고르거나 새 팀의 이름을 입력하세요.", en="Choose a team, or name a new one.")
NO_ORGANISATION = Text(ko="참가할 기관을 고르세요.", en="Choose the organisation that enters.")


@dataclass(frozen=True)
class Choices:
    """What has to be chosen, each with what there is to choose from."""

    options: list[tuple[str, str]] = field(default_factory=list)
    choose: int = 1
    teams: Sequence[Team] | None = None
    organisations: Sequence[Organisation] | None = None
    partners: Sequence[Organisation] = ()
    title: bool = False


class Entry(TypedDict, total=False):
    """The rest of ``enter`` and ``accept``."""

    options: list[str]
    team: Team
    organisation: Organisation
    partners: list[Organisation]
    title: str


def choices_for(programme: Programme, stage: Stage, person: Person) -> Choices:
    """What ``person`` chooses from when entering at ``stage``."""
    blueprint = blueprint_of(programme)
    names = options_at(programme, stage.id) if stage.options is not None else ()
    options = [(name, words.word(blueprint, name)) for name in names]
    if stage.after:
        return Choices(options, stage.choose)
    match blueprint.subject:
        case Subject.TEAM:
            return Choices(options, stage.choose, teams=list(teams_of(person)))
        case Subject.ITEM:
            return Choices(options, stage.choose, title=True)
        case Subject.ORG:
            return Choices(options, stage.choose, organisations=_own(person))
        case Subject.CONSORTIUM:
            others = list(Organisation.objects.order_by("name_ko")[:500])
            return Choices(options, stage.choose, organisations=_own(person), partners=others, title=True)
    return Choices(options, stage.choose)


def entry_from(request: HttpRequest, programme: Programme, stage: Stage) -> Entry:
    """What was chosen, as ``enter`` and ``accept`` take it."""
    post = request.POST
    entry = Entry(options=post.getlist("options"))
    if stage.after:
        return entry
    person = person_of(request)
    subject = blueprint_of(programme).subject
    if subject is Subject.TEAM:
        entry["team"] = _team(post.get("team", ""), post.get("team_name", ""), person)
    if subject in {Subject.ORG, Subject.CONSORTIUM}:
        entry["organisation"] = _organisation(post.get("organisation", ""), person)
    if subject is Subject.CONSORTIUM:
        entry["partners"] = list(
            Organisation.objects.filter(pk__in=[id_from(chosen) for chosen in post.getlist("partners")])
        )
    if subject in {Subject.ITEM, Subject.CONSORTIUM}:
        entry["title"] = post.get("title", "").strip()
    return entry


def _own(person: Person) -> list[Organisation]:
    """Organisations that the person belongs to today."""
    at = person.memberships.on(today()).values("organisation")
    return list(Organisation.objects.filter(pk__in=at).order_by("name_ko"))


def _team(chosen: str, name: str, person: Person) -> Team:
    if name.strip():
        return form_team(name, captain=person)
    team = teams_of(person).filter(pk=id_from(chosen)).first()
    if team is None:
        raise Flawed("entry.team", TEAM_NAME)
    return team


def _organisation(chosen: str, person: Person) -> Organisation:
    for organisation in _own(person):
        if str(organisation.pk) == chosen:
            return organisation
    raise Flawed("entry.organisation", NO_ORGANISATION)
