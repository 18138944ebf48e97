from decimal import Decimal

from odoo import models

from odoo.addons.retail_connector_base.canonical.parcel_tracking import TrackingState
from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers import ErrorClass

from ..decisions.tracking_state import TROUBLE

IN_TROUBLE = tuple(state.value for state in TROUBLE)
CODE = "parcel_not_delivered"


class RetailTracking(models.Model):
    """Parcels that do not arrive: people hear of them, with the order and what it is worth."""

    _inherit = "retail.tracking"

    def _report_trouble(self, again=False):
        """Show parcels that fail or come back, take back what is well again.

        ``again``: what is shown already is shown anew, since its delivery is known by now.
        """
        exceptions = self.env["retail.exception"]
        for tracking in self:
            fingerprint = f"{CODE}|{tracking.id}"
            troubled = tracking.state in IN_TROUBLE
            if again or not troubled:
                exceptions._solved(tracking.backend_id, [fingerprint])
            if troubled:
                problem = tracking._trouble()
                record = tracking.picking_ids[:1] or tracking
                exceptions._report(tracking.backend_id, problem, record=record)

    def _trouble(self):
        self.ensure_one()
        order, currency = self.picking_ids.sale_id[:1], self.picking_ids.sale_id.currency_id[:1]
        words = {
            TrackingState.FAILED.value: self.env._("could not be delivered"),
            TrackingState.RETURNING.value: self.env._("is on its way back"),
            TrackingState.RETURNED.value: self.env._("came back"),
        }
        return Problem(
            error_class=ErrorClass.DATA,
            code=CODE,
            subject=str(self.id),
            title=self.env._(
                "Parcel %(number)s of %(order)s %(what)s",
                number=self.number,
                order=order.name or self.order_names or self.env._("an unknown delivery"),
                what=words[self.state],
            ),
            cause=self._trouble_words(),
            fix="open_record",
            amount=Decimal(str(self._value_underway())),
            currency=currency.name or None,
        )

    def _trouble_words(self):
        latest = self.milestone_ids.sorted("occurred_at")[-1:]
        said = " ".join(filter(None, (latest.text, latest.place)))
        return self.env._(
            "%(carrier)s says: %(said)s Talk to the customer and the carrier: send the goods "
            "again, or give the money back. Dismiss this when it is settled.",
            carrier=self.carrier or self.env._("The carrier"),
            said=said or self.env._("nothing more."),
        )

    def _value_underway(self):
        """Return what the customer pays for the goods of the parcel's deliveries."""
        total = 0.0
        for move in self.picking_ids.move_ids.filtered("sale_line_id"):
            line, quantity = move.sale_line_id, move.quantity or move.product_uom_qty
            whole = line.product_uom_qty
            if whole:
                unit = line.product_uom_id
                sent = move.product_uom._compute_quantity(quantity, unit, round=False)
                total += line.price_total * min(sent / whole, 1.0)
        return round(total, 2)
