"""Persons, and the keys and answers of their programs."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models, transaction
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.db.models.functions import Lower

from dure.core import clock
from dure.core.hangul import endings
from dure.store.models import Row
from dure.store.search import LONGEST, KeyField, PartField


class Persons(models.QuerySet["Person"]):
    """Many at once: the parts of their names are written with them, or the names are not."""

    def bulk_create(self, objs: "Iterable[Person]", *args: Any, **options: Any) -> "list[Person]":
        """Raises TypeError where a clash is no error: nobody knows then whose name stands there."""
        if args[1:] or options.keys() - {"batch_size"}:
            raise TypeError("persons are new when they are made many at once")
        with transaction.atomic(savepoint=False):
            made = super().bulk_create(objs, *args, **options)
            _add_parts((person, part) for person in made for part in _parts_of(person))
        return made

    def update(self, **values: Any) -> int:
        """Raises TypeError for names: their key and parts follow them where each person is saved."""
        if values.keys() & {"name", "name_key"}:
            raise TypeError("a person's name is changed by saving the person")
        return super().update(**values)


class People(BaseUserManager["Person"]):
    def get_queryset(self) -> Persons:
        return Persons(self.model, using=self._db)

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

    def save_base(self, *args: Any, **options: Any) -> None:
        """Every way to save one row comes here: the parts of the name are written with it, both or neither."""
        names = options.get("update_fields")
        if names is not None and "name_key" not in names:
            super().save_base(*args, **options)
            return
        is_new = self._state.adding
        with transaction.atomic(savepoint=False):
            super().save_base(*args, **options)
            _keep_parts(self, is_new=is_new)


class NamePart(models.Model):
    """An ending of a person's ``name_key``: who has what was typed inside the name is found by where a part begins.

    Written by :class:`Person` and :class:`Persons` alone, whatever way a name comes there; a name that goes takes its
    parts along.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="name_parts", db_index=False)  # once, below
    part = PartField()

    class Meta:
        constraints = [UniqueConstraint(fields=["person", "part"], name="name_part_once")]
        indexes = [Index(fields=["part", "person"], name="name_part", opclasses=["varchar_pattern_ops", "uuid_ops"])]

    def __str__(self) -> str:
        return str(self.part)


def _parts_of(person: Person) -> set[str]:
    return {ending[:LONGEST] for ending in endings(person.name_key)}


def _keep_parts(person: Person, *, is_new: bool) -> None:
    parts, held = _parts_of(person), set() if is_new else {*person.name_parts.values_list("part", flat=True)}
    if held - parts:
        person.name_parts.filter(part__in=held - parts).delete()
    _add_parts((person, part) for part in sorted(parts - held))


def _add_parts(parts: Iterable[tuple[Person, str]]) -> None:
    NamePart.objects.bulk_create((NamePart(person=person, part=part) for person, part in parts), batch_size=1_000)


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
