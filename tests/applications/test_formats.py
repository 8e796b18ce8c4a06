"""Files are known by their bytes; what could act is refused, whatever it is called."""

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.applications.formats import MOST_NAME, kind_of, shown_name
from dure.core.errors import Refused

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def packed(**members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


def stream(name):
    return OLE + name.encode("utf-16-le") + bytes(64)


TAKEN = {
    "pdf": ("이력서.pdf", b"%PDF-1.7\n"),
    "hwp": ("자기소개서.hwp", OLE + b"HWP Document File" + bytes(100)),
    "hwpx": ("계획서.HWPX", packed(mimetype="application/hwp+zip", Contents="")),
    "doc": ("old.doc", stream("WordDocument")),
    "xls": ("old.xls", stream("Workbook")),
    "ppt": ("old.ppt", stream("PowerPoint Document")),
    "docx": ("cv.docx", packed(**{"word__document.xml": "<w/>"})),
    "xlsx": ("표.xlsx", packed(**{"xl__workbook.xml": "<x/>"})),
    "pptx": ("발표.pptx", packed(**{"ppt__presentation.xml": "<p/>"})),
    "odt": ("a.odt", packed(mimetype="application/vnd.oasis.opendocument.text")),
    "png": ("사진.png", b"\x89PNG\r\n\x1a\n" + bytes(20)),
    "jpg": ("사진.JPEG", b"\xff\xd8\xff\xe0" + bytes(20)),
    "gif": ("a.gif", b"GIF89a" + bytes(20)),
    "webp": ("a.webp", b"RIFF" + struct.pack("<I", 20) + b"WEBP"),
    "heic": ("IMG_0001.heic", b"\x00\x00\x00\x18ftypheic" + bytes(20)),
    "mp4": ("demo.mov", b"\x00\x00\x00\x14ftypqt  " + bytes(20)),
    "zip": ("묶음.zip", packed(a="b")),
    "txt": ("명단.csv", "이름,점수\n김,3".encode("cp949")),
}
REFUSED = [
    ("a.pdf", b"MZ\x90\x00" + bytes(60), "file.acts"),
    ("a.txt", b"#!/bin/sh\nrm -rf ~", "file.acts"),
    ("a.png", b"\x7fELF" + bytes(60), "file.acts"),
    ("a.zip", packed(**{"META-INF__MANIFEST.MF": "Main-Class: X"}), "file.acts"),
    ("a.txt", b"\xef\xbb\xbf <!DOCTYPE html><script>", "file.markup"),
    ("a.csv", b"<svg onload=alert(1)>", "file.markup"),
    ("a.txt", "안녕 <script>alert(1)</script>".encode(), "file.markup"),
    ("a.txt", "<html>".encode("utf-16"), "file.markup"),
    ("a.docx", packed(**{"word__document.xml": "", "word__vbaProject.bin": ""}), "file.macros"),
    ("a.xls", stream("Workbook") + stream("_VBA_PROJECT"), "file.macros"),
    ("a.docx", stream("EncryptedPackage"), "file.locked"),
    ("a.msi", OLE + bytes(100), "file.unknown"),
    ("a.zip", packed(a="b")[:-10], "file.broken"),
    ("a.bin", bytes(range(256)), "file.unknown"),
    ("a.html", b"plain words", "file.misnamed"),
    ("a.exe", b"%PDF-1.7", "file.misnamed"),
    ("a.hwp", b"%PDF-1.7", "file.misnamed"),
    ("pdf", b"plain words", "file.misnamed"),
    ("a.js", b"alert(1)", "file.misnamed"),
]


@pytest.mark.parametrize("kind", TAKEN)
def test_what_an_office_sends_is_taken(kind, tmp_path):
    name, content = TAKEN[kind]
    file = tmp_path / "x"
    file.write_bytes(content)

    assert kind_of(file, name) == kind


@pytest.mark.parametrize(
    ("name", "content", "code"), REFUSED, ids=[f"{name}-{code}-{n}" for n, (name, _, code) in enumerate(REFUSED)]
)
def test_what_could_act_or_lies_about_itself_is_refused(name, content, code, tmp_path):
    file = tmp_path / "x"
    file.write_bytes(content)

    with pytest.raises(Refused) as refusal:
        kind_of(file, name)

    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("이력서.pdf", "이력서.pdf"),
        ("C:\\Users\\kim\\이력서.pdf", "이력서.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("\u1112\u1161\u11ab.pdf", "한.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("  ", "file"),
        (".pdf", "pdf"),
        ("길" * 300 + ".pdf", "길" * 196 + ".pdf"),
    ],
)
def test_names_are_shown_safely_in_any_language(sent, shown):
    assert shown_name(sent) == shown


@given(st.text())
def test_a_shown_name_is_short_has_no_path_and_stays_itself(name):
    shown = shown_name(name)

    assert 0 < len(shown) <= MOST_NAME
    assert not set(shown) & set("/\\\r\n\x00")
    assert shown_name(shown) == shown
