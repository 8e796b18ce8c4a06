"""How people of an organisation sign in with its own accounts, and the mail domains it has shown to be its own."""

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.db.models.functions import Lower

from dure.core import clock
from dure.people.models.belonging import Organisation
from dure.store.models import Row, one_of


class Domain(Row):
    """A mail domain that an organisation says is its own, e.g. ``lge.example``; it is once ``verified_at`` stands.

    ``token`` is what a TXT record of the domain must say. Several may claim a domain, one can have it.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="domains")
    name = models.CharField(max_length=253)
    token = models.CharField(max_length=64, blank=True)
    claimed_at = models.DateTimeField(default=clock.now, editable=False)
    verified_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(name=Lower("name")), name="domain_name_lower"),
            UniqueConstraint(fields=["organisation", "name"], name="domain_claimed_once"),
            UniqueConstraint(fields=["name"], condition=Q(verified_at__isnull=False), name="domain_verified_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Protocol(models.TextChoices):
    OIDC = "oidc"
    SAML = "saml"


class IdentityProvider(Row):
    """The organisation's own sign-in. ``issuer`` is its identity: OpenID Connect's issuer or SAML's entity id.

    OpenID Connect also needs ``client_id`` and ``secret`` (encrypted, ``keys.sealed``); SAML ``sso_url`` and
    ``certificate``. The claims named here become memberships at each sign-in: nobody is made an administrator by them.
    """

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="identity_provider")
    protocol = models.CharField(max_length=4, choices=Protocol.choices)
    issuer = models.CharField(max_length=500)
    client_id = models.CharField(max_length=191, blank=True)
    secret = models.TextField(blank=True)
    sso_url = models.CharField(max_length=500, blank=True)
    certificate = models.TextField(blank=True)
    active = models.BooleanField(default=False)
    required = models.BooleanField(default=False)  # no password for addresses of its domains
    department_claim = models.CharField(max_length=120, blank=True)
    role_claim = models.CharField(max_length=120, blank=True)
    member_words = models.CharField(max_length=300, blank=True)  # of the role claim, between commas; empty: all others
    student_words = models.CharField(max_length=300, blank=True)
    ends_memberships = models.BooleanField(default=True)  # of those whom the claims no longer make anything
    lapses_after = models.PositiveSmallIntegerField(null=True, blank=True)  # days without a sign-in

    NAMES: ClassVar = {Protocol.OIDC: "{}", Protocol.SAML: "saml:{}"}

    class Meta:
        constraints = [one_of("protocol", Protocol, "identity_provider_protocol_known")]

    def __str__(self) -> str:
        return f"{self.organisation} {self.protocol}"

    @property
    def name(self) -> str:
        """What links of accounts to this provider are filed under."""
        return self.NAMES[Protocol(self.protocol)].format(self.organisation.short)
