"""Returns as systems tell of them, and what is asked of them in tests."""

from decimal import Decimal
from itertools import count

from odoo.addons.retail_connector_base.canonical import Return, ReturnState
from odoo.addons.retail_connector_base.canonical.goods_return import (
    Condition,
    Disposition,
    ExchangeLine,
    ReturnLine,
)
from odoo.addons.retail_connector_base.canonical.shipment import Lot

from .common import WarehouseCase
from .messages import at, left

numbers = count(1)


def line(sku, quantity=1, came=None, condition="unknown", disposition="undecided", **values):
    """Return a line of a return; ``came`` are the units that were received."""
    lots = tuple(
        Lot(number=number, quantity=Decimal(str(part)))
        for number, part in values.pop("lots", {}).items()
    )
    defaults = {
        "external_id": f"L-{sku}",
        "sku": sku,
        "quantity": Decimal(str(quantity)),
        "received_quantity": None if came is None else Decimal(str(came)),
        "condition": Condition(condition),
        "disposition": Disposition(disposition),
        "lots": lots,
    }
    return ReturnLine(**{**defaults, **values})


def coming(state, *lines, external_id=None, minutes=10, order=None, instead=None, **values):
    """Return a message about a return. ``instead`` are units by SKU that the customer gets."""
    exchange = tuple(
        ExchangeLine(external_id=f"X-{sku}", sku=sku, quantity=Decimal(str(quantity)))
        for sku, quantity in (instead or {}).items()
    )
    defaults = {
        "external_id": external_id or f"RET-{next(numbers)}",
        "order_external_id": order,
        "state": ReturnState(state),
        "updated_at": at(minutes),
        "lines": lines,
        "exchange_lines": exchange,
    }
    return Return(**{**defaults, **values})


class ReturnCase(WarehouseCase):
    """Orders that were sold and delivered, a returns tool, and a third party's warehouse."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tool = cls.make_backend(
            "Returns Tool", "canonical", return_orders_backend_id=cls.shop.id
        )

    def delivered(self, **quantities):
        """Return a sold order of the shop whose goods have left."""
        order = self.sell(bound=True, **quantities)
        self.bind_lines(order)
        for picking in order.picking_ids:
            for move in picking.move_ids:
                move.quantity = move.product_uom_qty
                move.picked = True
            picking._action_done()
        return order

    def bind_lines(self, order):
        """Bind an order's lines as if they had come from the shop, under their SKUs."""
        binding = order.retail_binding_ids
        self.env["retail.order.line.binding"].create(
            [
                {
                    "order_binding_id": binding.id,
                    "backend_id": self.shop.id,
                    "company_id": self.company.id,
                    "part": "line",
                    "external_id": f"SO-{one.product_id.default_code}",
                    "odoo_id": one.id,
                    "imported_quantity": one.product_uom_qty,
                }
                for one in order.order_line
            ]
        )

    def shop_id(self, order):
        """Return the shop's id of an order."""
        return order.retail_binding_ids.external_id

    def returned(self, order=None):
        """Return the returns of an order, or all of the company."""
        domain = [("company_id", "=", self.company.id)]
        domain += [("order_id", "=", order.id)] if order else []
        return self.env["retail.return"].search(domain, order="id")

    def deliveries(self, order):
        """Return the moves that delivered an order."""
        moves = order.picking_ids.move_ids
        return moves.filtered(lambda move: move.location_dest_id.usage == "customer")

    def came_back(self, sku):
        """Return how many units of a product customers have sent back, by done moves."""
        moves = self.env["stock.move"].search(
            [
                ("product_id", "=", self.products[sku].id),
                ("location_id.usage", "=", "customer"),
                ("state", "=", "done"),
            ]
        )
        return sum(moves.mapped("quantity"))

    def lies(self, sku, disposition):
        """Return how many units of a product lie where goods of a disposition are put."""
        place = self.stock._retail_place(disposition)
        quants = self.env["stock.quant"].search(
            [("product_id", "=", self.products[sku].id), ("location_id", "=", place.id)]
        )
        return sum(quants.mapped("quantity"))

    def all_problems(self):
        """Return the codes of all open exceptions of the company, sorted."""
        found = self.env["retail.exception"].search(
            [("company_id", "=", self.company.id), ("state", "=", "open")]
        )
        return sorted(found.mapped("code"))

    def leave(self, release, **quantities):
        """Let the warehouse ship a release."""
        self.happen(left(release, **quantities))
