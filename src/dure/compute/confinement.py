"""What the supervisor asks of any way to hold a box."""

from pathlib import Path
from typing import NoReturn, Protocol

from dure.compute.order import Order

START_FD = 3
# The mark says that the walls stand and only the command is still to come; the command never sees its descriptor.
# Where nobody is left to read it, the command does not begin: from here on the box dies with its supervisor.
_MARKED = ("/bin/sh", "-c", f'echo started >&{START_FD} && exec "$@" {START_FD}>&-', "box")


class Confinement(Protocol):
    """One box's walls and meters. Times in milliseconds, memory in bytes.

    ``owner``: whose files in ``output`` are this box's; None where all are.
    """

    output: Path
    owner: int | None

    def become(self) -> NoReturn:
        """In the child: go behind the walls and turn into the command."""

    def kill(self) -> None:
        """End every process of the box; returns when none is left."""

    def cpu_ms(self) -> int: ...

    def memory_peak(self) -> int: ...

    def out_of_memory(self) -> bool: ...

    def out_of_processes(self) -> bool: ...

    def output_is_full(self) -> bool: ...

    def close(self) -> None:
        """Take the walls down."""


def marked(order: Order) -> tuple[str, ...]:
    """The command of the box, behind its start mark."""
    return (*_MARKED, *order.box.command)
