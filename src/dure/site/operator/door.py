"""Who comes in here: operators of the platform, with a second factor where the installation asks for one."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from dure.core.errors import Missing
from dure.core.text import Text
from dure.people.models import Person
from dure.people.queries import has_second_factor
from dure.people.rules import is_operator
from dure.site.visitors import person_of

NOTHING = Text(ko="찾으시는 페이지가 없습니다. 주소를 확인하세요.", en="There is no such page. Check the address.")
View = Callable[..., HttpResponseBase]


def operators(view: View) -> View:
    """Strangers are told that there is nothing; an operator without a second factor, how to set one up."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **named: object) -> HttpResponseBase:
        person = person_of(request)
        if not is_operator(person):
            raise Missing("page.missing", NOTHING)
        if lacks_second_factor(person):
            return render(request, "operator/second_factor.html", status=403)
        return view(request, *args, **named)

    return guarded


def lacks_second_factor(person: Person) -> bool:
    """Whether the installation asks for one that this person has not."""
    return settings.OPERATORS_NEED_SECOND_FACTOR and not has_second_factor(person)
