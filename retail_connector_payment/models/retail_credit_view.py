from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from odoo import api, models

from odoo.addons.retail_connector_base.canonical import Refund, RestockKind, minor_unit

from ..decisions.refund_credit import LINE_KINDS, Part, gross_of

NOTHING = Decimal(0)
GONE_OUT = ("capture", "sale")
# What is known finer than any unit of measure.
UNITS = Decimal("0.000001")


@dataclass
class CreditView:
    """An order as a refund of it sees it: what was sold, invoiced, credited and paid.

    ``without`` is a credit note that does not count.
    """

    binding: object
    refund: Refund
    without: object = None

    # The order

    @cached_property
    def order(self):
        """The order's binding."""
        return self.binding.order_binding_id

    @cached_property
    def currency(self):
        """The order's currency, frozen with its first import."""
        return self.order.currency_id

    @cached_property
    def snapshot(self):
        """The order as the channel told it last, ``None`` where it is not known."""
        return self.order._imported_order() if self.order.snapshot else None

    @cached_property
    def taxes_included(self):
        """Whether the channel's amounts hold the taxes."""
        if self.snapshot:
            return self.snapshot.taxes_included
        taxes = self.order.odoo_id.order_line.tax_ids
        return any(taxes.flatten_taxes_hierarchy().mapped("price_include"))

    @property
    def is_over(self):
        """Whether nothing of the order will be invoiced any more."""
        return self.order.odoo_id.state == "cancel"

    @property
    def has_parts(self):
        """Whether the refund says what it is made of."""
        return bool(self.refund.lines or self.refund.adjustments)

    def side(self, money_set):
        """Return an amount in the order's currency."""
        return money_set.side(self.order.currency_side == "presentment").amount

    def exact(self, amount):
        """Return an amount that Odoo computed as the decimal it stands for."""
        return Decimal(str(amount)).quantize(minor_unit(self.currency.name))

    def told(self, refund=None):
        """Return what a refund's parts come to, with taxes, by currency (at most two)."""
        refund, found = refund or self.refund, {self.currency.name: NOTHING}
        pairs = [(line.subtotal, line.tax) for line in refund.lines]
        pairs += [(each.amount, each.tax) for each in refund.adjustments]
        for name in ("shop", "presentment"):
            gross = [
                gross_of(getattr(a, name).amount, getattr(t, name).amount, self.taxes_included)
                for a, t in pairs
            ]
            if pairs:
                found[getattr(pairs[0][0], name).currency] = sum(gross, NOTHING)
        return found

    # Its lines

    @cached_property
    def _bound(self):
        lines = self.order.line_ids
        return {(line.part, line.external_id): line.odoo_id for line in lines}

    def sale_line(self, external_id):
        """Return the order line of a position, empty where it is not in the order any more."""
        none = self.order.odoo_id.order_line.browse()
        return self._bound.get(("line", external_id), none)

    def charges(self, part):
        """Return the order lines that were charged as shipping, duty, tip or fee."""
        lines = self.order.odoo_id.order_line.browse()
        if part is Part.SHIPPING:
            found = [line for (kind, _id), line in self._bound.items() if kind == "shipping"]
            return lines.union(*found)
        kind = LINE_KINDS.get(part)
        told = self.snapshot.lines if self.snapshot else ()
        return lines.union(*(self.sale_line(o.external_id) for o in told if o.kind is kind))

    def wanted(self, external_id, sale_line):
        """Return how many units of a position the channel still wants.

        The refund may be told before the order that it changes: both are asked.
        """
        told = self.snapshot.lines if self.snapshot else ()
        line = next((each for each in told if each.external_id == external_id), None)
        if line is None:
            return self._units(sale_line.product_uom_qty)
        gone = sum(
            (each.quantity for each in self._lines_of_all() if self._is_gone(each, external_id)),
            NOTHING,
        )
        return max(min(line.quantity, line.ordered_quantity - gone), NOTHING)

    def _is_gone(self, line, external_id):
        is_it = line.order_line_external_id == external_id
        return is_it and line.restock is RestockKind.CANCEL

    # What was invoiced and credited

    def _posted(self, sale_line, move_type):
        states = ("posted",) if move_type == "out_invoice" else ("posted", "draft")
        return sale_line.invoice_lines.filtered(
            lambda line: (
                line.display_type == "product"
                and line.move_id.move_type == move_type
                and line.parent_state in states
                and line.move_id != self.without
            )
        )

    def units(self, sale_line, move_type):
        """Return the units of an order line on its invoices or credit notes."""
        return self._units(sum(self._posted(sale_line, move_type).mapped("quantity")))

    def invoice_line(self, sale_line):
        """Return the invoice line of an order line, the last one where there are several."""
        return self._posted(sale_line, "out_invoice").sorted("id")[-1:]

    def goods_lines(self):
        """Return the invoice lines of all that was sold, charges for shipping excepted."""
        shipping = self.charges(Part.SHIPPING)
        goods = self.order.odoo_id.order_line - shipping
        return self._posted(goods, "out_invoice") or self._posted(shipping, "out_invoice")

    def room(self, part, line):
        """Return what is left of a charge's invoice line after other refunds."""
        others = self.others()
        key = f"{line.sale_line_ids[:1].id}"
        gone = [Decimal(gross) for found, gross in others._effect_of(part.value) if found == key]
        return self.exact(line.price_total) - sum(gone, NOTHING)

    def cancelled(self, external_id):
        """Return the units of a position that were credited because they left the order."""
        found = self.others()._effect_of("cancel")
        return sum((Decimal(units) for key, units in found if key == external_id), NOTHING)

    def others(self):
        """Return the other refunds of the order."""
        return self.order.refund_binding_ids - self.binding

    def _lines_of_all(self):
        bindings = self.order.refund_binding_ids | self.binding
        counted = bindings.filtered(lambda one: one.state != "cancelled")
        return [line for one in counted for line in one._refund().lines]

    # The customer's account

    def credited_in_all(self):
        """Return what all refunds take off the order's total, which lacks what left it before."""
        bindings = self.order.refund_binding_ids | self.binding
        refunds = [one._refund() for one in bindings if one.state != "cancelled"]
        kept = [
            refund.model_copy(
                update={"lines": tuple(each for each in refund.lines if not _is_cancel(each))}
            )
            for refund in refunds
        ]
        return sum((self.told(refund)[self.currency.name] for refund in kept), NOTHING)

    def paid_net(self):
        """Return what the customer paid less what went back, each payment counted once."""
        payments = self.order.payment_ids.filtered(
            lambda one: (
                one.state == "success"
                and not one.test
                and one.currency_id == self.currency
                and one.gateway_id.booking != "elsewhere"
            )
        )
        came = payments.filtered(lambda one: one.kind in GONE_OUT)
        back = payments.filtered(lambda one: one.kind == "refund")
        return self.exact(sum(came.mapped("amount")) - sum(back.mapped("amount")))

    def _units(self, quantity):
        return Decimal(str(quantity)).quantize(UNITS).normalize()


def _is_cancel(line):
    return line.restock is RestockKind.CANCEL


class RetailCreditView(models.AbstractModel):
    """Makes the view of an order that a refund needs."""

    _name = "retail.credit.view"
    _description = "Retail Connector: orders as refunds see them"

    @api.model
    def _of(self, binding, without=None):
        """Return the view; it reads each thing when it is asked for."""
        return CreditView(binding, binding._refund(), without)
