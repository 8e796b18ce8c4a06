"""Persons, and the keys and answers of their programs."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.db.models.functions import Lower

from dure.core import clock
from dure.store.models import Row
from dure.store.search import KeyField


class People(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **known: object) -> "Person":
        person = self.model(email=self.normalize_email(email).lower(), **known)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser, PermissionsMixin, Row):
    """Somebody who can sign in. The email is the name they sign in with; ``is_staff``: an operator of the platform."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    name_key = KeyField("name")
    birth_date = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=8, blank=True)
    zone = models.CharField(max_length=64, blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=clock.now, editable=False)
    forgotten_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = People()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [CheckConstraint(condition=Q(email=Lower("email")), name="person_email_lower")]
        indexes = [
            Index(fields=["name_key", "id"], name="person_name"),
            Index(fields=["last_login"], name="person_last_login"),
            Index(fields=["id"], name="person_operator", condition=Q(is_staff=True)),
            Index(fields=["id"], name="person_closed", condition=Q(is_active=False)),
        ]

    def __str__(self) -> str:
        return self.name or self.email


class ApiToken(Row):
    """A key for programs. ``prefix`` names it in lists and logs; the rest is known to its owner alone."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)  # to the hour
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class Answer(Row):
    """What a caller was answered under an idempotency key, so that a repeated request gets the same and does nothing.

    ``asked`` is the hash of the request; ``body`` is empty where the answer held a secret.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    asked = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [UniqueConstraint(fields=["person", "key"], name="answered_once_a_key")]
        indexes = [Index(fields=["at"], name="answer_at")]

    def __str__(self) -> str:
        return self.key
