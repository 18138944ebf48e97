"""Counts of the third party's warehouse in tests: told, compared, decided."""

from decimal import Decimal
from itertools import count

from odoo import fields

from odoo.addons.retail_connector_base.canonical import SnapshotLine, StockSnapshot
from odoo.addons.retail_connector_base.tests.access import create_user

from .common import WarehouseCase
from .messages import at

numbers = count(1)


def line(sku, on_hand, **values):
    """Return a line of a count."""
    for name in ("sellable",):
        if name in values:
            values[name] = Decimal(str(values[name]))
    return SnapshotLine(sku=sku, on_hand=Decimal(str(on_hand)), **values)


def count_of(*lines, minutes=60, **values):
    """Return a count (one part) of lines, or of ``(sku, quantity)`` pairs."""
    name = f"C-{next(numbers)}"
    told = tuple(one if isinstance(one, SnapshotLine) else line(*one) for one in lines)
    defaults = {
        "external_id": name,
        "snapshot_external_id": name,
        "location_external_id": "W1",
        "taken_at": at(minutes),
        "lines": told,
    }
    return StockSnapshot(**{**defaults, **values})


def parts_of(told, number):
    """Return a count in this many parts."""
    return [
        told.model_copy(
            update={
                "external_id": f"{told.external_id}-{part}",
                "part": part,
                "parts": number,
                "lines": told.lines[part - 1 :: number],
            }
        )
        for part in range(1, number + 1)
    ]


class SnapshotCase(WarehouseCase):
    """100 units each of A, B and C, put there before anything else happened."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["retail.product.binding"].flush_model()

    def counted(self, *lines, **values):
        """Return the snapshot that a count became: told, and compared by the lane."""
        told = count_of(*lines, **values)
        self.tell(told)
        return self.snapshot(told)

    def tell(self, *messages):
        """Receive counts and run the lane."""
        stored = self.happen(*messages)
        self.env.invalidate_all()
        return stored

    def snapshot(self, told):
        """Return the snapshot of a message."""
        return self.env["retail.snapshot"].search([("external_id", "=", told.snapshot_external_id)])

    def differences(self, snapshot):
        """Return ``{SKU (and lot): (kind, explained, unexplained)}`` of a count."""
        return {
            "/".join(filter(None, (one.sku, one.lot_id.name or one.lot_name))): (
                one.kind,
                one.explained,
                one.difference,
            )
            for one in snapshot.line_ids
        }

    def causes(self, snapshot):
        """Return ``{SKU: cause}`` of the lines of a count that have one."""
        return {one.sku: one.cause for one in snapshot.line_ids if one.cause}

    def person(self, role, **values):
        """Return a user of the company with a role."""
        return create_user(self.env, role, company=self.company, **values)

    def decide(self, snapshot, user, decision="approve", reason="Recounted"):
        """Decide about all that is open, through the wizard, as a user."""
        action = getattr(snapshot.with_user(user), f"action_{decision}")()
        wizard = self.env["retail.snapshot.decision"].with_user(user)
        wizard.with_context(**action["context"]).create({"reason": reason}).action_decide()
        self.env.invalidate_all()

    def approve(self, snapshot, user=None):
        """Have an accountant approve all that is open, and the lane apply it."""
        self.decide(snapshot, user or self.person("accountant"))
        self.move_goods()

    def done_at(self, moves, minutes):
        """Let moves have been done at a moment of the story."""
        moment = fields.Datetime.to_datetime(at(minutes).replace(tzinfo=None))
        moves.move_line_ids.write({"date": moment})
        moves.write({"date": moment})
        self.env.flush_all()
