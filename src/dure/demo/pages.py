"""The pages of text of the current edition: what an organiser would tell beside the rules."""

from dure.demo.callers import ORGANISER, Callers

PAGES = (
    {
        "name": "overview",
        "title_ko": "개요", "title_en": "Overview",
        "text_ko": """\
## 무엇을 푸나요

사람이 남긴 짧은 글과 손으로 쓴 숫자를 기계가 읽게 합니다.
1라운드에서는 **이미지 분류**와 **댓글 분류** 가운데 하나를 골라 겨룹니다.

## 어떻게 참가하나요

1. 지원서를 냅니다. 이 데모에서는 내는 즉시 참가합니다.
2. 과제를 고르고 시작 키트를 내려받습니다. 베이스라인이 들어 있어 5분이면 첫 제출을 할 수 있습니다.
3. 예측 파일을 냅니다. 코드를 받는 라운드라면 코드를 내도 됩니다.

궁금한 것은 라운드의 **질문과 답변**에 남겨 주세요.
""",
        "text_en": """\
## What is to be solved

Machines are to read short comments that people left, and digits that they wrote by hand. In the first round you choose
one of **images** and **comments**.

## How to take part

1. Hand in the application. In this demo you are in at once.
2. Choose a task and download its starter kit. A baseline is in it: the first attempt takes five minutes.
3. Hand in a file of predictions, or code where the round takes code.

Ask under **Questions and answers** of the round.
""",
    },
    {
        "name": "data",
        "title_ko": "데이터", "title_en": "Data",
        "text_ko": """\
## 파일

| 파일 | 내용 |
|---|---|
| `train.csv` | 정답이 있는 행. 댓글 과제에는 글이, 이미지 과제에는 픽셀이 있습니다 |
| `test.csv` | 예측할 행. 정답이 없습니다 |

두 파일은 시작 키트에 함께 들어 있습니다.

## 출처

손글씨 숫자는 scikit-learn에 들어 있는 UCI 데이터, 댓글은 이 데모를 시작할 때 정한 자료입니다.
""",
        "text_en": """\
## Files

| File | What it holds |
|---|---|
| `train.csv` | Rows with their labels: a text for comments, pixels for images |
| `test.csv` | Rows to predict, without labels |

Both are in the starter kit.

## Source

The digits are UCI's, as scikit-learn has them; the comments are those that the demo was started with.
""",
    },
    {
        "name": "evaluation",
        "title_ko": "평가", "title_en": "Evaluation",
        "text_ko": """\
## 지표

맞힌 행의 비율(정확도)입니다. 높을수록 좋습니다.

## 제출 형식

```
id,label
comment-classification-1,1
comment-classification-2,0
```

## 최종 순위

테스트 데이터의 일부로만 공개 순위를 매깁니다. 최종 순위는 끝날 때까지 아무에게도 보이지 않는 나머지로 정합니다.
""",
        "text_en": """\
## Metric

Accuracy: the share of rows that are right. More is better.

## Format of a submission

```
id,label
comment-classification-1,1
comment-classification-2,0
```

## Final ranking

The public board counts a part of the test data. The final one counts the rest, which nobody sees before the end.
""",
    },
    {
        "name": "terms",
        "title_ko": "약관", "title_en": "Terms",
        "text_ko": """\
- 누구나 참가할 수 있습니다. 한 사람은 한 계정으로 참가합니다.
- 데이터는 이 대회에만 쓰고 밖에 공개하지 않습니다.
- 다른 참가자의 코드를 그대로 내면 실격입니다. 실격에는 이유를 알리고, 이의를 낼 수 있습니다.
- 데모이므로 상금은 실제로 지급하지 않습니다.
""",
        "text_en": """\
- Anybody may take part, with one account each.
- The data are for this competition alone and are not passed on.
- Handing in another entrant's code means disqualification. You are told why and may appeal.
- This is a demo: no prize is really paid.
""",
    },
)  # fmt: skip


def write_pages(callers: Callers, slug: str) -> None:
    """Over the API, as everything of the demo."""
    for page in PAGES:
        callers.post(f"/programmes/{slug}/pages", page, by=ORGANISER)
