from odoo import models
from odoo.exceptions import UserError

# Context key: only the orders whose goods move at the end of the session.
REST = "retail_pos_stock_rest"


class PosSession(models.Model):
    """The end of a session moves what has not moved, and nothing twice."""

    _inherit = "pos.session"

    def _create_picking_at_end_of_session(self):
        """Override: goods of tickets move in the lane; what still waits moves now, the rest is
        Odoo's. A session whose goods cannot move is not closed: they would be lost."""
        if not self.retail_day_id:
            return super()._create_picking_at_end_of_session()
        owed = self._get_closed_orders()._owed_goods()
        stayed = self.env["retail.pos.stock"].sudo()._move(owed)
        if stayed:
            raise UserError(
                self.env._(
                    "%(session)s cannot be closed: goods of %(orders)s did not move. %(reason)s\n"
                    "Correct that or dismiss the exception first.",
                    session=self.name,
                    orders=", ".join(stayed.order_id.mapped("name")),
                    reason=stayed[0].error,
                )
            )
        rest = self.with_context(**{REST: True})
        return super(PosSession, rest)._create_picking_at_end_of_session()

    def _get_closed_orders(self):
        """Override: at the end of the session, without those whose goods moved already."""
        orders = super()._get_closed_orders()
        if self.env.context.get(REST):
            return orders.filtered(lambda order: not order.retail_stock_apart)
        return orders
