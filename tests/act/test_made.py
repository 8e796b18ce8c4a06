"""Blueprints that nobody wrote: whatever the language allows is played live as it is rehearsed."""

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.extra.django import TestCase

from dure.act.play import play
from tests.blueprint.corner_blueprints import CORNERS, corner
from tests.blueprint.made_blueprints import made_blueprints

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]  # an example is a play


class Made(TestCase):
    """Each example in a transaction of its own, undone after it."""

    @given(source=made_blueprints())
    @settings(max_examples=8, derandomize=True, deadline=None, phases=[Phase.generate], suppress_health_check=SLOW)
    def test_six_cases_live_end_as_rehearsed(self, source):
        cache.clear()
        with self.settings(SCRATCH=True):
            assert play(source, cases=6).differences == {}


@pytest.mark.parametrize("name", CORNERS)
@pytest.mark.django_db
def test_corners_of_the_language_are_played_as_rehearsed(settings, name):
    settings.SCRATCH = True
    cache.clear()

    assert play(corner(name), cases=8).differences == {}
