"""Settings that other platforms keep and a round here does not: what happens here, and what to do instead."""

from collections.abc import Mapping
from dataclasses import dataclass

from dure.bundles.fields import Fields
from dure.core.text import Text

_OFF = frozenset({"false", "no", "off", "0"})
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
_AGAIN = Left(
    Text(ko="참가자가 채점을 다시 시작하지 않습니다.", en="entrants do not start an evaluation again."),
    Text(
        ko="채점 쪽 문제로 실패한 제출은 횟수를 돌려받으니 다시 제출하라고 알리세요.",
        en="Tell them to hand in again: what fails by the scorer's fault gives its attempt back.",
    ),
)
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
    "allow_cancel_running_submissions": Left(
        Text(ko="제출한 것은 모두 채점합니다.", en="whatever is handed in is judged."),
        Text(ko="채점을 취소할 수 없다고 참가자에게 알리세요.", en="Tell entrants that nothing is cancelled."),
    ),
    "allow_participants_resubmissions": _AGAIN,
    "allow_resuming_submissions": _AGAIN,
    "allowed_email_domains": _DOMAINS,
    "anonymous_leaderboard": _ANONYMOUS,
    "banned_email_ids": Left(
        Text(ko="주소로 참가를 막지 않습니다.", en="no address is kept out."),
        Text(
            ko="manual_participant_approval을 True로 두고 신청을 받을 때 거절하세요.",
            en="Set manual_participant_approval to True and turn them down when they register.",
        ),
    ),
    "blocked_email_domains": _DOMAINS,
    "forum_url": Left(
        Text(ko="바깥 게시판은 연결하지 않습니다.", en="no forum elsewhere is linked."),
        Text(
            ko="라운드의 ‘질문과 공지’를 쓰거나, 설명 페이지에 주소를 쓰세요.",
            en="Use the round's questions and announcements, or write the address into a page.",
        ),
    ),
    "is_registration_open": Left(
        Text(ko="공개한 뒤부터 마감까지 신청을 받습니다.", en="one registers from the announcement until the close."),
        Text(
            ko="초안에서 참가 신청 단계의 날짜를 정하세요.",
            en="Set the dates of the stage of registration in the draft.",
        ),
        when=_OFF,
    ),
    "is_static_dataset_code_upload": Left(
        Text(ko="참가자는 코드가 아니라 결과 파일을 냅니다.", en="entrants hand in files of results, no code."),
        Text(
            ko="데이터를 나누어 주고 결과를 내게 하거나, 코드를 받는 Codabench 형식으로 다시 만드세요.",
            en="Give them the data to run their code on, or make it a Codabench bundle, which takes code.",
        ),
    ),
    "leaderboard_description": Left(
        Text(ko="순위표에는 설명이 붙지 않습니다.", en="boards have no text of their own."),
        Text(ko="evaluation_details 페이지로 옮기세요.", en="Move it to the page of evaluation_details."),
    ),
    "submission_time_limit": Left(
        Text(ko="평가는 이 플랫폼의 시간 한도로 실행됩니다.", en="the evaluation has this platform's limit of time."),
        Text(
            ko="라운드 데스크의 ‘규칙’에서 전체 시간을 정하세요.",
            en="Set the seconds in all under Rules at the round's desk.",
        ),
    ),
}
EVALAI_PHASE = {
    "default_submission_meta_attributes": Left(
        Text(ko="이 항목들을 묻지 않습니다.", en="these are not asked with a submission."),
        Text(
            ko="submission_meta_attributes에 더하거나, 라운드 데스크의 ‘참가와 질문’에서 물으세요.",
            en="Add them to submission_meta_attributes, or ask under Entry and questions at the round's desk.",
        ),
    ),
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
        when=_OFF,
    ),
}
