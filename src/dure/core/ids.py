"""Public ids: UUID version 7, so that ids sort by the time they were made (RFC 9562, section 5.7)."""

import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def uuid7() -> UUID:
    """A new id; within one process every id is greater than the one before (48 bits ms, then a 12-bit counter)."""
    global _last  # noqa: PLW0603 -- the one counter of the process
    with _lock:
        tick = max(time.time_ns() // 1_000_000 << 12, _last + 1)
        _last = tick
    random = int.from_bytes(os.urandom(8)) & (1 << 62) - 1
    return UUID(int=tick >> 12 << 80 | 7 << 76 | (tick & 0xFFF) << 64 | 2 << 62 | random)
