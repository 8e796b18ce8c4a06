"""What the usual pages of a competition begin as: headings to write under, in both languages."""

from collections.abc import Mapping

from dure.core.text import Text

OUTLINES: Mapping[str, Text] = {
    "overview": Text(
        ko="## 무엇을 푸나요\n\n\n## 일정\n\n\n## 누가 참가할 수 있나요\n\n\n## 문의\n",
        en="## What is to be solved\n\n\n## Timeline\n\n\n## Who can take part\n\n\n## Contact\n",
    ),
    "data": Text(
        ko="## 파일\n\n| 파일 | 내용 |\n|---|---|\n| train.csv |  |\n| test.csv |  |\n\n## 열\n\n\n"
        "## 출처와 이용 조건\n",
        en="## Files\n\n| File | What it holds |\n|---|---|\n| train.csv |  |\n| test.csv |  |\n\n## Columns\n\n\n"
        "## Source and licence\n",
    ),
    "evaluation": Text(
        ko="## 지표\n\n\n## 제출 형식\n\n```\nid,label\n1,0\n```\n\n## 최종 순위\n",
        en="## Metric\n\n\n## Format of a submission\n\n```\nid,label\n1,0\n```\n\n## Final ranking\n",
    ),
    "terms": Text(
        ko="## 참가 자격\n\n\n## 데이터와 코드의 이용\n\n\n## 팀과 제출 횟수\n\n\n## 실격\n\n\n## 상금\n",
        en="## Who may enter\n\n\n## Use of the data and of code\n\n\n## Teams and numbers of attempts\n\n\n"
        "## Disqualification\n\n\n## Prizes\n",
    ),
}
