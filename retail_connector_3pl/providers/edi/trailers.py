"""What the trailers of groups and interchanges say of what was counted."""

from collections.abc import Iterator

from .wire import Interchange


def problems_of(found: Interchange) -> list[str]:
    """Return what is wrong with an envelope: sets may be missing, which nobody else would see."""
    texts = list(found.problems)
    for group in found.groups:
        texts += group.problems
        texts += _of_trailer(group.trailer, len(group.sets), group.number, "group")
    texts += _of_trailer(found.trailer, len(found.groups), found.number, "interchange")
    return texts


def _of_trailer(
    trailer: tuple[str, ...] | None, count: int, number: str, name: str
) -> Iterator[str]:
    if trailer is None:
        return
    told = [part.strip().lstrip("0") for part in (*trailer, "", "")]
    if told[1] != str(count).lstrip("0"):
        yield f"The trailer of the {name} does not count {count}: something may be missing."
    if told[2] != number.lstrip("0"):
        yield f"The trailer of the {name} names another control number."
