"""Counts over random histories, against a second bookkeeping that knows both sides."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo import fields
from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import Shipment, ShipmentLine, ShipmentState

from .messages import START
from .snapshot_case import SnapshotCase, count_of

SKUS = "ABC"
INSTANT = 60
# Minutes of the story at which one side or the other moves goods, ``None`` for not yet.
MINUTES = st.none() | st.sampled_from([10, 30, 59, 60, 61, 90, 120])
numbers = count(1)


@dataclass(frozen=True)
class Happening:
    """Units of an item that both sides move, each in its own time. ``own``: Odoo alone knows."""

    sku: str
    units: int
    there: int | None
    here: int | None
    own: bool = False


HAPPENINGS = st.lists(
    st.builds(
        Happening,
        sku=st.sampled_from(SKUS),
        units=st.integers(-9, 9).filter(bool),
        there=MINUTES,
        here=MINUTES,
        own=st.booleans(),
    ).filter(lambda one: not one.own or (one.there == one.here and one.here is not None))
    .filter(lambda one: one.there is not None or one.here is None),
    max_size=8,
)  # fmt: skip
ODD = st.dictionaries(st.sampled_from(SKUS), st.integers(-3, 3), max_size=3)


def naive(minutes):
    """Return a minute of the story as a database keeps it."""
    return (START + timedelta(minutes=minutes)).replace(tzinfo=None)


def truth(happenings, odd):
    """Return by SKU (units on the shelf at the instant, what is explained, what is not)."""
    found = {sku: [100, 0, odd.get(sku, 0)] for sku in SKUS}
    for one in happenings:
        if one.there is not None and one.there <= INSTANT:
            found[one.sku][0] += one.units
            if one.here is None or one.here > INSTANT:
                found[one.sku][1] += one.units
        elif one.here is not None and one.here <= INSTANT:
            found[one.sku][1] -= one.units
    for sku, units in odd.items():
        found[sku][0] += units
    return {sku: tuple(values) for sku, values in found.items()}


@tagged("post_install", "-at_install")
class TestSnapshotOracle(SnapshotCase):
    """Whatever happened in whatever order: what is explained is, and nothing else."""

    @settings(
        max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(HAPPENINGS, ODD)
    def test_unexplained_is_what_neither_side_can_have_moved(self, happenings, odd):
        savepoint = self.env.cr.savepoint()
        try:
            self._tell_story(happenings, odd)
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)

    def _tell_story(self, happenings, odd):
        for one in happenings:
            self._happen(one)
        expected = truth(happenings, odd)
        told = count_of(*((sku, expected[sku][0]) for sku in SKUS), minutes=INSTANT)
        self.receive(told)
        snapshot = self.snapshot(told)
        snapshot._compare()
        snapshot.invalidate_recordset()
        self.env.invalidate_all()
        lines = {line.sku: (line.explained, line.difference) for line in snapshot.line_ids}
        for sku in SKUS:
            _shelf, explained, unexplained = expected[sku]
            self.assertEqual(lines.get(sku, (0, 0)), (explained, unexplained), sku)
        self._check_events(snapshot)
        self._apply_and_check(snapshot, happenings, odd)

    def _check_events(self, snapshot):
        """What explains a difference adds up to it."""
        for line in snapshot.line_ids:
            self.assertAlmostEqual(sum(line.event_ids.mapped("quantity")), line.explained)

    def _apply_and_check(self, snapshot, happenings, odd):
        """Once approved, Odoo differs from the shelf by what has yet to be moved, and no more."""
        before = {sku: self.on_hand(sku) for sku in SKUS}
        opened = snapshot.line_ids.filtered(lambda line: line.state == "open")
        opened.write({"state": "approved"})
        snapshot._move_goods()
        snapshot._move_goods()
        for sku in SKUS:
            self.assertEqual(self.on_hand(sku) - before[sku], odd.get(sku, 0), sku)

    # Happenings

    def _happen(self, one):
        move = self._move(one) if one.here is not None else self.env["stock.move"]
        if one.own or one.there is None:
            return
        if not move and one.units > 0:
            self._wait(self._receipt(one))
            return
        shipment = self._shipment(one)
        if move:
            self._bind(move, shipment)
        else:
            self._wait(shipment)

    def _wait(self, document):
        self.env["retail.goods.task"]._put(self.stock, document).state = "blocked"

    def _move(self, one):
        """Return a move that Odoo did at its minute: out of the shelf, or onto it."""
        customers = self.env.ref("stock.stock_location_customers")
        shelf = self.stock.lot_stock_id
        product = self.products[one.sku]
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": abs(one.units),
                "product_uom": product.uom_id.id,
                "location_id": (shelf if one.units < 0 else customers).id,
                "location_dest_id": (customers if one.units < 0 else shelf).id,
                "company_id": self.company.id,
            }
        )
        move._action_confirm()
        move.write({"quantity": abs(one.units), "picked": True})
        move._action_done()
        self.done_at(move, one.here)
        return move

    def _shipment(self, one):
        """Return the document of what the warehouse moved."""
        name = f"S-{next(numbers)}"
        told = Shipment(
            external_id=name,
            order_external_id=f"R-{name}",
            state=ShipmentState.SHIPPED,
            shipped_at=START + timedelta(minutes=one.there),
            location_external_id="W1",
            lines=(ShipmentLine(sku=one.sku, quantity=Decimal(abs(one.units))),),
        )
        return self.env["retail.warehouse.shipment"].create(
            {
                "backend_id": self.backend.id,
                "external_id": name,
                "state": "shipped",
                "shipped_at": naive(one.there),
                "snapshot": told.model_dump(mode="json"),
            }
        )

    def _receipt(self, one):
        """Return the document of what came in."""
        name = f"R-{next(numbers)}"
        receipt = self.env["retail.receipt"].create(
            {
                "backend_id": self.backend.id,
                "external_id": name,
                "warehouse_id": self.warehouse.id,
                "state": "arrived",
                "received_at": naive(one.there),
            }
        )
        line = {"key": "1", "product_id": self.products[one.sku].id, "condition": "sellable"}
        receipt.line_ids.create({**line, "receipt_id": receipt.id, "quantity": one.units})
        return receipt

    def _bind(self, move, shipment):
        self.env["retail.move.binding"].create(
            {
                "backend_id": self.backend.id,
                "external_id": f"{shipment.external_id}:1",
                "odoo_id": move.id,
                "shipment_id": shipment.id,
                "quantity": move.quantity,
                "last_seen_at": fields.Datetime.now(),
            }
        )


@tagged("post_install", "-at_install")
class TestSnapshotTruth(BaseCase):
    """The second bookkeeping itself, on a case that can be worked out by hand."""

    def test_the_oracle_agrees_with_a_case_worked_out_by_hand(self):
        story = [Happening("A", -7, 30, 90), Happening("A", -2, 90, 30), Happening("B", 4, 59, 10)]
        found = truth(story, {"B": 1})
        self.assertEqual(found["A"], (93, -5, 0))
        self.assertEqual(found["B"], (105, 0, 1))
        self.assertEqual(found["C"], (100, 0, 0))
