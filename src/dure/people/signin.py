"""Sign-in: the seams where allauth's flows meet this room. The flows themselves are set up in settings.

allauth tells what it did by Django signals; here they become rows of the log and notices to whoever it is about.
"""

from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed, password_changed, password_reset
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django import forms
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from dure.audit.operations import record
from dure.core.text import Text
from dure.people.keys import sealed, unsealed
from dure.people.models import NoticeKind, Person
from dure.people.operations import introduce, tell

NEW_ADDRESS = Text(ko="로그인 이메일이 바뀌었습니다.", en="Your email address for signing in was changed.")
NEW_PASSWORD = Text(ko="비밀번호가 바뀌었습니다.", en="Your password was changed.")
NEW_FACTOR = Text(ko="2단계 인증 수단이 추가되었습니다.", en="A second factor was added to your account.")
LOST_FACTOR = Text(ko="2단계 인증 수단이 해제되었습니다.", en="A second factor was removed from your account.")
SECOND_FACTOR = "second factor"


class SignupForm(forms.Form):
    """What signing up asks beside the email and the password."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))

    def signup(self, request: HttpRequest, person: Person) -> None:
        """Called by allauth for the new person, before the confirmation mail goes out."""
        introduce(person, name=self.cleaned_data["name"], language=getattr(request, "LANGUAGE_CODE", ""))


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps one-time-password seeds and recovery seeds encrypted, so that a stolen database opens no account."""

    def encrypt(self, text: str) -> str:
        return sealed(text, use=SECOND_FACTOR)

    def decrypt(self, encrypted_text: str) -> str:
        return unsealed(encrypted_text, use=SECOND_FACTOR)


@receiver(email_changed)
def log_new_address(
    user: Person, from_email_address: EmailAddress | None, to_email_address: EmailAddress, **_: object
) -> None:
    before = {"email": from_email_address.email} if from_email_address else None
    record("person.email-changed", user, before=before, after={"email": to_email_address.email}, actor=user)
    _tell(user, NEW_ADDRESS)


@receiver([password_changed, password_reset])
def log_new_password(user: Person, **_: object) -> None:
    record("person.password-changed", user, actor=user)
    _tell(user, NEW_PASSWORD)


@receiver([authenticator_added, authenticator_reset])
def log_added_factor(user: Person, authenticator: Authenticator, **_: object) -> None:
    record("person.second-factor-added", user, after={"type": authenticator.type}, actor=user)
    _tell(user, NEW_FACTOR)


@receiver(authenticator_removed)
def log_removed_factor(user: Person, authenticator: Authenticator, **_: object) -> None:
    record("person.second-factor-removed", user, before={"type": authenticator.type}, actor=user)
    _tell(user, LOST_FACTOR)


def _tell(person: Person, text: Text) -> None:
    """allauth's own mail goes out beside it."""
    tell([person.pk], kind=NoticeKind.ACCOUNT, text=text, path="/me/account/security/")
