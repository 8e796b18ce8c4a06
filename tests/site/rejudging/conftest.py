"""The desk's round, with two who have handed something in."""

import pytest

from tests.site.desk.rounds.conftest import STAGE, TRUTH, desk, file_of, hand_in, round_

__all__ = ["STAGE", "TRUTH", "desk", "file_of", "hand_in", "round_"]

HALF = "id,label\n" + "".join(f"{n},{n % 2 if n % 4 else 1}\n" for n in range(40))
TURNED = "id,label\n" + "".join(f"{n},{1 - n % 2}\n" for n in range(40))


@pytest.fixture
def handed_in(world, desk):
    hand_in(world, world.ada)
    hand_in(world, world.bo, HALF)
    return desk
