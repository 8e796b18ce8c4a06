"""Settings that other platforms keep and a round here does not: what happens here, and what to do instead."""

from collections.abc import Mapping
from dataclasses import dataclass

from dure.bundles.fields import Fields
from dure.core.text import Text

_NOTHING = {"", "false", "no", "off", "0", "none", "null"}


@dataclass(frozen=True)
class Left:
    """``here``: how it is here; ``instead``: what an organiser can do; ``when``: the values that are told, else any."""

    here: Text
    instead: Text
    when: frozenset[str] | None = None


def tell_left(told: Fields, settings: Mapping[str, Left]) -> None:
    """Name each setting that is made and has no counterpart here."""
    for key, left in settings.items():
        if _is_made(told, key, left):
            told.findings.add("setting.left", told.at(key), key=key, here=left.here, instead=left.instead)


def _is_made(told: Fields, key: str, left: Left) -> bool:
    node = told.node(key)
    if node is None:
        return False
    word = node.text.strip().lower()
    if left.when is not None:
        return word in left.when
    return bool(node.value) if isinstance(node.value, list | Mapping) else word not in _NOTHING


_ANONYMOUS = Left(
    Text(ko="순위표에 참가자 이름이 나옵니다.", en="boards show names."),
    Text(
        ko="참가 신청 전에 알리거나, 라운드 데스크의 ‘규칙’에서 순위표를 감추세요.",
        en="Tell entrants before they register, or hide the board under Rules at the round's desk.",
    ),
)
_TEAMS = Left(
    Text(ko="개인과 팀 중 누가 겨룰지는 가져올 때 고릅니다.", en="persons or teams is chosen while importing."),
    Text(ko="팀이 겨룬다면 ‘팀’을 고르세요.", en="Choose teams if teams compete."),
)
_ORGANISERS = Left(
    Text(ko="공동 주최자는 따라오지 않습니다.", en="other organisers do not come along."),
    Text(ko="프로그램에서 운영자 역할을 주세요.", en="Give them the organiser's role in the programme."),
)
_ONE_ENVIRONMENT = Left(
    Text(
        ko="단계마다 다른 이미지 대신 대회 전체가 한 환경에서 실행됩니다.",
        en="the whole competition runs in one environment.",
    ),
    Text(ko="모든 프로그램에 맞는 환경을 고르세요.", en="Choose an environment that fits all of its programs."),
)
_BEST = Text(ko="가장 나은 제출물이 순위에 오릅니다.", en="the best attempt counts, not the last one.")
_BEST_COUNTS = Text(ko="참가자에게 알리세요.", en="Tell entrants so.")
_DOMAINS = Left(
    Text(ko="주소의 도메인으로 참가를 가르지 않습니다.", en="nobody is kept out by the domain of an address."),
    Text(
        ko="manual_participant_approval을 True로 두거나, 라운드 데스크의 ‘참가와 질문’에서 주소 목록을 정하세요.",
        en="Set manual_participant_approval to True, or list addresses under Entry and questions at the round's desk.",
    ),
)

CODALAB = {
    "admin_names": _ORGANISERS,
    "allow_teams": _TEAMS,
    "anonymous_leaderboard": _ANONYMOUS,
    "enable_teams": _TEAMS,
}
CODALAB_PHASE = {
    "hidden_columns": Left(
        Text(ko="열은 모든 단계의 순위표에 나옵니다.", en="columns stand on the board of every phase."),
        Text(
            ko="모든 단계에서 감출 열에는 hidden: true를 쓰세요.",
            en="Write hidden: true at columns that no phase is to show.",
        ),
    ),
    "ingestion_program_docker_image": _ONE_ENVIRONMENT,
    "scoring_program_docker_image": _ONE_ENVIRONMENT,
}
CODABENCH = {
    "collaborators": _ORGANISERS,
    "queue": Left(
        Text(ko="이 플랫폼의 장비에서 채점합니다.", en="this platform's machines score submissions."),
        Text(
            ko="갖고 있는 장비로 채점하려면 플랫폼 운영자에게 요청하세요.",
            en="To score on machines of yours, ask the platform's operators.",
        ),
    ),
}
CODABENCH_BOARD = {
    "submission_rule": Left(_BEST, _BEST_COUNTS, when=frozenset({"force_last", "force_latest_multiple"})),
}
EVALAI = {
    "allowed_email_domains": _DOMAINS,
    "anonymous_leaderboard": _ANONYMOUS,
    "blocked_email_domains": _DOMAINS,
}
EVALAI_PHASE = {
    "is_restricted_to_select_one_submission": Left(
        Text(ko="가장 나은 제출물이 순위에 오릅니다.", en="the best attempt counts without being chosen."),
        Text(
            ko="최종 순위에 쓸 제출물을 고르게 하려면 라운드 데스크의 ‘규칙’을 보세요.",
            en="See Rules at the round's desk for what entrants choose for the final board.",
        ),
    ),
}
EVALAI_SPLIT = {
    "show_leaderboard_by_latest_submission": Left(_BEST, _BEST_COUNTS),
    "show_scores_on_leaderboard": Left(
        Text(ko="순위표에 점수가 나옵니다.", en="boards show scores."),
        Text(
            ko="점수를 감추려면 라운드 데스크의 ‘규칙’에서 순위표를 감추세요.",
            en="To keep scores back, hide the board under Rules at the round's desk.",
        ),
        when=frozenset({"false", "no", "off", "0"}),
    ),
}
