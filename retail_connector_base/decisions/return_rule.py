"""What becomes of returned goods by their condition. Values without a database."""

from collections.abc import Iterable
from dataclasses import dataclass

UNDECIDED = "undecided"


@dataclass(frozen=True)
class DispositionRule:
    """What becomes of goods in a condition; ``None`` stands for any backend or warehouse."""

    condition: str
    disposition: str
    backend: int | None = None
    warehouse: int | None = None


def disposition_of(
    rules: Iterable[DispositionRule],
    condition: str,
    backend: int | None = None,
    warehouse: int | None = None,
    told: str = UNDECIDED,
    chosen: str | None = None,
) -> str:
    """Return what becomes of goods: what a person chose, else what was told, else the rule's.

    A rule of a warehouse comes before one of a backend, and that before a general one. Without any
    of them a person decides.
    """
    if chosen or told != UNDECIDED:
        return chosen or told
    fitting = [
        rule
        for rule in rules
        if rule.condition == condition
        and rule.backend in (None, backend)
        and rule.warehouse in (None, warehouse)
    ]
    if not fitting:
        return UNDECIDED
    best = max(fitting, key=lambda rule: (rule.warehouse is not None, rule.backend is not None))
    return best.disposition
