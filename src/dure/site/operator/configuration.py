"""What this process was told: every setting with its value and where it comes from, and what it runs on."""

import os
import platform
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from dure.site.operator.door import operators
from dure.store.measures import database_version

HIDDEN = "••••"
_PASSWORD = re.compile(r"(?<=://)([^/@:]*):[^/@]*@")


@dataclass(frozen=True)
class Setting:
    """``value``: what holds in this process, whoever said so; no secret."""

    name: str
    about: Promise
    value: Callable[[], object]

    @property
    def shown(self) -> str:
        return _PASSWORD.sub(rf"\1:{HIDDEN}@", str(self.value()))

    @property
    def given(self) -> bool:
        """Set by the environment, no default."""
        return self.name in os.environ


def _environment(name: str, default: str = "") -> Callable[[], str]:
    return lambda: os.environ.get(name, default)


SETTINGS = (
    (_("Where things are"), (
        Setting("DURE_HOME", _("Folder of everything that Dure keeps on disk"), lambda: settings.HOME),
        Setting("DATABASE_URL", _("Database"), _environment("DATABASE_URL", "sqlite:")),
        Setting("DURE_LIBRARY", _("Folder of blueprints, programmes and agreements"), lambda: settings.LIBRARY),
        Setting("DURE_ATTACHMENT_BYTES", _("Largest file of a form, in bytes"), lambda: settings.ATTACHMENT_BYTES),
    )),
    (_("Who reaches it"), (
        Setting("DURE_URL", _("Address that people use"), lambda: settings.BASE_URL),
        Setting("DURE_HOSTS", _("Host names that are answered"), lambda: ",".join(settings.ALLOWED_HOSTS)),
        Setting("DURE_PROXIES", _("Own proxies in front"), lambda: settings.ALLAUTH_TRUSTED_PROXY_COUNT),
        Setting("DURE_PRIVATE_HOSTS", _("Hosts of one's own network that Dure may call"),
                lambda: ",".join(settings.PRIVATE_HOSTS)),
        Setting("DURE_SECRET_KEY", _("Key that signs sessions"), lambda: HIDDEN),
        Setting("DURE_EMAIL_VERIFICATION", _("Whether addresses have to be verified"),
                lambda: settings.ACCOUNT_EMAIL_VERIFICATION),
        Setting("DURE_OPERATOR_SECOND_FACTOR", _("Whether operators need a second factor"),
                lambda: int(settings.OPERATORS_NEED_SECOND_FACTOR)),
    )),
    (_("Credentials"), (
        Setting("DURE_KEYS", _("Folder of the issuers' private keys"), lambda: settings.KEYS),
        Setting("DURE_KEY_SECRET", _("What encrypts those keys"), lambda: HIDDEN if settings.KEY_SECRET else ""),
        Setting("DURE_VERIFICATIONS_A_MINUTE", _("Verifications of one address a minute"),
                lambda: settings.VERIFICATIONS_A_MINUTE),
        Setting("DURE_STATUS_LISTS_A_MINUTE", _("Status lists read by one address a minute"),
                lambda: settings.STATUS_LISTS_A_MINUTE),
    )),
    (_("Surveys"), (
        Setting("DURE_SURVEY_KEYS", _("Folder of the keys that open anonymous answers"), lambda: settings.SURVEY_KEYS),
    )),
    (_("Mail"), (
        Setting("DURE_MAIL", _("Where mail goes"), lambda: settings.MAIL),
        Setting("DURE_MAIL_FROM", _("Sender"), lambda: settings.DEFAULT_FROM_EMAIL),
    )),
    (_("Running other people's programs"), (
        Setting("DURE_SANDBOX", _("Sandbox level"), _environment("DURE_SANDBOX", "auto")),
        Setting("DURE_SANDBOX_PACKAGES", _("More packages that programs may import"),
                _environment("DURE_SANDBOX_PACKAGES")),
        Setting("DURE_DETAILS_ORIGIN", _("Second address, for what scorers write"), lambda: settings.DETAILS_ORIGIN),
        Setting("DURE_ALLOW_CODE_BELOW_FULL", _("Participants' programs below the full level"),
                _environment("DURE_ALLOW_CODE_BELOW_FULL")),
    )),
    (_("For those who work on Dure"), (
        Setting("DURE_DEBUG", _("Faults are shown in the browser"), lambda: int(settings.DEBUG)),
        Setting("DURE_SCRATCH", _("A database that nobody needs"), lambda: int(settings.SCRATCH)),
        Setting("DURE_STATIC", _("Static files are collected"), _environment("DURE_STATIC")),
        Setting("DJANGO_SETTINGS_MODULE", _("Module of the settings"), _environment("DJANGO_SETTINGS_MODULE")),
    )),
)  # fmt: skip


@operators
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Settings and surroundings of the process that answers; a worker elsewhere may have others."""
    surroundings = (
        ("Dure", version("dure")),
        ("Python", platform.python_version()),
        ("Django", version("django")),
        (_("Database"), database_version()),
        (_("Machine"), f"{socket.gethostname()} · {platform.system()} {platform.release()} · {platform.machine()}"),
        (_("Processors"), os.cpu_count()),
        (_("Process"), os.getpid()),
        (_("Time zone"), settings.TIME_ZONE),
    )
    seen = {
        "tab": "settings",
        "groups": SETTINGS,
        "surroundings": surroundings,
        "reference": reverse("docs-page", args=["reference", "settings"]),
    }
    return render(request, "operator/settings.html", seen)
