"""The identity of a problem, and what of it the database can hold."""

import hashlib
from collections.abc import Mapping
from typing import Any

from .problem import Problem
from .receipt import LONGEST, printable

CAUSE_LENGTH = 4000


def fingerprint_of(problem: Problem) -> str:
    """Return the problem's fingerprint; where it is too long to index, its end is a digest."""
    whole = problem.fingerprint
    if len(whole) <= LONGEST:
        return printable(whole)
    digest = hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()
    return printable(whole)[: LONGEST - len(digest) - 1] + "|" + digest


def storable_text(text: str, length: int = CAUSE_LENGTH) -> str:
    """Return text without what PostgreSQL refuses: NUL and lone surrogates."""
    return text.replace("\0", "�").encode("utf-8", "replace").decode()[:length]


def storable_json(value: Any) -> Any:
    """Return a value as jsonb accepts it, whatever a channel put into it."""
    if isinstance(value, Mapping):
        return {storable_text(str(key)): storable_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [storable_json(item) for item in value]
    if value is None or isinstance(value, (bool, int)):
        return value
    return storable_text(str(value))
