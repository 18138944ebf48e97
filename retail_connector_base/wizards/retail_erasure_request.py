from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..models.retail_erasure import OPERATOR


class RetailErasureRequest(models.TransientModel):
    """Asks whose data is to be erased or handed over. Somebody else approves it."""

    _name = "retail.erasure.request"
    _description = "New Privacy Request"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    type = fields.Selection(
        [("erase", "Erase a Person"), ("shop", "Erase a Shop"), ("access", "Hand Over Data")],
        required=True,
        default="erase",
    )
    backend_id = fields.Many2one(
        "retail.backend",
        domain="[('company_id', '=', company_id)]",
        help="Only what this backend brought. Empty: everything in the company.",
    )
    email = fields.Char()
    phone = fields.Char()
    customer_external_id = fields.Char(string="Customer at the Channel")
    order_external_ids = fields.Char(
        string="Orders at the Channel", help="The channel's own ids, separated by commas."
    )
    reason = fields.Char(required=True, help="E.g. the number of his letter; without his name.")

    def action_request(self):
        """Make the request and show it. What was typed here is forgotten."""
        self.ensure_one()
        self._check()
        orders = [each.strip() for each in (self.order_external_ids or "").split(",")]
        request = self.env["retail.erasure"]._request(
            {
                "type": self.type,
                "company_id": self.company_id.id,
                "backend_id": self.backend_id.id,
                "email": (self.email or "").strip(),
                "phone": (self.phone or "").strip(),
                "customer_external_id": (self.customer_external_id or "").strip(),
                "order_external_ids": [each for each in orders if each],
                "reason": self.reason,
            }
        )
        request._remind()
        self.sudo().unlink()
        return {
            "type": "ir.actions.act_window",
            "res_model": "retail.erasure",
            "res_id": request.id,
            "view_mode": "form",
        }

    def _check(self):
        if not self.env.user.has_group(OPERATOR):
            raise AccessError(self.env._("Only an operator asks for this."))
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("This is another company's business."))
        self.backend_id.check_access("read")
        if self.backend_id and self.backend_id.company_id != self.company_id:
            raise UserError(self.env._("The backend belongs to another company."))
        named = self.email or self.phone
        by_id = self.customer_external_id or self.order_external_ids
        if by_id and not self.backend_id:
            raise UserError(self.env._("Ids are a channel's own: choose the backend."))
        if self.type == "shop":
            if not self.backend_id:
                raise UserError(self.env._("Choose the backend whose customers are erased."))
        elif not (named or by_id):
            raise UserError(self.env._("Say whose data it is: an e-mail, a telephone or an id."))

    @api.model
    def default_get(self, fields_list):
        """Override: start from the customer or the backend that it was opened on."""
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "retail.partner.binding":
            binding = self.env["retail.partner.binding"].browse(self.env.context.get("active_id"))
            binding.check_access("read")
            values |= {
                "backend_id": binding.backend_id.id,
                "company_id": binding.company_id.id,
                "customer_external_id": binding.external_id,
            }
        return {name: value for name, value in values.items() if name in fields_list}
