from odoo import models
from odoo.exceptions import UserError

from odoo.addons.retail_connector_base.models.stock_move import DEFER


class RetailReturn(models.Model):
    """The returns desk: what people of ours do with goods that come back."""

    _inherit = "retail.return"

    def action_came(self):
        """Enter what came, or complete what was told without product or lot."""
        self.ensure_one()
        self._check_operator()
        return self.env["retail.return.receipt"]._open_for(self)

    def action_tie(self):
        """Say which order the return is of."""
        self.ensure_one()
        self._check_operator()
        if self.order_id:
            raise UserError(self.env._("It is tied to %(order)s.", order=self.order_id.name))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Tie to an Order"),
            "res_model": "retail.return.tie",
            "view_mode": "form",
            "target": "new",
            "context": {"default_return_id": self.id},
        }

    def action_open_receipts(self):
        """Open the receipts."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Receipts"),
            "res_model": "stock.picking",
            "view_mode": "list,form",
            "domain": [("retail_return_id", "=", self.id)],
        }

    def action_confirm_exchange(self):
        """Let what the customer gets instead go out, paid or not."""
        self.ensure_one()
        self._check_operator()
        sale = self.sudo().exchange_order_id
        if sale.state not in ("draft", "sent"):
            raise UserError(self.env._("There is no exchange that waits."))
        sale.with_context(**{DEFER: True}).action_confirm()
        return self._decided("return.exchange_confirmed")

    def _tie_to(self, order):
        """Tie a return to an order by hand, and look again at what was told of it."""
        record = self.sudo()
        record.write(
            {"order_id": order.id, "order_binding_id": order.sudo().retail_binding_ids[:1].id}
        )
        for line in record.line_ids.filtered(lambda one: not one.sale_line_id):
            sold = order.order_line.filtered(
                lambda one, line=line: line.product_id and one.product_id == line.product_id
            )
            line.sale_line_id = (sold - record.line_ids.sale_line_id)[:1]
        self.env["retail.audit"]._log("return.tied", self, detail={"order": order.name})
        record._look_again()
