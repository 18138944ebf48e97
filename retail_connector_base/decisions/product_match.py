"""Which product of Odoo a channel's variant stands for."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from .receipt import printable


class MatchState(str, Enum):
    """How far a variant has come on its way to a product."""

    MATCHED = "matched"
    AMBIGUOUS = "ambiguous"
    UNMATCHED = "unmatched"


class MatchReason(str, Enum):
    """Why a product is proposed, or why none is safe."""

    SKU = "sku"
    BARCODE = "barcode"
    BOTH = "both"
    AMBIGUOUS = "ambiguous"
    CONFLICT = "conflict"
    DUPLICATE_SKU = "duplicate_sku"
    DUPLICATE_BARCODE = "duplicate_barcode"
    NONE = "none"


@dataclass(frozen=True)
class Evidence:
    """What is known of a variant: the products that carry its SKU and those that carry its barcode.

    ``sku_shared`` and ``barcode_shared`` say that another variant of the same shop carries it too.
    """

    by_sku: frozenset[int] = frozenset()
    by_barcode: frozenset[int] = frozenset()
    sku_shared: bool = False
    barcode_shared: bool = False

    @classmethod
    def of(
        cls,
        by_sku: Iterable[int] | None,
        by_barcode: Iterable[int] | None,
        sku_shared: bool,
        barcode_shared: bool,
    ) -> "Evidence":
        """Return evidence from the arrays of a query, ``None`` for an empty one."""
        return cls(frozenset(by_sku or ()), frozenset(by_barcode or ()), sku_shared, barcode_shared)


@dataclass(frozen=True)
class Match:
    """A verdict. A product beside a state other than matched is a suggestion to a person."""

    state: MatchState
    reason: MatchReason
    product_id: int | None = None


def match_product(evidence: Evidence) -> Match:
    """Return the product that a variant stands for, if there is one beyond doubt.

    A SKU or barcode that the shop uses twice identifies nothing: its product is suggested, never
    adopted unseen, and no product is created for it.
    """
    candidates, reason = _candidates(evidence)
    suggestion = next(iter(candidates)) if len(candidates) == 1 else None
    doubt = _doubt(evidence, candidates, reason)
    if doubt:
        return Match(MatchState.AMBIGUOUS, doubt, suggestion)
    if suggestion is None:
        return Match(MatchState.UNMATCHED, MatchReason.NONE)
    return Match(MatchState.MATCHED, reason, suggestion)


def _candidates(evidence: Evidence) -> tuple[frozenset[int], MatchReason]:
    """Return the products that all evidence points to: where both kinds exist they must agree."""
    if evidence.by_sku and evidence.by_barcode:
        return evidence.by_sku & evidence.by_barcode, MatchReason.BOTH
    if evidence.by_sku:
        return evidence.by_sku, MatchReason.SKU
    return evidence.by_barcode, MatchReason.BARCODE


def _doubt(
    evidence: Evidence, candidates: frozenset[int], reason: MatchReason
) -> MatchReason | None:
    if evidence.sku_shared:
        return MatchReason.DUPLICATE_SKU
    if evidence.barcode_shared and reason is not MatchReason.SKU:
        return MatchReason.DUPLICATE_BARCODE
    if reason is MatchReason.BOTH and not candidates:
        return MatchReason.CONFLICT
    return MatchReason.AMBIGUOUS if len(candidates) > 1 else None


def trimmed(text: str | None) -> str | None:
    """Return a channel's text as it is kept and compared, without space around it."""
    return printable((text or "").strip()) or None
