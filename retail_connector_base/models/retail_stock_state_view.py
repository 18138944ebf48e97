from odoo import api, fields, models
from odoo.tools import SQL

DIFFERS = """
    SELECT id FROM retail_stock_state
     WHERE verdict <> 'ok' OR pending OR owed <> 0 OR NOT is_known OR acknowledged <> desired
"""


class RetailStockState(models.Model):
    """What is different and why, in words."""

    _inherit = "retail.stock.state"

    sku = fields.Char(related="binding_id.sku")
    differs = fields.Boolean(compute="_compute_reason", search="_search_differs")
    reason = fields.Char(
        string="Why", compute="_compute_reason", help="Why the two quantities differ."
    )

    @api.model
    def _search_differs(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("id", "in" if True in value else "not in", SQL("(%s)", SQL(DIFFERS)))]

    @api.depends(
        "verdict", "error", "pending", "held_until", "attempt_key", "owed", "acknowledged",
        "desired", "is_known", "location_binding_id.odoo_id",
    )  # fmt: skip
    def _compute_reason(self):
        for state in self:
            state.reason = state._reason()
            state.differs = bool(
                state.verdict != "ok"
                or state.pending
                or state.owed
                or not state.is_known
                or state.acknowledged != state.desired
            )

    def _reason(self):
        if not self.location_binding_id.odoo_id:
            return self.env._("Its location is tied to none in Odoo: nothing is published there.")
        if self.verdict == "missing":
            return self.error or self.env._("The channel does not know the item any more.")
        if self.verdict == "refused":
            return self.env._("Refused: %(error)s", error=self.error or "")
        return self._reason_on_its_way() or self._reason_in_step()

    def _reason_on_its_way(self):
        if self.attempt_key:
            return self.env._("The channel has not answered yet.")
        if not self.pending:
            return False
        if self.held_until:
            return self.env._("Waits until the orders that were received are imported.")
        if not self.is_known:
            return self.env._("The channel's quantity is read first.")
        return self.env._("It changed and is about to be told.")

    def _reason_in_step(self):
        if self.owed:
            return self.env._(
                "%(count)s sold in the channel are not imported yet.", count=self.owed
            )
        if self.acknowledged != self.desired:
            return self.env._("Kept back for orders not imported yet.")
        return False
