from odoo import models


class RetailProductCandidate(models.Model):
    """Variants that left the shop may have been published from here."""

    _inherit = "retail.product.candidate"

    def _leave_shop(self):
        """Override: tell the listings."""
        published = self.filtered(lambda row: row.state == "adopted")
        for backend, rows in published.grouped("backend_id").items():
            self.env["retail.listing"]._on_variants_deleted_in_channel(backend, rows)
        return super()._leave_shop()
