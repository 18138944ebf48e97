"""Pages: opaque cursors that remember what was asked, and are good for nothing else."""

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

from .problem import invalid, refusal
from .state import Row

SMALL = 100


def page_of(
    key: str, rows: Sequence[Row], asked: Mapping[str, Any], most: int = SMALL
) -> dict[str, Any]:
    """Return a page of rows; ``asked`` are the parameters, with cursor and limit."""
    size = _size(asked, most)
    start = _start(asked)
    found = list(rows[start : start + size])
    answer: dict[str, Any] = {key: found} if found else {}
    if len(rows) > start + size:
        answer["cursor"] = _cursor(asked, start + size)
    return answer


def _size(asked: Mapping[str, Any], most: int) -> int:
    try:
        limit = int(asked.get("limit") or most)
    except ValueError:
        raise invalid("limit") from None
    if limit < 1:
        raise invalid("limit", "Must be at least 1.")
    return min(limit, most)


def _question(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in asked.items() if key not in ("cursor", "limit")}


def _cursor(asked: Mapping[str, Any], start: int) -> str:
    text = json.dumps([start, _question(asked)], sort_keys=True)
    return base64.urlsafe_b64encode(text.encode()).decode()


def _start(asked: Mapping[str, Any]) -> int:
    cursor = asked.get("cursor")
    if not cursor:
        return 0
    try:
        start, question = json.loads(base64.urlsafe_b64decode(cursor))
    except ValueError:
        raise refusal(400, "INVALID_CURSOR", "The cursor is not valid.", "cursor") from None
    if question != _question(asked):
        raise refusal(400, "INVALID_CURSOR", "The cursor is of another query.", "cursor")
    return int(start)
