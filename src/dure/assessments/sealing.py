"""Answers under seal: whoever has the database cannot read them while a survey runs, and nobody can afterwards.

Each answer is encrypted (HPKE, RFC 9180) to a key that is made for its survey. The private half is a file outside the
database and outside every backup; when the survey closes the answers are counted and the file is destroyed. What is
left of sealed rows on disks, in write-ahead logs and in backups is noise from then on. Boxes are padded, so that their
length does not tell them apart.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from django.conf import settings

from dure.core.errors import Unready
from dure.core.text import Text
from dure.store.disk import sync_folder

BLOCK = 4096  # boxes are whole blocks long
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_NOT_HERE = Text(
    ko="이 설문의 봉인을 여는 키가 이 컴퓨터에 없습니다. DURE_SURVEY_KEYS를 확인하거나 답 없이 마감하세요.",
    en="The key that opens this survey's answers is not on this machine. Check DURE_SURVEY_KEYS, or close the survey"
    " without its answers.",
)


def make_key() -> str:
    """A new key, on the disk for good; returns its public half in hexadecimal."""
    private = X25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw().hex()
    folder = Path(settings.SURVEY_KEYS)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(_path_of(public), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(private.private_bytes_raw())
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder)
    return public


@contextmanager
def new_key() -> Iterator[str]:
    """``make_key`` for what is written inside; where that fails, the key goes again."""
    public = make_key()
    try:
        yield public
    except BaseException:
        destroy_key(public)
        raise


def seal(told: Mapping[str, Any], *, public: str) -> bytes:
    """A box that only the survey's key opens; as long as any other of about its size."""
    plain = json.dumps(told, ensure_ascii=False).encode()
    padded = plain + b" " * (-len(plain) % BLOCK)
    return _SUITE.encrypt(padded, X25519PublicKey.from_public_bytes(bytes.fromhex(public)))


class Opener:
    """Opens the boxes of one survey. Raises Unready("survey.key-missing") where its key is not here."""

    def __init__(self, public: str) -> None:
        if not is_here(public):
            raise Unready("survey.key-missing", _NOT_HERE)
        self._key = X25519PrivateKey.from_private_bytes(_path_of(public).read_bytes())

    def open(self, box: bytes) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(_SUITE.decrypt(box, self._key))
        return told


def is_here(public: str) -> bool:
    return _path_of(public).exists()


def destroy_key(public: str) -> None:
    """What it sealed is never read again."""
    _path_of(public).unlink(missing_ok=True)
    if (folder := Path(settings.SURVEY_KEYS)).exists():
        sync_folder(folder)


def _path_of(public: str) -> Path:
    return Path(settings.SURVEY_KEYS) / f"{public}.key"
