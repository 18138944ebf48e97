"""Edits of an order after its import: as imported, as the channel wants it, as it is in Odoo."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class LineState:
    """What can be edited of a line; ``price_unit`` after discount, ``product`` a record's id."""

    product: int
    quantity: float
    price_unit: float
    taxes: frozenset[int] = frozenset()

    def differs(self, other: "LineState | None") -> bool:
        """Tell whether two states of a line are not the same, but for binary noise."""
        if other is None:
            return True
        return (
            self.product != other.product
            or abs(self.quantity - other.quantity) > 1e-6
            or abs(self.price_unit - other.price_unit) > 1e-6
            or self.taxes != other.taxes
        )


@dataclass(frozen=True)
class ThreeWay:
    """One line three times; ``None`` where it does not exist. ``settled``: shipped or invoiced."""

    imported: LineState | None
    channel: LineState | None
    odoo: LineState | None
    settled_quantity: float = 0.0

    @property
    def is_edited_there(self) -> bool:
        """Whether the channel changed the line since it was imported."""
        return _differ(self.imported, self.channel)

    @property
    def is_edited_here(self) -> bool:
        """Whether somebody changed the line in Odoo since it was imported."""
        return _differ(self.imported, self.odoo)


@dataclass
class EditPlan:
    """What to do with the lines of an order, by key."""

    change: list[Hashable] = field(default_factory=list)
    add: list[Hashable] = field(default_factory=list)
    remove: list[Hashable] = field(default_factory=list)
    conflicts: list[Hashable] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be done."""
        return not (self.change or self.add or self.remove or self.conflicts)


def _differ(left: LineState | None, right: LineState | None) -> bool:
    return left.differs(right) if left else right is not None


def plan_edit(lines: Mapping[Hashable, ThreeWay]) -> EditPlan:
    """Decide about every line that the channel edited.

    An edit is safe when nobody edited the order here and what was shipped or invoiced stays
    covered. Once the channel edits, an edit of ours on any line is a conflict: together they would
    no longer come to the channel's total.
    """
    plan = EditPlan()
    for key, line in lines.items():
        if line.is_edited_there and _differ(line.channel, line.odoo):
            _place(plan, key, line)
    if not plan.is_empty:
        plan.conflicts += [
            key
            for key, line in lines.items()
            if key not in plan.conflicts
            and line.is_edited_here
            and _differ(line.channel, line.odoo)
        ]
    return plan


def _place(plan: EditPlan, key: Hashable, line: ThreeWay) -> None:
    wanted = line.channel.quantity if line.channel else 0.0
    if line.is_edited_here or wanted < line.settled_quantity or _reprices_settled(line):
        plan.conflicts.append(key)
    elif line.odoo is None:
        plan.add.append(key)
    elif line.channel is None:
        plan.remove.append(key)
    else:
        plan.change.append(key)


def _reprices_settled(line: ThreeWay) -> bool:
    """Tell whether price, taxes or product change of something that was shipped or invoiced."""
    if not line.settled_quantity or line.channel is None or line.imported is None:
        return False
    same_quantity = LineState(
        line.imported.product,
        line.channel.quantity,
        line.imported.price_unit,
        line.imported.taxes,
    )
    return same_quantity.differs(line.channel)
