"""The issuer, the achievement and the people of the room's own tests, in browsers."""

from tests.credentials.conftest import _own_keys, achievement, issued, issuer, learner, registrar, university

__all__ = ["_own_keys", "achievement", "issued", "issuer", "learner", "registrar", "university"]
