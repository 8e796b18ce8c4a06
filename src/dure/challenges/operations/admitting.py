"""Whether a round takes what somebody brings: now, from them, of that kind and name."""

from datetime import datetime

from dure.challenges.models import Allowed, Code, Entrant, Round, SubmissionKind
from dure.compute.box import Author
from dure.compute.runners import check_runs
from dure.core.errors import Flawed, Forbidden, Refused
from dure.core.text import Text
from dure.people.days import for_reader
from dure.people.models import Person
from dure.people.queries import verified_emails_of

MOST_COMMAND = 400
_CLOSED = Text(
    ko="마감 시각({when})이 지나 제출할 수 없습니다.", en="The deadline has passed ({when}). Nothing is taken."
)
_EARLY = Text(ko="제출은 {when}에 시작합니다.", en="Submissions are taken from {when}.")
_PAUSED = Text(
    ko="주최자가 지금은 제출을 받지 않습니다. 공지를 확인하고 나중에 다시 제출하세요.",
    en="The organisers take no submissions at the moment. See the announcements, and submit later.",
)
_NOT_LISTED = Text(
    ko="이 라운드에는 주최자의 명단에 있는 이메일로 가입한 사람만 제출할 수 있습니다. "
    "명단에 있어야 한다면 주최자에게 문의하세요.",
    en="Only those whose email address is on the organisers' list can submit in this round. "
    "If yours should be on it, ask them.",
)
_FILES_ONLY = Text(ko="이 라운드에는 예측 파일을 제출하세요.", en="This round takes prediction files only.")
_CODE_ONLY = Text(ko="이 라운드에는 코드를 압축해 제출하세요.", en="This round takes code: submit an archive.")
_TYPES = Text(
    ko="이 라운드는 다음 형식의 파일만 받습니다: {types}", en="This round takes files of these types only: {types}"
)
_COMMAND = Text(
    ko="실행 명령은 {most}자 이내의 한 줄로 쓰세요.", en="Write the command as one line of at most {most} characters."
)


def check_window(entrant: Entrant, moment: datetime) -> None:
    """Raise Refused before the opening, from the deadline on, and while the organisers take nothing."""
    deadline, zone = entrant.deadline, entrant.task.round.zone
    opens = max(filter(None, [entrant.opens_at, entrant.task.round.opens_at]), default=None)
    if deadline is not None and moment >= deadline:
        closed = _CLOSED.format(when=for_reader(deadline, zone, closes=True))
        raise Refused("challenges.closed", closed, deadline=deadline)
    if opens is not None and moment < opens:
        raise Refused("challenges.early", _EARLY.format(when=for_reader(opens, zone)), opens_at=opens)
    if not entrant.task.round.is_active:
        raise Refused("challenges.paused", _PAUSED)


def is_listed(person: Person, round_: Round) -> bool:
    """Whether somebody may submit by the round's list, where it goes by one: an address of theirs is on it."""
    if not round_.by_list:
        return True
    return Allowed.objects.filter(round=round_, email__in=verified_emails_of(person)).exists()


def check_listed(person: Person, round_: Round) -> None:
    """Raise Forbidden for whoever the organisers' list does not name."""
    if not is_listed(person, round_):
        raise Forbidden("challenges.not-listed", _NOT_LISTED)


def check_kind(round_: Round, kind: str) -> None:
    """Raise Refused for a kind that the round does not take, Unready where programs are not run."""
    if kind == SubmissionKind.FILE and round_.code == Code.REQUIRED:
        raise Refused("challenges.code-required", _CODE_ONLY)
    if kind == SubmissionKind.CODE:
        if round_.code == Code.NONE:
            raise Refused("challenges.no-code", _FILES_ONLY)
        check_runs(Author.PARTICIPANT)


def check_type(round_: Round, name: str) -> None:
    """Raise Refused for a name that ends in none of the types that the round takes."""
    if round_.file_types and not name.lower().endswith(tuple(round_.file_types)):
        types = ", ".join(round_.file_types)
        raise Refused("challenges.file-type", _TYPES.format(types=types), types=round_.file_types)


def check_command(command: str) -> None:
    """Raise Flawed for what is no line that could start a program."""
    if len(command) > MOST_COMMAND or not command.isprintable():
        raise Flawed("challenges.command", _COMMAND.format(most=MOST_COMMAND), errors=[command[:MOST_COMMAND]])
