"""Secrets that Dure hands out once and keeps as hashes. They are long and random, so a plain SHA-256 is enough."""

from dataclasses import dataclass
from hashlib import sha256
from secrets import token_urlsafe
from typing import Generic, TypeVar

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
