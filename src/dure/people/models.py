"""Persons and organisations, and how they belong to each other."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models

from dure.core import clock
from dure.store.models import Row, one_of


class People(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **known: object) -> "Person":
        person = self.model(email=self.normalize_email(email).lower(), **known)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser, PermissionsMixin, Row):
    """Somebody who can sign in. The e-mail is the name they sign in with; ``is_staff``: an operator of the platform."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=8, blank=True)
    zone = models.CharField(max_length=64, blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=clock.now, editable=False)

    objects = People()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email


class OrganisationKind(models.TextChoices):
    COMPANY = "company"
    UNIVERSITY = "university"
    INSTITUTE = "institute"
    GOVERNMENT = "government"
    SME = "sme"
    STARTUP = "startup"
    ASSOCIATION = "association"


class Organisation(Row):
    """A member of the alliance or somebody's employer; ``short`` is the name that blueprints and rules use."""

    short = models.CharField(max_length=80, unique=True)
    name_ko = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160)
    kind = models.CharField(max_length=12, choices=OrganisationKind.choices)

    class Meta:
        constraints = [one_of("kind", OrganisationKind, "organisation_kind_known")]

    def __str__(self) -> str:
        return self.name_en
