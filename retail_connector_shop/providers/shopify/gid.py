"""Global ids: ``gid://shopify/<kind>/<number>``; ours are the numbers alone."""

import re
from typing import Any

from odoo.addons.retail_connector_base.providers import RejectedError, TransientError

_NUMBER = re.compile(r"\d{1,20}", re.ASCII)
_GID = re.compile(r"gid://shopify/\w+/(\d{1,20})(?:\?.*)?", re.ASCII)


def gid(kind: str, number: str) -> str:
    """Return the global id of a number. Raises ``RejectedError`` for what is no number."""
    if not _NUMBER.fullmatch(number):
        raise RejectedError(f"“{number[:40]}” is not the id of a {kind} of the shop.")
    return f"gid://shopify/{kind}/{number}"


def number_of(value: Any) -> str:
    """Return the number of a global id that the shop gave."""
    found = _GID.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise TransientError("The shop's answer lacks an id.")
    return found[1]
