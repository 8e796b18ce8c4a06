"""Sentences about what a competition is made of."""

from dure.bundles.texts.sentences import STOPS, WARNS, Sentences
from dure.core.text import Text

COMPETITION: Sentences = {
    "terms.none": (
        WARNS,
        Text(ko="참가 약관이 없습니다.", en="There are no terms."),
        Text(
            ko="참가자가 동의할 내용이 있다면 html에 terms를 더하세요.",
            en="If participants have to agree to any, add terms under html.",
        ),
    ),
    "task.no-scoring": (
        STOPS,
        Text(ko="‘{task}’ 과제에 채점 프로그램이 없습니다.", en="The task {task} has no scoring program."),
        Text(
            ko="scoring_program에 채점 프로그램의 폴더나 zip을 쓰세요.",
            en="Name its folder or zip under scoring_program.",
        ),
    ),
    "task.no-reference": (
        WARNS,
        Text(ko="‘{task}’ 과제에 정답 데이터가 없습니다.", en="The task {task} has no reference data."),
        Text(
            ko="채점 프로그램이 정답 없이 채점하는지 확인하세요.", en="Make sure that its scoring program needs none."
        ),
    ),
    "task.unknown": (
        STOPS,
        Text(ko="{index}번 과제가 없습니다. 있는 과제: {known}", en="There is no task {index}. The tasks are {known}."),
        Text(ko="tasks의 index 가운데 하나로 고치세요.", en="Use an index of tasks."),
    ),
    "solution.elsewhere": (
        WARNS,
        Text(ko="예시 답안이 다른 서버에만 있습니다: {value}", en="The solution is on another server only: {value}"),
        Text(
            ko="시험 채점에 쓰려면 내려받아 번들에 넣으세요.",
            en="To try it in the dry run, download it into the bundle.",
        ),
    ),
    "phase.backwards": (
        STOPS,
        Text(ko="‘{phase}’ 단계가 시작하기 전에 끝납니다.", en="The phase {phase} ends before it starts."),
        Text(
            ko="날짜를 고치세요. 01-02-2026은 1월 2일입니다.",
            en="Correct its dates; 01-02-2026 is the second of January.",
        ),
    ),
    "phase.short": (
        WARNS,
        Text(
            ko="‘{phase}’ 단계가 하루도 되지 않습니다. 다음 단계가 시작할 때 끝나는 것으로 읽었습니다.",
            en="The phase {phase} is shorter than a day; it was read as ending when the next one starts.",
        ),
        Text(ko="날짜를 확인하세요.", en="Check the dates."),
    ),
    "phase.together": (
        WARNS,
        Text(
            ko="‘{phase}’ 단계가 ‘{before}’ 단계와 함께 시작합니다. 다음 단계 전까지 나란히 열립니다.",
            en="The phase {phase} starts together with {before}: both stay open until a later one starts.",
        ),
        Text(ko="차례로 열려야 한다면 날짜를 고치세요.", en="Correct the dates if one follows the other."),
    ),
    "phase.no-end": (
        STOPS,
        Text(
            ko="‘{phase}’ 단계는 마지막이 아닌데 끝나는 날이 없습니다.",
            en="The phase {phase} has no end and is not the last one.",
        ),
        Text(ko="end를 쓰세요.", en="Give its end."),
    ),
    "phase.overlap": (
        STOPS,
        Text(
            ko="‘{phase}’ 단계가 ‘{before}’ 단계가 끝나기 전에 시작합니다.",
            en="The phase {phase} starts before {before} has ended.",
        ),
        Text(ko="단계가 차례로 이어지도록 날짜를 고치세요.", en="Let each phase end before the next one starts."),
    ),
    "board.none": (
        STOPS,
        Text(ko="순위표가 없습니다.", en="There is no leaderboard."),
        Text(
            ko="채점 프로그램이 쓰는 점수를 열로 하는 순위표를 더하세요.",
            en="Add one whose columns are the scores that the scoring program writes.",
        ),
    ),
    "board.empty": (
        STOPS,
        Text(ko="‘{board}’ 순위표에 열이 없습니다.", en="The leaderboard {board} has no columns."),
        Text(ko="점수마다 열을 더하세요.", en="Add a column for each score."),
    ),
    "board.primary": (
        STOPS,
        Text(ko="primary_index {index}에 해당하는 열이 없습니다.", en="No column has the primary_index {index}."),
        Text(ko="열의 index 가운데 하나로 고치세요.", en="Use the index of a column."),
    ),
    "board.order": (
        WARNS,
        Text(
            ko="default_order_by ‘{order}’이(가) labels에 없어 열로 더했습니다: {labels}",
            en="default_order_by {order} is none of the labels {labels}: it was added as a column.",
        ),
        Text(
            ko="평가 프로그램이 이 값을 내는지 확인하거나, labels 가운데 하나로 고치세요.",
            en="Make sure that the evaluation gives it, or use one of the labels.",
        ),
    ),
    "board.others": (
        WARNS,
        Text(
            ko="첫 순위표만 가져옵니다. 남는 순위표: {boards}",
            en="Only the first leaderboard comes along, without {boards}.",
        ),
        Text(ko="필요한 열은 첫 순위표로 옮기세요.", en="Move columns that are needed to the first one."),
    ),
    "column.indexes": (
        STOPS,
        Text(
            ko="‘{key}’ 열을 계산할 다른 열이 없습니다.",
            en="The column {key} is computed from columns that are not there.",
        ),
        Text(ko="computation_indexes에 다른 열의 index를 쓰세요.", en="Give the indexes of other columns."),
    ),
    "column.rank": (
        STOPS,
        Text(
            ko="‘{key}’ 열은 참가자들의 등수를 평균한 값인데, 여기 순위표는 등수를 평균하지 않습니다.",
            en="The column {key} averages the ranks of entrants, which a board here does not do.",
        ),
        Text(
            ko="채점 프로그램이 점수를 직접 쓰게 하거나 avg, sum, min, max 가운데 하나로 고치세요.",
            en="Let the scoring program write a score for it, or use one of avg, sum, min, max.",
        ),
    ),
    "column.no-board": (
        STOPS,
        Text(
            ko="‘{key}’ 열의 순위표 ‘{board}’이(가) 없습니다.",
            en="The column {key} belongs to a leaderboard {board} that is not there.",
        ),
        Text(ko="leaderboards의 label 가운데 하나로 고치세요.", en="Use the label of one of the leaderboards."),
    ),
    "split.unknown": (
        STOPS,
        Text(ko="{name} 값이 가리키는 것이 없습니다.", en="{name} names nothing that is there."),
        Text(ko="있는 id로 고치세요.", en="Use the id of one that is."),
    ),
    "split.none": (
        STOPS,
        Text(
            ko="‘{phase}’ 단계에 붙은 분할이 없어 점수가 놓일 곳이 없습니다.",
            en="No split is attached to the phase {phase}: its scores have no place.",
        ),
        Text(ko="challenge_phase_splits에 더하세요.", en="Attach one in challenge_phase_splits."),
    ),
    "evaluation.none": (
        STOPS,
        Text(ko="평가 프로그램에 evaluate 함수가 없습니다.", en="The evaluation has no function evaluate."),
        Text(
            ko="main.py에 evaluate(test_annotation_file, user_submission_file, phase_codename, **kwargs)를 두세요.",
            en="Add evaluate(test_annotation_file, user_submission_file, phase_codename, **kwargs) to main.py.",
        ),
    ),
    "evaluation.remote": (
        STOPS,
        Text(ko="주최자의 서버에서 평가하는 대회입니다.", en="This challenge is evaluated on its host's own machine."),
        Text(
            ko="평가 프로그램을 번들에 넣고 remote_evaluation을 False로 하세요.",
            en="Put the evaluation into the bundle and set remote_evaluation to False.",
        ),
    ),
    "evaluation.docker": (
        STOPS,
        Text(ko="참가자가 도커 이미지를 내는 대회입니다.", en="Participants of this challenge submit docker images."),
        Text(ko="코드나 결과 파일을 받도록 바꾸세요.", en="Let them submit code or result files."),
    ),
}

