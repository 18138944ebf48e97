from odoo import models
from odoo.fields import Domain
from odoo.tools import email_normalize
from odoo.tools.sql import escape_psql


class RetailErasure(models.Model):
    """What payments keep of a person: his e-mail. The rest is kept as the law demands of books."""

    _inherit = "retail.erasure"

    def _step_bindings(self, after):
        """Override: forget who paid."""
        result = super()._step_bindings(after)
        payments = self._find_payments()
        payments._forget_payer()
        self._note(self.env._("Payments"), len(payments))
        return result

    def _find_payments(self):
        """Return the payments of his orders, and those that name his e-mail; of a shop all."""
        if self.type == "shop":
            of_shop = Domain("backend_id", "in", self._backends().ids)
            return self.env["retail.payment"].search(of_shop & Domain("payer_email", "!=", False))
        his = Domain("order_binding_id", "in", self._subject().order_binding_ids)
        email = email_normalize(self.email or "")
        if email:
            named = Domain("payer_email", "=ilike", escape_psql(email))
            his |= named & Domain("backend_id", "in", self._backends().ids)
        return self.env["retail.payment"].search(his & Domain("payer_email", "!=", False))


class RetailPayment(models.Model):
    """Payments whose payer is forgotten."""

    _inherit = "retail.payment"

    def _forget_payer(self):
        for payment in self:
            clues = {
                name: clue for name, clue in (payment.clues or {}).items() if name != "payer_email"
            }
            payment.write({"payer_email": False, "clues": clues})
