"""Private keys: files that only the command line and the signing worker open; no page and no endpoint imports this.

PKCS #8 in PEM, readable by its owner alone, encrypted where ``DURE_KEY_SECRET`` is set.
"""

import os
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings

from dure.core.errors import Unready
from dure.core.text import Text
from dure.credentials.multibase import multikey_of
from dure.store.disk import sync_folder

NOT_HERE = Text(
    ko="서명 키 파일이 이 컴퓨터에 없습니다. 키를 만든 컴퓨터에서 워커를 실행하거나 DURE_KEYS를 확인하세요.",
    en="The signing key's file is not on this machine. Run the worker where the key was made, or check DURE_KEYS.",
)
UNREADABLE = Text(
    ko="서명 키를 열 수 없습니다. DURE_KEY_SECRET이 키를 만들 때와 같은지 확인하세요.",
    en="The signing key cannot be opened. Check that DURE_KEY_SECRET is what it was when the key was made.",
)


def make() -> str:
    """A new key on the disk for good; returns its public half as Multikey."""
    private = Ed25519PrivateKey.generate()
    public = multikey_of(private.public_key())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, _encryption())
    folder = Path(settings.KEYS)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path_of(public), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder)
    return public


@lru_cache(maxsize=64)
def private(public: str) -> Ed25519PrivateKey:
    """The key itself. Raises Unready where its file is not here or does not open."""
    if not path_of(public).exists():
        raise Unready("credentials.key-missing", NOT_HERE)
    secret = str(settings.KEY_SECRET).encode() or None
    try:
        key = load_pem_private_key(path_of(public).read_bytes(), password=secret)
    except (ValueError, TypeError) as wrong:
        raise Unready("credentials.key-unreadable", UNREADABLE) from wrong
    if not isinstance(key, Ed25519PrivateKey) or multikey_of(key.public_key()) != public:
        raise Unready("credentials.key-unreadable", UNREADABLE)
    return key


def destroy(public: str) -> None:
    """Nobody signs with it again."""
    path_of(public).unlink(missing_ok=True)
    private.cache_clear()


def is_here(public: str) -> bool:
    return path_of(public).exists()


def path_of(public: str) -> Path:
    """Where its file lies, if it is on this machine."""
    return Path(settings.KEYS) / f"{public}.pem"


def _encryption() -> KeySerializationEncryption:
    secret = str(settings.KEY_SECRET)
    return BestAvailableEncryption(secret.encode()) if secret else NoEncryption()
