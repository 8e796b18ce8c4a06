"""The page on which anybody who has a transcript's address checks it; its PDF and the text that was signed."""

import json
from datetime import date
from hashlib import sha256
from typing import Any

import jwt
import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dure.core.errors import Missing, Unready
from dure.core.text import Text
from dure.credentials import addresses
from dure.credentials.dids import pem_of
from dure.credentials.models import KeyState, SigningKey
from dure.credentials.tokens import check_signature, unproven
from dure.learning.models import Transcript
from dure.site import pdf

NO_TRANSCRIPT = Text(
    ko="찾으시는 성적 증명이 없습니다. 주소를 끝까지 입력했는지 확인하세요.",
    en="There is no such transcript. Check that the address is complete.",
)
NO_PDF = Text(
    ko="이 서버에는 PDF를 만드는 시스템 라이브러리(Pango)가 없습니다. 확인 화면을 인쇄하세요.",
    en="This server lacks the system libraries for PDF (Pango). Print the page instead.",
)


@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    """What it says, and whether it is what the institution signed."""
    return render(request, "degrees/transcript.html", {**_told(_found(code)), "pdf": pdf.here()})


@require_safe
def pdf_file(_request: HttpRequest, code: str) -> HttpResponse:
    """On A4, with what was signed attached to it. Raises Unready where the machine cannot make PDF."""
    found = _found(code)
    if not pdf.here():
        raise Unready("transcript.pdf", NO_PDF)
    attached = [("transcript.json", found.content, "SHA-256")]
    attached += [("transcript.jws", found.token, "JWS")] if found.token else []
    attached += [("credential.json", found.document, "Open Badges 3.0")] if found.document else []
    data = pdf.printed("degrees/transcript_pdf.html", _told(found), attached=attached)
    headers = {"Content-Disposition": f'inline; filename="transcript-{found.code[:6]}.pdf"'}
    return HttpResponse(data, content_type="application/pdf", headers=headers)


@require_safe
def content(_request: HttpRequest, code: str) -> HttpResponse:
    """The text whose hash is printed on it."""
    return HttpResponse(_found(code).content, content_type="application/json; charset=utf-8")


@require_safe
def credential(_request: HttpRequest, code: str) -> HttpResponse:
    """The same as a credential that wallets keep and anybody verifies. Raises Missing until a worker has signed it."""
    found = _found(code)
    if not found.document:
        raise Missing("transcript.unsigned", NO_TRANSCRIPT)
    response = HttpResponse(found.document, content_type="application/vc+json")
    response["Content-Disposition"] = f'attachment; filename="transcript-{found.code[:6]}.json"'
    return response


def _found(code: str) -> Transcript:
    found = Transcript.objects.select_related("candidacy__degree__organisation").filter(code=code).first()
    if found is None:
        raise Missing("transcript.missing", NO_TRANSCRIPT)
    return found


def _told(found: Transcript) -> dict[str, Any]:
    said = json.loads(found.content)
    address = f"{addresses.home()}/transcripts/{found.code}/"
    return {
        "transcript": found, "said": said, "on": date.fromisoformat(said["on"]), "address": address,
        "whole": sha256(found.content.encode()).hexdigest() == found.sha256, "signed": _is_signed(found),
        "qr": segno.make(address, error="m").svg_data_uri(border=1, scale=4),
    }  # fmt: skip


def _is_signed(found: Transcript) -> bool:
    """Whether its token says the same, signed by a key of the institution that is still believed."""
    if not found.token:
        return False
    claims, method = unproven(found.token)
    public = method.rpartition("#")[2]
    keys = SigningKey.objects.filter(issuer__organisation=found.candidacy.degree.organisation, public=public)
    key = keys.exclude(state=KeyState.COMPROMISED).first()
    if key is None:
        return False
    try:
        check_signature(found.token, pem=pem_of(key))
    except jwt.PyJWTError:
        return False
    return bool(claims.get("transcript") == json.loads(found.content))
