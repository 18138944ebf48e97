from decimal import Decimal

from odoo import models

from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.shipment_plan import Meets


class RetailWarehouseShipment(models.Model):
    """What people are told of shipments that moved and were not what was asked for."""

    _inherit = "retail.warehouse.shipment"

    def _tell_differences(self, leavings, state, cancelled):
        """Show what left and was not asked for; the rest is how the release was before."""
        products = self.env["product.product"]
        if leavings and cancelled:
            self._tell("shipment_of_cancelled", leavings, *self._cancelled_words())
            return
        if leavings and state == "rejected":
            self._tell("shipment_of_rejected", leavings, *self._rejected_words())
        kinds = {
            Meets.OVER: ("shipment_over", self._over_words),
            Meets.SUBSTITUTE: ("shipment_substituted", self._substitute_words),
            Meets.UNASKED: ("shipment_unasked", self._unasked_words),
        }
        for meets, (code, words) in kinds.items():
            found = [leaving for leaving in leavings if leaving.meets is meets]
            if found:
                names = ", ".join(
                    products.browse({one.product_id for one in found}).mapped("display_name")
                )
                self._tell(code, found, *words(names))

    def _tell(self, code, leavings, title, cause):
        """Report goods that differ, with their value side by side with what was asked."""
        order = self.release_id.order_id
        problem = Problem(
            error_class=ErrorClass.CONFLICT,
            code=code,
            subject=self.external_id,
            title=title,
            cause=cause,
            fix="open_record",
            amount=sum((self._value(leaving) for leaving in leavings), Decimal(0)),
            currency=self._currency().name,
            comparison=tuple(self._row(leaving) for leaving in leavings),
        )
        reporter = self.env["retail.exception"].sudo()
        reporter._report(self.backend_id, problem, record=order or self.release_id)

    def _currency(self):
        return self.release_id.order_id.currency_id or self.company_id.currency_id

    def _row(self, leaving):
        product = self.env["product.product"].browse(leaving.product_id)
        line = self.env["retail.release.line"].browse(leaving.line_id)
        asked = line and self.env._(
            "asked: %(quantity)g %(product)s",
            quantity=line.quantity,
            product=line.product_id.display_name,
        )
        left = self.env._("left: %(quantity)g", quantity=leaving.quantity)
        return (product.display_name, left, asked or self.env._("not asked"))

    def _value(self, leaving):
        """Return what goods are worth at the order's price, else at the product's."""
        product = self.env["product.product"].browse(leaving.product_id)
        lines = self.release_id.order_id.order_line.filtered(
            lambda line: line.product_id == product
        )[:1]
        price = product.lst_price
        if lines.product_uom_qty:
            price = lines.price_subtotal / lines.product_uom_qty
        return round(leaving.quantity * Decimal(str(price)), 2)

    # Words

    def _about(self):
        release = self.release_id
        return {
            "shipment": self.display_name,
            "order": release.order_id.name or release.name,
            "release": release.name,
        }

    def _cancelled_words(self):
        return (
            self.env._("The warehouse sent cancelled order %(order)s", **self._about()),
            self.env._(
                "Shipment %(shipment)s left although %(release)s is cancelled. The goods are out "
                "of stock, in a delivery of their own that belongs to no order. Let the customer "
                "keep and pay them, or have them sent back as a return.",
                **self._about(),
            ),
        )

    def _rejected_words(self):
        return (
            self.env._(
                "The warehouse sent order %(order)s, which it had rejected", **self._about()
            ),
            self.env._(
                "Shipment %(shipment)s has moved as usual. If %(release)s was sent another way "
                "meanwhile, have the goods sent back.",
                **self._about(),
            ),
        )

    def _over_words(self, names):
        return (
            self.env._("More %(names)s left than %(order)s asks for", names=names, **self._about()),
            self.env._(
                "Shipment %(shipment)s holds more than was still to be sent. The goods are out of "
                "stock and count as delivered. Let the customer keep or send back what is too "
                "much.",
                **self._about(),
            ),
        )

    def _substitute_words(self, names):
        return (
            self.env._("%(names)s left instead of what %(order)s asks for", names=names,
                       **self._about()),
            self.env._(
                "Shipment %(shipment)s holds it. It is out of stock, and what it stands in for is "
                "not sent any more. Ask the customer whether that is right, then correct the "
                "order: neither of the two counts as delivered.",
                **self._about(),
            ),
        )  # fmt: skip

    def _unasked_words(self, names):
        return (
            self.env._("%(names)s left, and %(order)s does not ask for it", names=names,
                       **self._about()),
            self.env._(
                "Shipment %(shipment)s holds it. It is out of stock, in a delivery of its own "
                "that belongs to no order.",
                **self._about(),
            ),
        )  # fmt: skip

    # Less

    def _tell_short(self, told, cancelled):
        """Show what a warehouse will not send, when it says that this was all."""
        rows, value = [], Decimal(0)
        # That nothing left at all is shown as what it is: the warehouse cancelled the order.
        ended = told.final and not cancelled and self.release_id.state != "cancelled"
        for line in self.release_id.line_ids if ended else ():
            missing = self._exact(line.quantity - line.shipped_quantity - self._replaced(line))
            if missing > 0:
                asked = self.env._("asked: %(quantity)g", quantity=line.quantity)
                left = self.env._("left: %(quantity)g", quantity=line.shipped_quantity)
                rows.append((line.product_id.display_name, left, asked))
                value += missing * Decimal(str(line.product_id.lst_price))
        if rows:
            self._report_less("shipment_short", rows, value, *self._short_words())
        elif not self._is_short():
            shipments = self.release_id.shipment_ids - self
            short = [f"shipment_short|{one.external_id}" for one in shipments]
            self.env["retail.exception"]._solved(self.backend_id, short)

    def _is_short(self):
        """Tell whether less than asked for has left so far."""
        lines = self.release_id.line_ids
        return any(self._exact(line.quantity - line.shipped_quantity) > 0 for line in lines)

    def _replaced(self, line):
        substitutes = line.move_binding_ids.filtered(lambda one: one.meets == "substitute")
        return sum(substitutes.mapped("quantity"))

    def _short_words(self):
        again = self.warehouse_id.short_policy == "backorder"
        return (
            self.env._("The warehouse did not send all of %(order)s", **self._about()),
            self.env._(
                "Shipment %(shipment)s was the last one. The rest waits in a backorder and is "
                "released again when it is in stock. Find out why it was not sent.",
                **self._about(),
            )
            if again
            else self.env._(
                "Shipment %(shipment)s was the last one. The rest is cancelled, as the warehouse's "
                "policy says. Correct the order, and give the money back.",
                **self._about(),
            ),
        )

    def _tell_taken_back(self, goods):
        """Show goods that moved and that the warehouse does not tell of any more."""
        products = self.env["product.product"]
        rows = [
            (
                products.browse(one.what).display_name,
                self.env._("told no more: %(quantity)g", quantity=one.quantity),
                self.env._("moved in Odoo"),
            )
            for one in goods
        ]
        value = sum(
            (one.quantity * Decimal(str(products.browse(one.what).lst_price)) for one in goods),
            Decimal(0),
        )
        title = self.env._("The warehouse takes shipment %(shipment)s back", **self._about())
        cause = self.env._(
            "It told of these goods of %(order)s before, and does not any more. Odoo has delivered "
            "them. Find out where they are: if they never left or came back, enter a return.",
            **self._about(),
        )
        self._report_less("shipment_taken_back", rows, value, title, cause)

    def _report_less(self, code, rows, value, title, cause):
        problem = Problem(
            error_class=ErrorClass.CONFLICT,
            code=code,
            subject=self.external_id,
            title=title,
            cause=cause,
            fix="open_record",
            amount=round(value, 2),
            currency=self.company_id.currency_id.name,
            comparison=tuple(rows),
        )
        record = self.release_id.order_id or self.release_id
        self.env["retail.exception"].sudo()._report(self.backend_id, problem, record=record)

    def _empty_problem(self):
        return self._data_problem(
            "shipment_empty",
            "",
            self.env._("What left with shipment %(shipment)s?", shipment=self.display_name),
            self.env._(
                "The warehouse says that it left, and names no goods. Nothing has moved in Odoo. "
                "When it says more, that is imported by itself."
            ),
        )
