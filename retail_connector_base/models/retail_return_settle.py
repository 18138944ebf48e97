from decimal import Decimal

from odoo import fields, models

from ..canonical.goods_return import Condition
from ..decisions.return_state import RANK, REFUSED, Facts, later, reached, whose_turn

NOTHING = Decimal(0)
# What is noted when a state is reached.
MOMENTS = {
    "authorized": "authorized_at",
    "in_transit": "in_transit_at",
    "received": "received_at",
    "disposed": "disposed_at",
    "refund_eligible": "refund_eligible_at",
    "refunded": "refunded_at",
    "completed": "completed_at",
}


def exact(quantity):
    """Return a quantity that Odoo keeps as a float as the decimal it stands for."""
    return Decimal(str(round(quantity or 0.0, 6)))


class RetailReturn(models.Model):
    """How a return goes on by itself.

    Level-triggered: ``_settle`` looks at what lies in the database, so it may be called at any time
    and as often as one likes.
    """

    _inherit = "retail.return"

    def _advance(self, state):
        """Let returns reach a state; those that are further on stay where they are."""
        for record in self:
            found = later(record.state, state)
            if found != record.state:
                record.write({"state": found, **record._moments(record.state, found)})

    def _moments(self, before, found):
        """Return when the states between were reached, as far as that was not told."""
        now = fields.Datetime.now()
        if found in REFUSED:
            return {}
        return {
            field: now
            for state, field in MOMENTS.items()
            if RANK[before] < RANK[state] <= RANK[found] and not self[field]
        }

    def _settle(self):
        """Bring these returns as far as they can come, and say whose turn it is."""
        for record in self:
            record._sum_up()
            record._see_to_refund()
            facts = record._facts()
            record._advance(reached(facts))
            record._take_turn(whose_turn(record._facts()))

    # What is known

    def _sum_up(self):
        """Add up what came of each line, by those who know best."""
        for line in self.line_ids:
            counted = line.goods_ids.filtered("counts")
            sums = {
                "received_quantity": sum(counted.mapped("quantity")),
                "moved_quantity": sum(line.goods_ids.mapped("moved_quantity")),
                "disposed_quantity": sum(
                    one.quantity for one in counted if one.disposition != "undecided"
                ),
                "wrong_quantity": sum(
                    one.quantity for one in counted if one.condition == Condition.WRONG_ITEM.value
                ),
            }
            changed = {name: value for name, value in sums.items() if line[name] != value}
            if changed:
                line.write(changed)

    def _facts(self):
        """Return what decides about state and turn."""
        self.ensure_one()
        lines = self.line_ids
        counted = self.goods_ids.filtered("counts")
        undecided = counted.filtered(lambda one: one.disposition == "undecided")
        unmoved = sum(exact(one.quantity) - exact(one.moved_quantity) for one in counted)
        return Facts(
            state=self.state,
            expected=self._expected_units(),
            received=exact(sum(lines.mapped("received_quantity"))),
            unmoved=max(unmoved, NOTHING),
            undecided=exact(sum(undecided.mapped("quantity"))),
            stuck=self._is_stuck(),
            refund=self.refund_state,
            by_channel=self.refund_by == "channel",
            due_by_hand=bool(self._units_by_hand()),
            owes=self._owes(),
        )

    def _expected_units(self):
        """Return how many units may still come."""
        if self.closed or self.state in (*REFUSED, "completed"):
            return NOTHING
        left = (exact(line.quantity) - exact(line.received_quantity) for line in self.line_ids)
        return sum((max(units, NOTHING) for units in left), NOTHING)

    def _is_stuck(self):
        """Tell whether goods came that cannot move before a person did something. Hook."""
        return any(one.counts and not one.product_id and one.quantity > 0 for one in self.goods_ids)

    def _owes(self):
        """Tell whether the customer has to pay for what he gets instead."""
        sale = self.exchange_order_id
        return bool(sale and sale.state in ("draft", "sent") and self._balance().is_owed)

    def _is_all_here(self):
        """Tell whether what was authorised came, or nothing more will."""
        came = any(line.received_quantity for line in self.line_ids)
        return bool(came and not self._expected_units())

    # Whose turn

    def _take_turn(self, turn):
        if self.whose_turn != turn.value:
            self.write({"whose_turn": turn.value, "turn_since": fields.Datetime.now()})
