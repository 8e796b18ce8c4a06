"""The rows of the log, the texts beside them that can be erased, and the seals that chain them."""

import json
from datetime import UTC
from hashlib import sha256
from uuid import UUID

from django.db import models

from dure.audit import merkle
from dure.core import clock
from dure.store.models import Row

_ID, _LEAF = 16, 48  # a leaf in a list: 16 bytes of id, then 32 of hash

ERASED = "audit.erased"  # the action that explains why a text is gone

Thing = models.Model | tuple[str, object]


def thing_kind_and_id(thing: Thing) -> tuple[str, str]:
    """A row as its table and key, a pair as it stands; ids are text, so that the log knows no other room."""
    if isinstance(thing, models.Model):
        return thing._meta.label_lower, str(thing.pk)
    return thing[0], str(thing[1])


def thing_name(thing: Thing) -> str:
    """``kind:id``, the way actors and subjects are written."""
    return ":".join(thing_kind_and_id(thing))


class Vouching(models.Model):
    """What vouches for other rows: the Merkle root over them and, to name a culprit, each one's id and hash."""

    root = models.CharField(max_length=64, blank=True, editable=False)
    leaves = models.BinaryField(default=bytes, editable=False)

    class Meta:
        abstract = True

    def vouch_for(self, rows: "list[AuditRow]") -> None:
        hashes = [row.leaf() for row in rows]
        self.root = merkle.root(hashes).hex()
        self.leaves = b"".join(row.pk.bytes + leaf for row, leaf in zip(rows, hashes, strict=True))

    def vouched(self) -> dict[UUID, bytes]:
        """The hash of each row by its id, in the order of the tree."""
        listed = bytes(self.leaves)
        starts = range(0, len(listed), _LEAF)
        return {UUID(bytes=listed[i : i + _ID]): listed[i + _ID : i + _LEAF] for i in starts}


class Seal(Vouching):
    """A link of the chain: the rows it vouches for, tied to the seal before it."""

    number = models.PositiveBigIntegerField(primary_key=True)
    previous = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(default=clock.now)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.number} {self.hash}"

    def counted_hash(self) -> str:
        told = [self.number, self.previous, self.root, self.at.astimezone(UTC).isoformat()]
        return sha256(json.dumps(told).encode()).hexdigest()


class AuditRow(Row, Vouching):
    """Who did what to which thing. Written once; only its place under a seal is filled in later.

    ``before`` and ``after`` are salted hashes of what an AuditText tells. A row with ``leaves`` stands for
    a batch: the rows under it have it as their ``head`` and are sealed through it.
    """

    actor = models.CharField(max_length=120)
    on_behalf_of = models.CharField(max_length=120, blank=True)
    action = models.CharField(max_length=80)
    object_kind = models.CharField(max_length=80)
    object_id = models.CharField(max_length=80)
    before = models.CharField(max_length=64, blank=True)
    after = models.CharField(max_length=64, blank=True)
    request_id = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField(default=clock.now)
    head = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts", db_index=False)
    seal = models.ForeignKey(Seal, models.PROTECT, null=True, related_name="rows", db_index=False)

    class Meta:
        indexes = [
            # Partial ones, so that "not sealed" and "no part" are never looked up among all rows.
            models.Index(fields=["seal", "id"], name="audit_row_seal", condition=models.Q(seal__isnull=False)),
            models.Index(fields=["object_kind", "object_id", "id"], name="audit_row_object"),
            models.Index(fields=["actor", "id"], name="audit_row_actor"),
            models.Index(fields=["at", "id"], name="audit_row_at", condition=models.Q(head=None)),
            models.Index(fields=["action", "at", "id"], name="audit_row_action", condition=models.Q(head=None)),
            models.Index(fields=["head", "id"], name="audit_row_part", condition=models.Q(head__isnull=False)),
            models.Index(fields=["id"], name="audit_row_unsealed", condition=models.Q(seal=None, head=None)),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.action} {self.object_kind}:{self.object_id}"

    def leaf(self) -> bytes:
        """The hash that a seal or a head vouches for."""
        told = [
            *(str(self.pk), self.actor, self.on_behalf_of, self.action, self.object_kind, self.object_id),
            *(self.before, self.after, self.request_id, self.at.astimezone(UTC).isoformat(), self.root),
        ]
        return merkle.leaf_hash(json.dumps(told).encode())


class AuditText(models.Model):
    """What was there before and after, as canonical JSON. Erasing it, salt and all, leaves the chain whole."""

    row = models.OneToOneField(AuditRow, models.PROTECT, primary_key=True, related_name="text")
    about = models.CharField(max_length=120, db_index=True)
    salt = models.BinaryField(max_length=16)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.about

    def hash_of(self, told: str) -> str:
        """Salted, so that an erased text cannot be guessed from what stays; empty where nothing was told."""
        return sha256(bytes(self.salt) + told.encode()).hexdigest() if told else ""
