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
COMMON_ZONES = ("Asia/Seoul", "Asia/Tokyo", "Asia/Shanghai", "Asia/Singapore", "Asia/Ho_Chi_Minh", "Asia/Kolkata",
                "Europe/London", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "UTC")  # fmt: skip


class AboutForm(forms.Form):
    """What people say of themselves."""

    name = forms.CharField(label=_("Name"), max_length=120)
    birth_date = forms.DateField(
        label=_("Date of birth"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    zone = forms.CharField(
        label=_("Time zone"), required=False, max_length=64, widget=forms.TextInput({"list": "zones"}),
        help_text=_("Type a city and choose. Left empty: Asia/Seoul."),
    )  # fmt: skip

    def clean_zone(self) -> str:
        """By its name as people write it, too: small letters, spaces, the city alone."""
        typed: str = self.cleaned_data["zone"]
        asked = typed.casefold().replace(" ", "_")
        found = [name for name in zone_names() if asked in {name.casefold(), name.casefold().rpartition("/")[2]}]
        exact = [name for name in found if name.casefold() == asked]
        if typed and len(exact or found) != 1:
            sentence = _("There is no time zone “%(typed)s”. Choose one from the list, as Asia/Seoul or Europe/London.")
            raise forms.ValidationError(sentence, params={"typed": typed})
        return (exact or found)[0] if typed else ""


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
    zones = [*COMMON_ZONES, *sorted(zone_names().difference(COMMON_ZONES))]
    seen = {"form": form, "zones": zones, "organisations": organisations_of(person, on=today())}
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
