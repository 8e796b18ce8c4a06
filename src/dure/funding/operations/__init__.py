"""Every write of this room."""

from dure.funding.operations.commitments import commit, commit_all, release
from dure.funding.operations.funds import add_money, close_fund, open_budget, open_fund
from dure.funding.operations.payments import approve, cancel, pay, propose

__all__ = [
    "add_money",
    "approve",
    "cancel",
    "close_fund",
    "commit",
    "commit_all",
    "open_budget",
    "open_fund",
    "pay",
    "propose",
    "release",
]
