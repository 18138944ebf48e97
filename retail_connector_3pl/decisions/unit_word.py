"""What warehouses call the unit that they count in."""

# Words of X12 (element 355), UN/ECE Recommendation 20 and plain English for one piece of the item.
EACH = frozenset({"", "each", "ea", "pc", "pce", "pcs", "piece", "pieces", "unit", "units", "c62"})


def is_each(word: str | None) -> bool:
    """Tell whether a word means the item's own unit."""
    return (word or "").strip().casefold() in EACH


def same_unit(word: str, name: str) -> bool:
    """Tell whether a warehouse's word is a unit's own name, whatever its case and spaces."""
    return "".join(word.casefold().split()) == "".join(name.casefold().split())
