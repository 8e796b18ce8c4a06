"""Whose draft is asked for; to anybody else it is not there."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from dure.core.errors import Forbidden, Missing
from dure.core.text import Text
from dure.programmes import rules
from dure.programmes.models import Draft, Rehearsal
from dure.site.visitors import person_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
_NOT_A_MAKER = Text(
    ko="프로그램을 만들 수 있는 사람만 쓰는 페이지입니다. 소속 기관의 관리자에게 권한을 요청하세요.",
    en="Only those who may make programmes use this page. Ask whoever looks after your organisation.",
)
_NO_DRAFT = Text(
    ko="찾으시는 초안이 없습니다. 스튜디오에서 내 초안을 확인하세요.",
    en="There is no such draft. The studio lists those that are yours.",
)


def for_makers(view: View[P]) -> View[P]:
    """The page is for signed-in people who may make programmes."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not rules.may_make(person_of(request)):
            raise Forbidden("studio.not-yours", _NOT_A_MAKER)
        return view(request, *args, **kwargs)

    return guarded


def draft_for(request: HttpRequest, draft_id: UUID) -> Draft:
    """The visitor's own draft of that id. Raises Missing."""
    draft = Draft.objects.filter(pk=draft_id, made_by=person_of(request)).first()
    if draft is None:
        raise Missing("draft.missing", _NO_DRAFT)
    return draft


def rehearsal_for(request: HttpRequest, rehearsal_id: UUID) -> Rehearsal:
    """A rehearsal of a draft of the visitor's own. Raises Missing."""
    own = Rehearsal.objects.filter(version__draft__made_by=person_of(request)).select_related("version__draft")
    rehearsal = own.filter(pk=rehearsal_id).first()
    if rehearsal is None:
        raise Missing("rehearsal.missing", _NO_DRAFT)
    return rehearsal


def revision_of(request: HttpRequest) -> int | None:
    """The revision that the sender saw; None where they said to overwrite whatever is there."""
    written = request.POST.get("revision", "")
    return int(written) if written.isdecimal() and "overwrite" not in request.POST else None


def to_draft(draft: Draft) -> HttpResponse:
    return redirect("draft", draft.pk)
