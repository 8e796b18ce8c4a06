"""Who issues credentials, under which decentralised identifier, and with which keys."""

from django.db import models
from django.db.models import Q, UniqueConstraint

from dure.core import clock
from dure.core.states import Moves
from dure.credentials.multibase import DID_KEY
from dure.people.models import Organisation
from dure.store.models import Row, one_of


class Method(models.TextChoices):
    """How an issuer is called. ``host``: by the name of this installation itself, which one issuer may have."""

    WEB = "web"
    HOST = "host"
    KEY = "key"


class Issuer(Row):
    """An organisation that issues. Its ``did`` stays as it was made; of ``did:key`` each key is one of its own."""

    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="issuer")
    method = models.CharField(max_length=4, choices=Method.choices)
    did = models.CharField(max_length=240, blank=True)
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            one_of("method", Method, "issuer_method_known"),
            UniqueConstraint(fields=["did"], condition=~Q(did=""), name="issuer_did_once"),
            UniqueConstraint(fields=["method"], condition=Q(method="host"), name="issuer_of_the_host"),
            models.CheckConstraint(
                condition=Q(method="key", did="") | (~Q(method="key") & ~Q(did="")), name="issuer_called_somehow"
            ),
        ]

    def __str__(self) -> str:
        return self.organisation.short


class KeyState(models.TextChoices):
    """``retired``: signs no more, what it signed holds. ``compromised``: what it signed is believed no more."""

    ACTIVE = "active"
    RETIRED = "retired"
    COMPROMISED = "compromised"


KEY_MOVES = Moves({KeyState.ACTIVE: {KeyState.RETIRED, KeyState.COMPROMISED}, KeyState.RETIRED: {KeyState.COMPROMISED}})


class SigningKey(Row):
    """The public half of a key (Multikey). The private half is a file that only workers read."""

    issuer = models.ForeignKey(Issuer, models.PROTECT, related_name="keys")
    public = models.CharField(max_length=60, unique=True)
    state = models.CharField(max_length=11, choices=KeyState.choices, default=KeyState.ACTIVE)
    made_at = models.DateTimeField(default=clock.now, editable=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", KeyState, "signing_key_state_known"),
            UniqueConstraint(fields=["issuer"], condition=Q(state="active"), name="signing_key_active_once"),
        ]

    def __str__(self) -> str:
        return self.public

    @property
    def did(self) -> str:
        """Who signs with it."""
        return self.issuer.did or f"{DID_KEY}{self.public}"

    @property
    def method(self) -> str:
        """The address under which a proof names it."""
        return f"{self.did}#{self.public}"
