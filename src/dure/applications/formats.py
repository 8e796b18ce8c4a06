"""Which kind of file it is, by its bytes and not by its name: what an office sends is taken, what could act is not."""

import re
import unicodedata
import zipfile
import zlib
from pathlib import Path

from dure.core.errors import Refused
from dure.core.text import Text

MOST_NAME = 200
_HEAD = 4096
_UNSHOWN = re.compile("[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "hwp": "application/x-hwp",
    "hwpx": "application/hwp+zip",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "heic": "image/heic",
    "mp4": "video/mp4",
    "zip": "application/zip",
    "txt": "text/plain",
}
_ENDINGS = {"jpg": {"jpg", "jpeg"}, "mp4": {"mp4", "m4v", "mov"}, "txt": {"txt", "csv", "tsv", "md", "json", "bib"}}
_PLAIN = ((b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF87a", "gif"),
          (b"GIF89a", "gif"))  # fmt: skip
_ACTS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe",
         b"L\x00\x00\x00\x01\x14\x02\x00")  # fmt: skip
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = (("hwp", b"HWP Document File"), ("doc", "WordDocument".encode("utf-16-le")),
            ("xls", "Workbook".encode("utf-16-le")),
            ("ppt", "PowerPoint Document".encode("utf-16-le")))  # fmt: skip
_PARTS = (("docx", "word/document.xml"), ("xlsx", "xl/workbook.xml"), ("pptx", "ppt/presentation.xml"))
_MIMES = {
    b"application/hwp+zip": "hwpx",
    **{MEDIA_TYPES[kind].encode(): kind for kind in ("odt", "ods", "odp")},
}
_HEIF = (b"heic", b"heix", b"mif1", b"msf1")

ACTS = Text(
    ko="실행 파일은 받지 않습니다. PDF나 한글·오피스 문서로 올려 주세요.",
    en="Programs are not taken. Send a PDF or an office document.",
)
MARKUP = Text(
    ko="HTML·SVG·XML 파일은 받지 않습니다. PDF로 저장해 올려 주세요.",
    en="HTML, SVG and XML files are not taken. Save it as a PDF and send that.",
)
MACROS = Text(
    ko="매크로가 들어 있는 문서는 받지 않습니다. 매크로 없이 저장해 올려 주세요.",
    en="Documents with macros are not taken. Save it without macros and send that.",
)
LOCKED = Text(
    ko="암호가 걸린 문서입니다. 심사에서 열어 볼 수 있도록 암호를 풀고 올려 주세요.",
    en="The document has a password. Remove it, so that it can be opened, and send it again.",
)
BROKEN = Text(
    ko="파일이 손상되어 열 수 없습니다. 다시 저장해 올려 주세요.",
    en="The file is damaged and cannot be opened. Save it again and send that.",
)
UNKNOWN = Text(
    ko="알 수 없는 형식의 파일입니다. PDF, 한글·오피스 문서, 그림, ZIP, TXT·CSV 가운데 하나로 올려 주세요.",
    en="The kind of file is unknown. Send a PDF, an office document, a picture, a ZIP, a TXT or a CSV.",
)
MISNAMED = Text(
    ko="내용은 {kind} 파일인데 이름이 다르게 끝납니다. 이름이 .{kind}(으)로 끝나도록 바꾸어 올려 주세요.",
    en="It is a {kind} file under another name. Rename it so that it ends in .{kind} and send it again.",
)


def shown_name(name: str) -> str:
    """A file's name as it may be shown: its last part, in composed letters, nothing unseen or turning direction."""
    last = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    plain = " ".join(_UNSHOWN.sub("", last).split()).strip(". ")
    stem, dot, ending = plain.rpartition(".")
    if dot and len(ending) <= 10:
        return f"{(stem or 'file')[: MOST_NAME - 1 - len(ending)]}.{ending}"
    return plain[:MOST_NAME] or "file"


def kind_of(file: Path, name: str) -> str:
    """The kind of a file, a key of ``MEDIA_TYPES``, which its name must end in.

    Raises Refused("file.KIND") for programs, markup, macros, locked, damaged and unknown files.
    """
    kind = _kind_by_bytes(file)
    ending = name.rpartition(".")[2].lower()
    if ending not in _ENDINGS.get(kind, {kind}):
        raise Refused("file.misnamed", MISNAMED.format(kind=kind), kind=kind, name=name)
    return kind


def _kind_by_bytes(file: Path) -> str:
    with file.open("rb") as opened:
        head = opened.read(_HEAD)
    if head.startswith(_ACTS):
        raise Refused("file.acts", ACTS)
    for magic, kind in _PLAIN:
        if head.startswith(magic):
            return kind
    if head.startswith(_OLE):
        return _kind_of_ole(file.read_bytes())
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(file)
    return _kind_of_media(head) or _kind_of_text(file)


def _kind_of_media(head: bytes) -> str | None:
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        return "heic" if head[8:12] in _HEIF else "mp4"
    return None


def _kind_of_ole(content: bytes) -> str:
    """A compound file (MS-CFB): its streams' names, in UTF-16, tell whose it is."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Refused("file.locked", LOCKED)
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise Refused("file.macros", MACROS)
    for kind, stream in _STREAMS:
        if stream in content:
            return kind
    raise Refused("file.unknown", UNKNOWN)


def _kind_of_zip(file: Path) -> str:
    try:
        with zipfile.ZipFile(file) as opened:
            names = set(opened.namelist())
            mime = opened.open("mimetype").read(100).strip() if "mimetype" in names else b""
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OSError):
        raise Refused("file.broken", BROKEN) from None
    if any(name.endswith("vbaProject.bin") for name in names):
        raise Refused("file.macros", MACROS)
    if names & {"META-INF/MANIFEST.MF", "AndroidManifest.xml"}:
        raise Refused("file.acts", ACTS)
    return next((kind for kind, part in _PARTS if part in names), _MIMES.get(mime, "zip"))


def _kind_of_text(file: Path) -> str:
    content = file.read_bytes()
    for encoding in ("utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig", "cp949"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return _kind_of_letters(text)
    raise Refused("file.unknown", UNKNOWN)


def _kind_of_letters(text: str) -> str:
    if re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text):
        raise Refused("file.unknown", UNKNOWN)
    if re.match(r"\s*<[!?a-zA-Z]", text) or re.search(r"<(html|svg|script)\b", text[:_HEAD], re.IGNORECASE):
        raise Refused("file.markup", MARKUP)
    return "txt"
