from odoo import models

# Context key: a contact is made nobody's; no warehouse is asked to send anything to nobody.
ERASING = "retail_erasing"


class RetailErasure(models.Model):
    """What releases keep of a person: where they went."""

    _inherit = "retail.erasure"

    def _step_documents(self, after):
        """Override: forget where the releases of his orders went, and why that changed."""
        result = super()._step_documents(after)
        orders = self.env["sale.order"].browse(self._subject().order_ids).exists()
        releases = self.env["retail.release"]._of(orders)
        releases.write({"recipient": False})
        addresses = releases.request_ids.filtered(lambda request: request.kind == "address")
        addresses.write({"wanted": False, "reason": False, "answer": False})
        self._note(self.env._("Releases to warehouses"), len(releases))
        return result

    def _step_partners(self, after):
        """Override: contacts that are blanked have not moved."""
        erasing = self.with_context(**{ERASING: True})
        return super(RetailErasure, erasing)._step_partners(after)
