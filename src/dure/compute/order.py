"""What the worker asks of the supervisor, as JSON between the two processes."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from dure.compute.box import Box, Level, Limits


@dataclass(frozen=True)
class Order:
    """A box with all that this machine adds to it.

    ``work`` is an empty folder that lives as long as the box, ``into`` receives its output. ``exposed`` maps
    further paths inside the box to paths here, ``packages`` names in its folder of packages; ``bwrap`` and
    ``bwrap_folders`` say where bubblewrap lies. ``shared`` is the folder that boxes beside each other write, ``output``
    the one that they put out to where the kernel can tell them apart; ``number`` says which of them this one is.
    """

    level: Level
    box: Box
    work: Path
    into: Path
    environment: Mapping[str, str]
    exposed: Mapping[str, Path]
    bwrap: str = ""
    bwrap_folders: tuple[Path, ...] = ()
    filter: bytes = b""
    shared: Path | None = None
    output: Path | None = None
    number: int = 0
    packages: Mapping[str, Path] = field(default_factory=dict)

    def dump(self) -> dict[str, Any]:
        """As JSON keeps it, with paths from the root; ``load`` reads it back."""
        told = {**asdict(self), "filter": b64encode(self.filter).decode()}
        plain: dict[str, Any] = json.loads(json.dumps(told, default=_from_the_root))
        return plain

    @classmethod
    def load(cls, told: Mapping[str, Any]) -> "Order":
        box = told["box"]
        return cls(
            level=Level(told["level"]),
            box=Box(
                command=tuple(box["command"]),
                mounts={name: Path(path) for name, path in box["mounts"].items()},
                environment=box["environment"],
                limits=Limits(**box["limits"]),
                start_in=box["start_in"],
                layout={inside: Path(path) for inside, path in box["layout"].items()},
                writable=tuple(box["writable"]),
                output_at=box["output_at"],
                shared=box["shared"],
            ),
            work=Path(told["work"]),
            into=Path(told["into"]),
            environment=told["environment"],
            exposed={inside: Path(path) for inside, path in told["exposed"].items()},
            bwrap=told["bwrap"],
            bwrap_folders=tuple(Path(folder) for folder in told["bwrap_folders"]),
            filter=b64decode(told["filter"]),
            shared=Path(told["shared"]) if told["shared"] else None,
            output=Path(told["output"]) if told["output"] else None,
            number=told["number"],
            packages={name: Path(path) for name, path in told["packages"].items()},
        )


def _from_the_root(path: Path) -> str:
    return str(path.absolute())
