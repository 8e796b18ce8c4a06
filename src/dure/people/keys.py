"""Secrets. What Dure hands out once is kept as a hash (long and random, so a plain SHA-256 is enough); what it has to
show to others later, such as the seed of one-time passwords, is kept encrypted.
"""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_urlsafe
from typing import Generic, TypeVar

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Issued(Generic[M]):
    """A row and its secret, which can be read nowhere again."""

    row: M
    secret: str


def new_secret() -> str:
    """256 random bits that fit into a link."""
    return token_urlsafe(32)


def sha256_of(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def sealed(text: str, *, use: str) -> str:
    """The text, encrypted for one use, so that a stolen database tells it to nobody."""
    return _fernet(use).encrypt(text.encode()).decode()


def unsealed(text: str, *, use: str) -> str:
    return _fernet(use).decrypt(text.encode()).decode()


def _fernet(use: str) -> MultiFernet:
    """The key of today first, then the retired ones (``SECRET_KEY_FALLBACKS``), so that keys can be changed."""
    secrets = map(str, (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))
    return MultiFernet([Fernet(urlsafe_b64encode(sha256(f"{use}:{secret}".encode()).digest())) for secret in secrets])
