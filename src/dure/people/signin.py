"""Sign-in: the seams where allauth's flows meet this room. The flows themselves are set up in settings."""

from base64 import urlsafe_b64encode
from hashlib import sha256

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from dure.people.models import Person
from dure.people.operations import introduce


class SignupForm(forms.Form):
    """What signing up asks beside the e-mail and the password."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))

    def signup(self, request: HttpRequest, person: Person) -> None:
        """Called by allauth for the new person, before the confirmation mail goes out."""
        introduce(person, name=self.cleaned_data["name"], language=getattr(request, "LANGUAGE_CODE", ""))


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps one-time-password seeds and recovery seeds encrypted, so that a stolen database opens no account."""

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet().decrypt(encrypted_text.encode()).decode()


def _fernet() -> MultiFernet:
    """The key of today first, then the retired ones (``SECRET_KEY_FALLBACKS``), so that keys can be changed."""
    return MultiFernet([Fernet(_key_from(str(key))) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key_from(secret: str) -> bytes:
    return urlsafe_b64encode(sha256(b"second factor:" + secret.encode()).digest())
