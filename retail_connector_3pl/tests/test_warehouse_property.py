"""Whatever a warehouse does, and however it is told: Odoo's shelf ends as the warehouse's."""

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.retail_connector_base.canonical import (
    Disposition,
    GoodsReceipt,
    ReceiptLine,
    ReceiptState,
    RequestAnswer,
    Return,
    ReturnLine,
    ReturnState,
    ShipmentLine,
)
from odoo.addons.retail_connector_base.canonical.goods_return import Condition

from .common import WarehouseCase
from .messages import at, said, shipment
from .snapshot_case import count_of
from .warehouse_story import END, RETURNED, SKUS, Story, stories


def messages_of(story, references):
    """Return all messages that tell a story; ``references`` are those of the orders' releases."""
    told = []
    for number, (sale, reference) in enumerate(zip(story.sales, references, strict=True)):
        told += _words(sale, reference)
        for place, parcel in enumerate(sale.parcels):
            told += _shipments(parcel, reference, f"S{number}-{place}")
        if sale.returned:
            told.append(_return(sale.returned, reference, f"R{number}"))
    for number, arrival in enumerate(story.arrivals):
        told.append(_receipt(arrival, f"A{number}"))
    told += [_count(story, minute, f"C{number}") for number, minute in enumerate(story.counts)]
    return told


def _words(sale, reference):
    if sale.is_accepted:
        yield said(reference, "accepted", 5)
    if sale.cancelled is not None:
        answer = RequestAnswer(request_reference=f"{reference}/R1", accepted=sale.cancelled)
        yield said(reference, "in_progress", 60, answers=(answer,))


def _shipments(parcel, reference, name):
    """Yield what is told of a parcel: a first version may hold less than the last one."""
    if parcel.grows:
        first = {sku: quantity - 1 for sku, quantity in parcel.goods.items() if quantity > 1}
        if first:
            yield _shipment(first, reference, name, parcel.minute, 0)
    yield _shipment(parcel.goods, reference, name, parcel.minute, 1)


def _shipment(goods, reference, name, minute, version):
    lines = tuple(
        ShipmentLine(sku=sku, quantity=Decimal(quantity)) for sku, quantity in goods.items()
    )
    return shipment(
        reference, name, minute, lines=lines, updated_at=at(minute + version), tracking=f"T-{name}"
    )


def _return(quantity, reference, name):
    line = ReturnLine(
        external_id="1",
        sku="A",
        quantity=Decimal(quantity),
        received_quantity=Decimal(quantity),
        condition=Condition.SELLABLE,
        disposition=Disposition.RESTOCK,
    )
    return Return(
        external_id=name,
        order_external_id=reference,
        name=name,
        state=ReturnState.COMPLETED,
        received_at=at(RETURNED),
        updated_at=at(RETURNED),
        location_external_id="W1",
        lines=(line,),
    )


def _receipt(arrival, name):
    line = ReceiptLine(external_id="1", sku=arrival.sku, quantity=Decimal(arrival.units))
    return GoodsReceipt(
        external_id=name,
        state=ReceiptState.COMPLETED,
        location_external_id="W1",
        received_at=at(arrival.minute),
        updated_at=at(arrival.minute),
        lines=(line,),
    )


def _count(story, minute, name=None):
    names = {"external_id": name, "snapshot_external_id": name} if name else {}
    return count_of(*story.truth(minute).items(), minutes=minute, complete=False, **names)


def number_of(story):
    """Return how many messages tell a story."""
    return len(messages_of(story, ["?"] * len(story.sales)))


@tagged("post_install", "-at_install")
class TestWarehouseProperty(WarehouseCase):
    """Any history, in any order, with duplicates, leaves the stock as the warehouse has it."""

    @settings(
        max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
    )
    @given(stories(number_of), st.booleans())
    @mute_logger("odoo.addons.retail_connector_3pl.models.retail_goods_task")
    def test_once_quiet_the_stock_is_the_warehouses(self, story, awaits):
        savepoint = self.env.cr.savepoint()
        try:
            self.warehouse.await_acceptance = awaits
            self._live(story)
        finally:
            savepoint.rollback()
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def _live(self, story: Story):
        releases = [self.sent(self.sell(**sale.asked)) for sale in story.sales]
        for release, sale in zip(releases, story.sales, strict=True):
            if sale.cancelled is not None:
                release._stop("He changed his mind.")
        told = messages_of(story, [release.name for release in releases])
        for place, number in enumerate(story.told):
            self.receive(told[number])
            if place in story.pauses:
                self.move_goods()
        self._rest()
        self._check_shelf(story, {sku: story.lost.get(sku, 0) for sku in SKUS})
        self._count_at_the_end(story)
        self._check_shelf(story, {})
        self._check_moves()

    def _rest(self):
        """Let everything happen that waits for its time."""
        tasks = self.env["retail.goods.task"]
        for _round in range(5):
            self.drain(all_due=True)
            waiting = tasks.search([("state", "=", "waiting")])
            if not waiting:
                break
            waiting.write({"next_attempt_at": False})
            self.move_goods()
        stuck = tasks.search([("state", "!=", "done")])
        self.assertFalse(stuck, stuck.mapped("error"))
        inbox = self.env["retail.inbox.message"].search([("backend_id", "=", self.backend.id)])
        self.assertLessEqual(set(inbox.mapped("state")), {"done", "superseded"})

    def _count_at_the_end(self, story):
        """What got lost without a word is found by the count, and is all that it finds."""
        told = _count(story, END)
        self.receive(told)
        self.move_goods()
        snapshot = self.env["retail.snapshot"].search(
            [("external_id", "=", told.snapshot_external_id)]
        )
        lines = snapshot.line_ids.filtered("difference")
        found = {line.sku: line.difference for line in lines}
        self.assertEqual(found, {sku: -units for sku, units in story.lost.items()})
        lines.write({"state": "approved"})
        self.env["retail.goods.task"]._put(self.stock, snapshot)
        self.move_goods()

    def _check_shelf(self, story, lost):
        truth = story.truth(END)
        for sku in SKUS:
            wanted = truth[sku] + lost.get(sku, 0)
            self.assertEqual(Decimal(str(self.on_hand(sku))), wanted, (sku, story))

    def _check_moves(self):
        """Every move over the border of the shelf is bound once, to what the warehouse told."""
        bindings = self.env["retail.move.binding"].search([("backend_id", "=", self.backend.id)])
        moves = self.env["stock.move"].search(
            [
                ("state", "=", "done"),
                ("product_id.default_code", "in", list(SKUS)),
                ("company_id", "=", self.company.id),
                "|",
                ("location_id", "child_of", self.stock.view_location_id.id),
                ("location_dest_id", "child_of", self.stock.view_location_id.id),
                ("is_inventory", "=", False),
            ]
        )
        shipped = bindings.filtered("shipment_id")
        out = moves.filtered(lambda move: move.location_dest_id.usage == "customer")
        self.assertEqual(len(shipped), len(shipped.odoo_id))
        self.assertEqual(shipped.odoo_id, out)
        for binding in shipped:
            self.assertEqual(binding.quantity, binding.odoo_id.quantity)
