"""The mails of this room, in both languages: who they reach may not have said yet which one they read."""

from django.conf import settings
from django.core.mail import send_mail

from dure.core.moments import Told
from dure.core.text import Text
from dure.people.models import Invitation

_SUBJECT = Text(ko="[두레] 초대합니다: {what}", en="[Dure] You are invited {what}")
_BODY = Text(
    ko="""안녕하세요.

{inviter} 님이 회원님을 초대했습니다: {what}
아래 주소를 열어 수락하거나 거절하세요. {expires}까지 답할 수 있습니다.

{link}

초대받을 이유를 모르겠다면 이 메일을 무시하세요.""",
    en="""Hello,

{inviter} invites you {what}.
Open the address below to accept or decline. It can be answered until {expires}.

{link}

If you do not know why you were invited, ignore this mail.""",
)


def invitation_link(secret: str) -> str:
    """Where the letter leads; the page behind it is the site's."""
    return f"{settings.BASE_URL}/invitations/{secret}"


def send_invitation(invitation: Invitation, *, what: Text, secret: str) -> None:
    """Send the one mail that holds the secret."""
    text = _BODY.format(
        inviter=str(invitation.invited_by or "Dure"),
        what=what,
        expires=Told(invitation.expires_at, settings.TIME_ZONE, closes=True).to_anybody(),
        link=invitation_link(secret),
    )
    subject = _SUBJECT.format(what=what)
    send_mail(f"{subject.ko} / {subject.en}", f"{text.ko}\n\n---\n\n{text.en}\n", None, [invitation.email])
