"""What one says of oneself, and going for good."""

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from dure.core.errors import Flawed
from dure.core.text import Text
from dure.people.days import today, zone_names
from dure.people.operations import change_person, forget
from dure.people.queries import organisations_of
from dure.programmes import rules
from dure.programmes.models import ALIVE, LIVE, Turn
from dure.site.visitors import person_of

NOT_THE_ADDRESS = Text(
    ko="이메일 주소가 다릅니다. 화면에 보이는 주소를 그대로 입력하세요.",
    en="This is not your address. Type it as it stands above.",
)


class AboutForm(forms.Form):
    """What people say of themselves."""

    name = forms.CharField(label=_("Name"), max_length=120)
    birth_date = forms.DateField(
        label=_("Date of birth"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    zone = forms.CharField(
        label=_("Time zone"), required=False, max_length=64, help_text=_("For example Asia/Seoul. Empty: Asia/Seoul.")
    )

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"]
        if zone and zone not in zone_names():
            raise forms.ValidationError(_("There is no such time zone. Write it as Asia/Seoul or Europe/London."))
        return zone


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def about(request: HttpRequest) -> HttpResponse:
    """My account: name, date of birth, time zone; the ways to sign-in and keys; one's organisations."""
    person = person_of(request)
    known = {"name": person.name, "birth_date": person.birth_date, "zone": person.zone}
    form = AboutForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        change_person(person, **form.cleaned_data)
        messages.success(request, gettext("Saved."))
        return redirect("about")
    seen = {"form": form, "organisations": organisations_of(person, on=today())}
    return render(request, "people/about.html", seen)


@reauthentication_required
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """What erasing the account means; done once the address is typed in."""
    person = person_of(request)
    if request.method == "POST":
        if request.POST.get("email", "").strip().lower() != person.email:
            raise Flawed("person.email", NOT_THE_ADDRESS)
        forget(person)
        logout(request)
        messages.success(request, gettext("Your account and what was personal in it are erased."))
        return redirect("home")
    going = Turn.objects.filter(rules.held_by(person), state__in=ALIVE, programme__state__in=LIVE).count()
    return render(request, "people/erase.html", {"going": going})
