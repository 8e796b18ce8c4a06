"""Files that are on the disk for good before anything speaks of them."""

import os
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import IO

from dure.core.errors import TooLarge
from dure.core.text import Text

MIB = 1 << 20
TOO_LARGE = Text(
    ko="파일은 {most}까지 올릴 수 있습니다. 크기를 줄이거나 나누어 다시 올리세요.",
    en="A file may have up to {most}. Make it smaller, or split it, and send it again.",
)


def fill(file: IO[bytes], pieces: Iterable[bytes], *, most: int) -> tuple[int, str]:
    """Write the pieces and wait for the disk; returns how many bytes and their SHA-256. Raises TooLarge."""
    size, digest = 0, sha256()
    for piece in pieces:
        size += len(piece)
        if size > most:
            raise too_large(most)
        digest.update(piece)
        file.write(piece)
    file.flush()
    os.fsync(file.fileno())
    return size, digest.hexdigest()


def sync_folder(folder: Path) -> None:
    """A new name is durable when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def too_large(most: int) -> TooLarge:
    """The refusal of a file above ``most`` bytes."""
    whole, rest = divmod(most, MIB)
    bound = Text(ko=f"{most:,}바이트", en=f"{most:,} bytes") if rest else Text(ko=f"{whole} MiB", en=f"{whole} MiB")
    return TooLarge("file.large", TOO_LARGE.format(most=bound), most=most)
