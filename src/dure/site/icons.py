"""Icons in templates, in the place of the icon package's own tags: each is drawn once a process, not once a use."""

from functools import lru_cache

from django import template
from heroicons.templatetags import heroicons

register = template.Library()
KEPT = 512  # name, size and attributes stand in templates, so there are few
for tag in (heroicons.heroicon_mini, heroicons.heroicon_outline):
    register.simple_tag(lru_cache(KEPT)(tag))
