"""Pages as PDF, by WeasyPrint with the portal's own font; where its system libraries are missing, not at all."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

FONTS = "node_modules/pretendard/dist/public/static"
FACES = {400: "Pretendard-Regular.otf", 600: "Pretendard-SemiBold.otf", 800: "Pretendard-ExtraBold.otf"}


@cache
def here() -> bool:
    """Whether this machine has what PDF needs (Pango and what it stands on)."""
    try:
        _library()
    except OSError:
        return False
    return True


def printed(template: str, seen: Mapping[str, Any], *, attached: Sequence[tuple[str, str, str]]) -> bytes:
    """A template as PDF; ``attached`` are files inside it: name, text, what it is."""
    weasyprint = _library()
    page = render_to_string(template, {**seen, "faces": _faces()})
    files = [weasyprint.Attachment(string=text, name=name, description=about) for name, text, about in attached]
    fetcher = weasyprint.urls.URLFetcher(allowed_protocols=["data", "file"])  # nothing comes from anywhere else
    made: bytes = weasyprint.HTML(string=page, url_fetcher=fetcher).write_pdf(attachments=files)
    return made


def _library() -> Any:
    import weasyprint  # noqa: PLC0415 -- half a second, and system libraries that may be missing

    return weasyprint


def _faces() -> list[tuple[int, str]]:
    """The weights of the portal's font, where set-up has installed it; else the system's Korean font serves."""
    folder = Path(settings.LIBRARY) / FONTS
    return [(weight, (folder / name).as_uri()) for weight, name in FACES.items() if (folder / name).is_file()]
