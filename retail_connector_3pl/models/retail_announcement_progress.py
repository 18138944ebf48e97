from odoo import models
from odoo.exceptions import AccessError

OPERATOR = "retail_connector_base.group_operator"


class RetailAnnouncement(models.Model):
    """How much of an announced delivery has come, and when it is over."""

    _inherit = "retail.announcement"

    def _progress(self):
        """Take the state that receipts lead to. What was taken back stays so."""
        for announcement in self:
            announcement._close_or_reopen()
            moves = announcement._open_moves()
            if moves:
                announcement.picking_id = moves.picking_id.sorted("id")[-1:]
            state = announcement._state_by_goods(bool(moves))
            if announcement.state not in (state, "cancelled"):
                announcement.state = state

    def _close_or_reopen(self):
        """Cancel what does not come any more; expect it again if the warehouse thinks better."""
        if self._is_closed():
            moves = self._open_moves() if self._closes_short() else None
            if moves:
                moves._action_cancel()
                self.closed_short = True
        elif self.closed_short:
            self.closed_short = False
            for line in self.line_ids:
                line._reopen(line.move_ids.sorted("id")[-1:], line.quantity)

    def _state_by_goods(self, is_open):
        if not is_open:
            return "received"
        if self._has_received():
            return "partly_received"
        # A warehouse that speaks of it knows of it.
        return "accepted" if self.receipt_ids and self.state != "rejected" else self.state

    def _is_closed(self):
        """Tell whether the warehouse says that nothing more comes of it."""
        return any(receipt._is_over() for receipt in self.receipt_ids)

    def _closes_short(self):
        return self.warehouse_id.receipt_short == "close"

    def _close_short(self):
        """Expect nothing more: somebody decided that."""
        for announcement in self:
            announcement._open_moves()._action_cancel()
            announcement.state = "received"

    def _check_operator(self):
        self.check_access("read")
        if not self.env.user.has_group(OPERATOR):
            raise AccessError(self.env._("Only an operator decides about announced deliveries."))
