"""Forms with nested names, as Stripe reads them: ``metadata[key]=value``, ``expand[]=source``."""

import re
from collections.abc import Iterable
from typing import Any

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")


def decode(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return the nested values of a form; lists are written ``name[]`` or ``name[0]``."""
    root: dict[str, Any] = {}
    for name, value in pairs:
        found = _NAME.fullmatch(name)
        if not found:
            continue
        path = [found[1], *re.findall(r"\[([^\[\]]*)\]", found[2])]
        _put(root, path, value)
    return {key: _listed(value) for key, value in root.items()}


def _put(node: dict[str, Any], path: list[str], value: str) -> None:
    *parents, last = path
    for key in parents:
        node = node.setdefault(key, {})
        if not isinstance(node, dict):
            return
    node[last or str(len(node))] = value


def _listed(value: Any) -> Any:
    """Turn what is keyed by numbers into a list."""
    if not isinstance(value, dict):
        return value
    parts = {key: _listed(part) for key, part in value.items()}
    if parts and all(key.isdigit() for key in parts):
        return [parts[key] for key in sorted(parts, key=int)]
    return parts
