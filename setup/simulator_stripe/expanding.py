"""``expand``: objects in the place of their ids, also within the rows of a list."""

from copy import deepcopy
from typing import Any

from .account import Account
from .ledger import Row
from .objects import BANK


def expand(account: Account, shown: Row, paths: list[str]) -> Row:
    """Return a copy of an answer with the objects at some paths."""
    found = deepcopy(shown)
    for path in paths:
        _put(account, found, path.split("."))
    return found


def _put(account: Account, node: Any, path: list[str]) -> None:
    key, rest = path[0], path[1:]
    if isinstance(node, list):
        for part in node:
            _put(account, part, path)
    elif rest:
        _put(account, node[key], rest)
    elif isinstance(node.get(key), str):
        node[key] = _object(account, node[key])


def _object(account: Account, number: str) -> Any:
    """Return an object by its id; the id where it is none of ours."""
    rows: dict[str, dict[str, Row]] = {
        "ch": account.charges, "re": account.refunds, "dp": account.disputes,
        "po": account.payouts, "pi": account.intents, "txn": account.ledger.rows,
        "ba": {BANK["id"]: BANK},
    }  # fmt: skip
    return deepcopy(rows.get(number.partition("_")[0], {}).get(number, number))
