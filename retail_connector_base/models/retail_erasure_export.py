import base64
import json

from odoo import fields, models
from odoo.exceptions import UserError

from ..canonical import Customer, Order
from .retail_erasure import ADMINISTRATOR


class RetailErasure(models.Model):
    """Handing over what is held of a person, as a file that administrators download."""

    _inherit = "retail.erasure"

    # A field of its own: the file is read by whoever may read the field, not by every reader.
    export_file = fields.Binary(
        readonly=True, copy=False, groups=ADMINISTRATOR, string="Data", attachment=True
    )
    export_name = fields.Char(compute="_compute_export_name")

    def _compute_export_name(self):
        for erasure in self:
            erasure.export_name = f"data-request-{erasure.id}.json"

    def _hand_over(self):
        """Make the file and close the request."""
        content = json.dumps(self._held(), indent=2, ensure_ascii=False, default=str)
        self.export_file = base64.b64encode(content.encode())
        self._note(self.env._("Handed over"), 0, 1, self.env._("The file is deleted by retention."))
        self._forget_subject()
        if self.message_id:
            self.message_id._drop_payload("erasure")
        self.write({"state": "done", "done_at": fields.Datetime.now(), "next_run_at": False})
        self._audit("handed_over")

    def _held(self):
        """Return what is held of him: contacts, customers of channels, orders."""
        subject = self._subject()
        partners = self.env["res.partner"].browse(subject.partner_ids).exists()
        names = ("name", "email", "phone", "street", "street2", "city", "zip", "vat", "comment")
        bindings = self.env["retail.partner.binding"].browse(subject.binding_ids).exists()
        orders = self.env["retail.order.binding"].browse(subject.order_binding_ids).exists()
        sales = self.env["sale.order"].browse(subject.order_ids).exists()
        return {
            "contacts": [
                {**{name: partner[name] or None for name in names},
                 "country": partner.country_id.code or None, "created": partner.create_date}
                for partner in partners
            ],
            "customers": [
                Customer.model_validate(binding.snapshot).model_dump(mode="json")
                for binding in bindings
                if binding.snapshot
            ],
            "channel_orders": [
                Order.model_validate(order.snapshot).model_dump(mode="json")
                for order in orders
                if order.snapshot
            ],
            "orders": [
                {
                    "number": sale.name,
                    "date": sale.date_order,
                    "total": sale.amount_total,
                    "currency": sale.currency_id.name,
                    "lines": sale.order_line.mapped("name"),
                    "invoices": sale.invoice_ids.mapped("name"),
                }
                for sale in sales
            ],
        }  # fmt: skip

    def action_download(self):
        """Download what was collected; who did is kept."""
        self.ensure_one()
        self._check_administrator()
        if not self.export_file:
            raise UserError(self.env._("The file is not there any more: ask for the data again."))
        self._audit("downloaded")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/export_file/{self.export_name}?download=1",
            "target": "self",
        }
