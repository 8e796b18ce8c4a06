"""A laboratory with a fund, and people who run it."""

from datetime import date

import pytest

from dure.funding.operations import open_fund
from dure.funding.promises import Due, Promise
from tests.factories import make_admin, make_organisation, make_person

DAY = date(2026, 3, 31)


@pytest.fixture
def lab(db):
    return make_organisation("lab")


@pytest.fixture
def fund(lab):
    return open_fund(lab, name="Prizes", amount=1000)


@pytest.fixture
def winner(db):
    return make_person(name="Winner")


@pytest.fixture
def runner(lab):
    return make_admin(lab)


@pytest.fixture
def second(lab):
    return make_admin(lab)


@pytest.fixture
def prize(winner):
    """A promise of so much to the winner, all of it due on one day."""

    def promise(amount=300, purpose="final/prize", **known):
        return Promise(purpose, "prize", amount, (Due(winner, amount, DAY),), **known)

    return promise
