"""Environments: locked sets of packages, each built once, and which images of other platforms they stand for."""

from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q

from dure.compute.box import Packages
from dure.core import clock
from dure.core.states import Moves
from dure.store.models import Row, one_of

STANDARD = "standard"  # the platform's own interpreter and its column libraries; no row


class EnvironmentState(models.TextChoices):
    PLANNED = "planned"
    BUILDING = "building"
    READY = "ready"
    FAILED = "failed"


ENVIRONMENT_MOVES = Moves[EnvironmentState](
    {
        EnvironmentState.PLANNED: {EnvironmentState.BUILDING},
        EnvironmentState.BUILDING: {EnvironmentState.READY, EnvironmentState.FAILED},
        EnvironmentState.FAILED: {EnvironmentState.BUILDING},
        EnvironmentState.READY: {EnvironmentState.BUILDING},
    }
)


class Environment(Row):
    """A Python with exactly the packages of ``requirements``, a lock with hashes.

    ``python`` is what was asked for (``3.11``, a program, or empty: the platform's own), ``version`` what it is.
    ``packages`` lists what was installed as {name: version}, ``modules`` what can be imported. ``digest`` vouches for
    the contents of ``folder``, which lies below the installation's home; ``prefix`` is where its Python lies.
    """

    name = models.CharField(max_length=60, unique=True)
    python = models.CharField(max_length=200, blank=True)
    requirements = models.TextField()
    state = models.CharField(max_length=8, choices=EnvironmentState.choices, default=EnvironmentState.PLANNED)
    version = models.CharField(max_length=20, blank=True)
    prefix = models.CharField(max_length=400, blank=True)
    folder = models.CharField(max_length=120, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    packages = models.JSONField(default=dict)
    modules = models.JSONField(default=list)
    log = models.TextField(blank=True)
    made_at = models.DateTimeField(default=clock.now, editable=False)
    built_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", EnvironmentState, "environment_state_known"),
            CheckConstraint(condition=~Q(name=STANDARD), name="environment_standard_is_no_row"),
            CheckConstraint(
                condition=Q(state="ready", built_at__isnull=False) | ~Q(state="ready"),
                name="environment_ready_is_built",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_ready(self) -> bool:
        return self.state == EnvironmentState.READY

    @property
    def is_here(self) -> bool:
        """Whether this machine has it: another one, or one that was restored, builds it by its lock again."""
        return self.is_ready and self.path.is_dir()

    @property
    def path(self) -> Path:
        """Where it lies once it is built."""
        return Path(settings.HOME, "environments", self.folder)

    @property
    def mounted(self) -> Packages:
        """What a box is told of it."""
        return Packages(self.path, Path(self.prefix))


class ImageRule(Row):
    """Images whose name fits ``pattern`` (``*`` and ``?`` as in a shell) are run in ``environment``; None: standard."""

    pattern = models.CharField(max_length=200, unique=True)
    environment = models.ForeignKey(Environment, models.PROTECT, null=True, related_name="image_rules")

    def __str__(self) -> str:
        return f"{self.pattern} → {self.environment or STANDARD}"
