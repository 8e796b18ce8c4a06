"""A certificate from sign-off to verification, by Tab and Enter alone: its issuer, its holder, and a stranger."""

import pytest

from dure.core.text import Text
from dure.credentials.keys import make as make_key
from dure.credentials.models import Credential, Kind
from dure.credentials.operations import Content, Deserved, add_key, become_issuer, define, propose
from dure.jobs.worker import drain

pytestmark = [pytest.mark.browser]
SAID = Text(ko="현장의 문제를 풉니다.", en="Solves problems of the shop floor.")
CONTENT = Content(Text(ko="현장 인증", en="Field certificate"), SAID, SAID)


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("ko", ("박하늘", "승인하고 발급", "현장 인증", "페이지 열기", "또는 내용 붙여 넣기", "검증",
                "진본이며 유효합니다.")),
        ("en", ("박하늘", "Sign off and issue", "Field certificate", "Open its page", "Or its text", "Verify",
                "Genuine and valid.")),
    ],
)  # fmt: skip
def test_a_certificate_is_signed_off_shown_and_verified(world, visit, language, says) -> None:
    who, sign_off, name, open_page, text, verify, genuine = says
    issuer = become_issuer(world.host)
    add_key(issuer, public=make_key())
    achievement = define(issuer, code="field", kind=Kind.CERTIFICATE, content=CONTENT, by=world.operator)
    propose(achievement, [Deserved(world.ada, "2026")], by=None)

    desk = visit(world.operator, language=language).go("/organisations/hanbit/credentials/waiting/")
    desk.tab_to(who).page.keyboard.press("Space")
    desk.enter(sign_off)
    drain()
    holder = visit(world.ada, language=language, width=390).go("/me/credentials/")
    holder.enter(name).enter(open_page)
    stranger = visit(language=language).go("/verify/")
    stranger.tab_to(text).page.keyboard.insert_text(Credential.objects.get().document)
    stranger.enter(verify)

    assert genuine in holder.text
    assert genuine in stranger.text