PAGES: Sentences = {
    "page.long": (
        STOPS,
        Text(
            ko="글이 {n}자입니다. {most}자까지 가져옵니다.", en="The text has {n} characters; {most} at most are taken."
        ),
        Text(
            ko="여러 페이지로 나누거나 안에 든 그림을 빼세요.",
            en="Make several pages of it, or take pictures out of it.",
        ),
    ),
    "page.pictures": (
        WARNS,
        Text(
            ko="글에 든 그림 {n}개가 이 글 밖에 있어 보이지 않습니다. 첫 그림: {first}",
            en="Pictures of this text that stand elsewhere are not shown ({n} of them, first {first}).",
        ),
        Text(
            ko="프로그램 데스크의 ‘페이지’에서 그림을 올리고 글에는 files/이름으로 쓰세요.",
            en="Upload them under Pages at the programme's desk, and write files/NAME in the text.",
        ),
    ),
}

WRITING: Sentences = {
    "write.lost": (
        WARNS,
        Text(ko="Codabench 번들에 담기지 않습니다: {what}", en="A Codabench bundle cannot hold this: {what}"),
        Text(ko="옮긴 곳에서 따로 알리거나 설정하세요.", en="Set or tell it there by hand."),
    ),
    "write.overlap": (
        WARNS,
        Text(
            ko="‘{phase}’ 단계와 ‘{before}’ 단계가 함께 열립니다. Codabench는 이런 번들을 받지 않습니다.",
            en="The phases {phase} and {before} are open at the same time; Codabench refuses such a bundle.",
        ),
        Text(
            ko="올리기 전에 날짜가 차례로 이어지게 하세요.",
            en="Let one end before the next starts before you upload it.",
        ),
    ),
    "write.image": (
        WARNS,
        Text(ko="대표 이미지가 없어 빈 이미지를 넣었습니다.", en="There is no image; an empty one was put in."),
        Text(ko="올리기 전에 바꾸세요.", en="Replace it before you upload the bundle."),
    ),
    "write.terms": (
        WARNS,
        Text(
            ko="약관이 없어, 없다고 적은 페이지를 넣었습니다.",
            en="There are no terms; a page that says so was put in.",
        ),
        Text(ko="올리기 전에 바꾸세요.", en="Replace it before you upload the bundle."),
    ),
}
