"""Goods that come to a third party's warehouse, and what it tells of them."""

from decimal import Decimal

from odoo.fields import Command

from odoo.addons.retail_connector_base.canonical import (
    Condition,
    GoodsReceipt,
    Lot,
    ReceiptLine,
    ReceiptState,
)

from .common import WarehouseCase
from .messages import at


def came(sku, quantity, reference=None, lots=None, **values):
    """Return a line of a receipt; ``lots`` are ``{number: quantity}``."""
    told = tuple(Lot(number=name, quantity=Decimal(part)) for name, part in (lots or {}).items())
    values["condition"] = Condition(values.get("condition", "sellable"))
    return ReceiptLine(
        sku=sku, quantity=Decimal(str(quantity)), line_reference=reference, lots=told, **values
    )


def receipt(reference, *lines, external_id="R1", minutes=1, state="receiving", **values):
    """Return what the warehouse took in so far under our reference (or the announcement)."""
    defaults = {
        "external_id": external_id,
        "announcement_reference": getattr(reference, "name", reference),
        "state": ReceiptState(state),
        "location_external_id": "W1",
        "received_at": at(minutes),
        "updated_at": at(minutes),
        "lines": lines,
    }
    return GoodsReceipt(**{**defaults, **values})


class InboundCase(WarehouseCase):
    """Deliveries from a supplier to the third party's warehouse."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supplier = cls.env["res.partner"].create({"name": "Supplier"})

    def deliver(self, origin="P1", **quantities):
        """Return a delivery from the supplier that is on its way (``deliver(A=10, B=5)``)."""
        source = self.env.ref("stock.stock_location_suppliers")
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.stock.in_type_id.id,
                "partner_id": self.supplier.id,
                "origin": origin,
                "location_id": source.id,
                "location_dest_id": self.stock.lot_stock_id.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.products[sku].id,
                            "product_uom_qty": quantity,
                            "product_uom": self.products[sku].uom_id.id,
                            "location_id": source.id,
                            "location_dest_id": self.stock.lot_stock_id.id,
                            "company_id": self.company.id,
                        }
                    )
                    for sku, quantity in quantities.items()
                ],
            }
        )
        picking.action_confirm()
        return picking

    def sweep(self):
        """Let a round look at what is on its way, and send what is owed."""
        self.env.flush_all()
        self.env["retail.announcer"]._look_at(self.warehouse)
        self.send()

    def announced(self, origin="P1", **quantities):
        """Return the announcement of a new delivery, which the warehouse has taken."""
        picking = self.deliver(origin, **quantities)
        self.sweep()
        return self.announcement_of(picking)

    def announcement_of(self, picking):
        """Return the announcements of a delivery, the oldest first."""
        domain = [("picking_id", "=", picking.id)]
        return self.env["retail.announcement"].search(domain, order="id")

    def received(self, external_id="R1"):
        """Return a receipt."""
        return self.env["retail.receipt"].search(
            [("backend_id", "=", self.backend.id), ("external_id", "=", external_id)]
        )

    def came_to(self, location, sku):
        """Return how many units of a product lie in one location."""
        product = self.products[sku].with_context(location=location.id)
        product.invalidate_recordset(["qty_available"])
        return product.qty_available

    def check_bound_once(self):
        """Every move that a receipt made is bound to it, once, with the units that moved."""
        bindings = self.env["retail.move.binding"].search([("receipt_id", "!=", False)])
        self.assertEqual(len(bindings.odoo_id), len(bindings))
        for binding in bindings:
            self.assertEqual(binding.odoo_id.state, "done")
            self.assertEqual(binding.odoo_id.quantity, abs(binding.quantity))
