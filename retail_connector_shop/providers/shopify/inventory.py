"""Writes what the shop can sell, compared with what it holds, once per logical attempt.

Source: shopify.dev, ``inventorySetQuantities``, ``inventoryActivate``, "Implementing idempotency"
(2026-04): a key stays bound to its first arguments, and the same request is answered as before,
its refusals included. So every key is derived from the attempt's and from what is sent.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from odoo.addons.retail_connector_base.providers import (
    Answer,
    StockChange,
    StockKey,
    Verdict,
)

from . import documents_stock
from .all_or_nothing import settle
from .client import ShopifyClient
from .gid import gid
from .inventory_read import read_levels
from .user_errors import UserError, join, payload_of, user_errors

DONE = Answer(Verdict.DONE)
_STALE = frozenset({"CHANGE_FROM_QUANTITY_STALE", "COMPARE_QUANTITY_STALE"})
_NOT_STOCKED = "ITEM_NOT_STOCKED_AT_LOCATION"
_MISSING = "INVALID_INVENTORY_ITEM"


@dataclass(frozen=True)
class _Inactive:
    """Stands for the answer of an item that has to be activated first."""

    change: StockChange


class StockWriter:
    """One logical attempt at changing quantities."""

    def __init__(self, client: ShopifyClient, key: str) -> None:
        self._client = client
        self._key = key

    def apply(self, changes: Sequence[StockChange]) -> list[Answer]:
        """Return an answer for each change, in their order.

        An attempt without expected quantities is compared with what the shop holds now. When its
        answer was lost, its repetition is compared anew: what was sold in between is overwritten,
        as by any first publication. With expected quantities nothing is ever overwritten.
        """
        answers: dict[StockKey, Answer] = {}
        known = self._expected(changes, answers)
        settled = settle(known, self._set, DONE, _refusal)
        for change, outcome in zip(known, settled, strict=True):
            if isinstance(outcome, _Inactive):
                outcome = self._activate(outcome.change)
            answers[change.key] = outcome
        self._show_actual(answers)
        return [answers[change.key] for change in changes]

    def _expected(
        self, changes: Sequence[StockChange], answers: dict[StockKey, Answer]
    ) -> list[StockChange]:
        """Return changes that say what they expect; those that need no write are answered."""
        unknown = [change.key for change in changes if change.expected is None]
        levels = read_levels(self._client, unknown) if unknown else {}
        known = []
        for change in changes:
            if change.expected is not None:
                known.append(change)
            elif change.key not in levels:
                answers[change.key] = Answer(Verdict.MISSING, "The shop does not know the item.")
            elif levels[change.key] is None:
                answers[change.key] = self._activate(change)
            elif levels[change.key] == change.quantity:
                answers[change.key] = DONE
            else:
                known.append(replace(change, expected=levels[change.key]))
        return known

    def _set(self, changes: Sequence[StockChange]) -> list[UserError]:
        quantities = [
            {
                "inventoryItemId": gid("InventoryItem", change.key.item),
                "locationId": gid("Location", change.key.location),
                "quantity": change.quantity,
                "changeFromQuantity": change.expected,
            }
            for change in changes
        ]
        content = {"name": "available", "reason": "correction", "quantities": quantities}
        variables = {"input": content, "key": self._derive(content)}
        data = self._client.execute(documents_stock.SET_STOCK, variables)
        return user_errors(payload_of(data, "inventorySetQuantities"), "quantities")

    def _activate(self, change: StockChange) -> Answer:
        """Stock an item at a location with its quantity: one step, so that nothing gets between."""
        content = {
            "item": gid("InventoryItem", change.key.item),
            "location": gid("Location", change.key.location),
            "available": change.quantity,
        }
        variables = {**content, "key": self._derive(content)}
        data = self._client.execute(documents_stock.ACTIVATE_STOCK, variables)
        errors = user_errors(payload_of(data, "inventoryActivate"))
        if not errors:
            return DONE
        if read_levels(self._client, [change.key]).get(change.key) is not None:
            return Answer(Verdict.STALE, "The item was stocked there by somebody else.")
        return Answer(Verdict.REJECTED, join(errors))

    def _show_actual(self, answers: dict[StockKey, Answer]) -> None:
        """Tell what the shop holds where it is not what was expected."""
        stale = [key for key, answer in answers.items() if answer.verdict is Verdict.STALE]
        levels = read_levels(self._client, stale) if stale else {}
        for key in stale:
            answers[key] = replace(answers[key], actual=levels.get(key))

    def _derive(self, content: Any) -> str:
        text = json.dumps([self._key, content], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def _refusal(change: StockChange, errors: list[UserError]) -> Answer | _Inactive:
    codes, text = {error.code for error in errors}, join(errors)
    if _MISSING in codes:
        return Answer(Verdict.MISSING, text)
    if codes == {_NOT_STOCKED}:
        return _Inactive(change)
    if codes <= _STALE:
        return Answer(Verdict.STALE, text)
    return Answer(Verdict.REJECTED, text)
