"""What is kept on one's own machine: a token for each platform, and the keys of attempts that await their receipt.

Both for the owner's eyes only (0600), where the XDG base directories say.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from dure.core.errors import Missing, Refused, Unready
from dure.core.text import Text

_NO_TOKEN = Text(
    ko="로그인 정보가 없습니다. 먼저 `dure login URL`을 실행하세요.",
    en="There is no token here yet. Run `dure login URL` first.",
)


def remember(url: str, token: str) -> Path:
    """Keep the token for a platform, which becomes the one that is meant; returns where."""
    path = _folder("XDG_CONFIG_HOME", ".config") / "tokens.json"
    kept = _read(path)
    _write(path, {"url": url, "tokens": {**kept.get("tokens", {}), url: token}})
    return path


def token_for(url: str | None = None) -> tuple[str, str]:
    """The platform and its token: that of ``url``, else of DURE_URL with DURE_TOKEN, else of the last login."""
    named, token = os.environ.get("DURE_URL", "").rstrip("/"), os.environ.get("DURE_TOKEN")
    if named and token and url in (None, named):
        return named, token
    kept = _read(_folder("XDG_CONFIG_HOME", ".config") / "tokens.json")
    meant = url or kept.get("url", "")
    if meant not in kept.get("tokens", {}):
        raise Missing("client.token", _NO_TOKEN)
    return meant, kept["tokens"][meant]


@contextmanager
def kept_key(*told: str) -> Iterator[str]:
    """An idempotency key for what is ``told``: the same, also in the next process, until it is answered.

    So an attempt whose receipt never arrived is not made a second time.
    """
    name = sha256(json.dumps(told).encode()).hexdigest()
    path = _folder("XDG_STATE_HOME", ".local/state") / "attempts" / name
    key = _read(path).get("key") or str(uuid4())
    _write(path, {"key": key})
    try:
        yield key
    except Unready:
        raise
    except Refused:  # an answer too: nothing was done
        path.unlink(missing_ok=True)
        raise
    path.unlink(missing_ok=True)


def _folder(variable: str, otherwise: str) -> Path:
    given = os.environ.get(variable)
    return (Path(given) if given else Path.home() / otherwise) / "dure"


def _read(path: Path) -> dict[str, Any]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _write(path: Path, kept: dict[str, Any]) -> None:
    """Whole or not at all, and never readable by others, not even for a moment."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}-{uuid4().hex}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(kept, file)
    fresh.replace(path)
