"""What audits say, in both languages."""

from decimal import Decimal

from dure.core.text import Text
from dure.match.audits.model import Line, Sort, Why

CREDITS = Text(ko="총 이수 학점", en="Credits in all")
RESIDENCY = Text(ko="수여 기관에서 이수한 학점", en="Credits earned at the awarding institution")
GRADE = Text(ko="평점 평균", en="Grade average")
ATTENDANCE = Text(ko="출석률", en="Attendance")
THESIS = Text(ko="논문", en="Thesis")
WHY = {
    Why.LATER: Text(ko="기준일보다 뒤에 취득했습니다.", en="It is earned after this day."),
    Why.REPLACED: Text(ko="같은 과목을 나중에 다시 이수했습니다.", en="The course was taken again later."),
    Why.ISSUER: Text(ko="인정하지 않는 기관의 학점입니다.", en="Credits of this institution are not recognised."),
    Why.EXPIRED: Text(ko="유효 기간이 지났습니다.", en="Its time has run out."),
    Why.FAILED: Text(ko="낙제한 과목입니다.", en="It was failed."),
    Why.CAP: Text(ko="인정할 수 있는 편입 학점을 넘었습니다.", en="It is above what may be transferred."),
}
_MET = Text(ko="{title}: {has}(기준 {asked} 이상). 충족했습니다.", en="{title}: {has} of {asked}. Met.")
_SHORT = {
    Sort.CREDITS: Text(
        ko="{title}: {asked}학점 가운데 {has}학점입니다. {lacks}학점을 더 이수하세요.",
        en="{title}: {has} of {asked}. Earn {lacks} more.",
    ),
    Sort.CORE: Text(
        ko="{title}: {asked}과목 가운데 {has}과목입니다. {lacks}과목을 더 이수하세요({courses}).",
        en="{title}: {has} of {asked} courses. Pass {lacks} more: {courses}.",
    ),
    Sort.THESIS: Text(ko="논문: 아직 통과하지 않았습니다.", en="Thesis: not passed yet."),
}
_BELOW = Text(
    ko="{title}: {asked} 이상이어야 하는데 {has}입니다.", en="{title}: {has}, where at least {asked} is asked for."
)
_LIFTED = {
    Sort.GRADE: Text(
        ko="평점 4.5로 {best}학점을 더 이수하면 충족합니다.",
        en="{best} more credits with a grade of 4.5 would lift it.",
    ),
    Sort.ATTENDANCE: Text(
        ko="모두 출석해 {best}학점을 더 이수하면 충족합니다.", en="{best} more credits attended in full would lift it."
    ),
}
_REPEATED = Text(ko="낮은 과목을 다시 이수하세요.", en="Take the weakest courses again.")


def written(number: Decimal) -> str:
    """Without zeros that say nothing: 24, 4.5, 0.75."""
    return f"{number.normalize():f}"


def said(line: Line) -> Text:
    """A condition as one or two sentences: what there is, and what would complete it."""
    told = {"title": line.title, "asked": written(line.asked), "has": written(line.has), "lacks": written(line.lacks)}
    if line.sort is Sort.THESIS and line.met:
        return Text(ko="논문: 통과했습니다.", en="Thesis: passed.")
    if line.met:
        return _MET.format(**told)
    if line.sort in _LIFTED:
        way = _REPEATED if line.best is None else _LIFTED[line.sort].format(best=written(line.best))
        below = _BELOW.format(**told)
        return Text(ko=f"{below.ko} {way.ko}", en=f"{below.en} {way.en}")
    sentence = _SHORT.get(line.sort, _SHORT[Sort.CREDITS])
    return sentence.format(**told, courses=", ".join(line.courses))
