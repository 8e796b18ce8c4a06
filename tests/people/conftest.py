import pytest
from django.db import connection

from tests.people.parts import parts_of_names, parts_wanted


@pytest.fixture(autouse=True)
def _every_name_has_its_parts(request):
    """However a test of this room wrote names (a page, a provider's claims, a letter), their parts agree with them."""
    yield
    if request.node.get_closest_marker("django_db") and not connection.needs_rollback:
        assert parts_of_names() == parts_wanted()
