from odoo import fields, models

from ..decisions.card_balance import Balance, exact
from ..decisions.card_change import masked_code

# A row that changed since our snapshot raises a serialization failure: the chunk is run again, and
# sees what the other register did. One order for all, so that none waits in a circle.
LOCK = "SELECT id FROM loyalty_card WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"


class LoyaltyCard(models.Model):
    """Cards that registers charge and spend, also while they cannot ask what is on them."""

    _inherit = "loyalty.card"

    retail_overdrawn = fields.Float(
        string="Overdrawn",
        readonly=True,
        copy=False,
        default=0.0,
        help="What registers took beyond the balance. What is charged next pays it first.",
    )

    _retail_overdrawn_positive = models.Constraint(
        "CHECK (retail_overdrawn >= 0)", "What is overdrawn cannot be negative."
    )

    def _retail_lock(self):
        """Keep everybody else from these cards until this transaction ends."""
        if self:
            self.flush_recordset()
            self.env.cr.execute(LOCK, [self.ids])
            self.invalidate_recordset(["points", "retail_overdrawn"])

    def _retail_balance(self):
        """Return what is on the card."""
        self.ensure_one()
        return Balance(exact(self.points), exact(self.retail_overdrawn or 0.0))

    def _retail_move(self, amount):
        """Add points to a locked card, or take them; return the balance before."""
        before = self._retail_balance()
        after = before.after(amount)
        values = {"points": float(after.points), "retail_overdrawn": float(after.overdrawn)}
        # Registers print and mail what there is to print and mail.
        self.with_context(loyalty_no_mail=True).write(values)
        return before

    def _retail_label(self):
        """Return the card's number as people may see it: who knows all of it can spend it."""
        self.ensure_one()
        return masked_code(self.code)
