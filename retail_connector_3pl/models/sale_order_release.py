from odoo import fields, models
from odoo.exceptions import UserError

from ..decisions.release_progress import AT_WAREHOUSE
from .retail_release_request_answer import AGREED


class SaleOrder(models.Model):
    """Orders whose goods a third party sends."""

    _inherit = "sale.order"

    retail_release_ids = fields.One2many("retail.release", "order_id", string="Releases")
    retail_release_count = fields.Integer(compute="_compute_retail_release", string="Released")
    retail_release_state = fields.Char(compute="_compute_retail_release", string="Warehouse")

    def _compute_retail_release(self):
        known = dict(self.env["retail.release"]._fields["state"].selection)
        for order in self:
            releases = order.sudo().retail_release_ids
            states = dict.fromkeys(known[release.state] for release in releases)
            order.retail_release_count = len(releases)
            order.retail_release_state = ", ".join(states)

    def action_cancel(self):
        """Override: ask the warehouses that have something of these orders.

        Whoever presses “Cancel” wants the order not to be sent. So the warehouses are asked, the
        order stays as it is, and it is cancelled by itself as soon as they agree; orders that no
        warehouse has are cancelled at once.
        """
        if self.env.context.get(AGREED) or any(order.locked for order in self):
            return super().action_cancel()
        releases = self.env["retail.release"]._of(self)
        asked = releases._stop(self.env._("The order was cancelled in Odoo."), order_too=True)
        rest = self - asked.order_id.with_env(self.env)
        result = (
            super(SaleOrder, rest.with_context(**{AGREED: True})).action_cancel() if rest else 0
        )
        return asked._tell_that_asked() if asked else result

    def _action_cancel(self):
        """Override: refuse what would cancel an order here that a warehouse goes on sending.

        For code that cancels without the button: it could not wait for an answer.
        """
        if not self.env.context.get(AGREED):
            self._check_no_warehouse_has_it()
        return super(SaleOrder, self.with_context(**{AGREED: True}))._action_cancel()

    def _check_no_warehouse_has_it(self):
        releases = self.env["retail.release"]._of(self)
        there = releases.filtered(lambda release: release.state in AT_WAREHOUSE)
        there |= (releases - there)._stop(self.env._("The order was cancelled in Odoo."))
        if there:
            raise UserError(
                self.env._(
                    "%(order)s is with %(warehouse)s. Press “Cancel” on the order: the warehouse "
                    "is asked, and the order is cancelled when it agrees.",
                    order=there[0].order_id.name,
                    warehouse=there[0].warehouse_id.name,
                )
            )

    def action_open_retail_releases(self):
        """Open the releases of these orders."""
        self.env["retail.release"].check_access("read")
        self.check_access("read")
        return self.env["retail.release"]._open_some([("order_id", "in", self.ids)])
