"""Rounds from one's own machine: `from dure.client import Client`. It knows no Django, only the platform's API.

    client = Client.stored()                     # after `dure login URL`; or Client(url, token)
    checked = client.check("race/sprint/cats", "predictions.csv")
    receipt = client.submit("race/sprint/cats", "predictions.csv")
    print(client.wait(receipt.id).public_score)

A rule that says no raises `Refused`, whose sentence says what to do.
"""

from dure.client.answers import Allowance, Asked, BoardRow, Checked, Entry, Flaw, Receipt, Round, Submission
from dure.client.client import Client
from dure.client.wire import Unreachable
from dure.core.errors import Refused

__all__ = [
    "Allowance", "Asked", "BoardRow", "Checked", "Client", "Entry", "Flaw", "Receipt", "Refused", "Round", "Submission",
    "Unreachable",
]  # fmt: skip
