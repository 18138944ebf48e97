"""Parts of a node that are looked up when they are asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Live:
    """A value found in the shop as it is now; gets the shop and the field's arguments."""

    find: Callable[..., Any]
