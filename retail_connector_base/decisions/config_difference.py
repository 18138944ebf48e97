"""What differs between two configurations, and whether a change still fits the present one.

A configuration is ``{item: {field: value}}``. Items are named so that they mean the same in every
database (``mapping/tax/vat 19%``), and values are plain: records are references.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

Content = Mapping[str, Mapping[str, Any]]
FORMAT = "retail-connector-configuration/1"


@dataclass(frozen=True)
class Change:
    """One field of one item, from one value to another. ``is_new``: the item is not there yet."""

    item: str
    field: str
    before: Any
    after: Any
    is_new: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the change as it is kept."""
        return asdict(self)


def difference(before: Content, after: Content) -> list[Change]:
    """Return what leads from one configuration to another.

    Items and fields that ``after`` does not name stay as they are: nothing is deleted by silence.
    """
    return [
        Change(item, field, before.get(item, {}).get(field), value, item not in before)
        for item, values in sorted(after.items())
        for field, value in sorted(values.items())
        if item not in before or before[item].get(field) != value
    ]


def says_something(change: Change) -> bool:
    """Tell whether people want to see a change: a new item's empty fields are none."""
    return not change.is_new or change.after not in (None, False, "")


def removed(before: Content, after: Content) -> list[str]:
    """Return the items that only ``before`` has."""
    return sorted(set(before) - set(after))


def outdated(present: Content, changes: Iterable[Change]) -> list[Change]:
    """Return the changes that start from a value which is not the present one any more.

    What has the wanted value already is not outdated: applying it does nothing.
    """
    return [
        change
        for change in changes
        if present.get(change.item, {}).get(change.field) not in (change.before, change.after)
    ]


def applied(present: Content, changes: Iterable[Change]) -> dict[str, dict[str, Any]]:
    """Return the configuration after some changes."""
    result = {item: dict(values) for item, values in present.items()}
    for change in changes:
        result.setdefault(change.item, {})[change.field] = change.after
    return result


def read_file(content: Any) -> dict[str, dict[str, Any]]:
    """Return the items of an exported file. Raises ``ValueError`` in words for people."""
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ValueError("This is no file that was exported by Retail Connector.")
    items = content.get("items")
    if not isinstance(items, dict) or not all(map(_is_item, items.items())):
        raise ValueError("The file is damaged: its items cannot be read.")
    return items


def _is_item(pair: tuple[Any, Any]) -> bool:
    item, values = pair
    return (
        isinstance(item, str) and isinstance(values, dict) and all(map(_is_value, values.items()))
    )


def _is_value(pair: tuple[Any, Any]) -> bool:
    name, value = pair
    if isinstance(value, dict):
        return isinstance(value.get("model"), str) and all(
            isinstance(part, str | int | float | bool) for part in value.values()
        )
    return isinstance(name, str) and (value is None or isinstance(value, str | int | float | bool))


def shown(value: Any) -> str:
    """Return a value in words."""
    if value is None or value is False or value == "":
        return "–"
    if isinstance(value, dict):
        return str(value.get("name") or value.get("xmlid") or "?")
    return "yes" if value is True else str(value)
