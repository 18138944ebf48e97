"""Nested values as Stripe's forms write them: ``metadata[key]=value``, ``expand[0]=source``."""

from collections.abc import Iterator, Mapping
from typing import Any


def encode(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields of a form; ``None`` is left out."""
    return {name: text for key, value in values.items() for name, text in _fields(key, value)}


def _fields(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _fields(f"{name}[{key}]", part)
    elif isinstance(value, list | tuple):
        for index, part in enumerate(value):
            yield from _fields(f"{name}[{index}]", part)
    elif isinstance(value, bool):
        yield name, "true" if value else "false"
    elif value is not None:
        yield name, str(value)
