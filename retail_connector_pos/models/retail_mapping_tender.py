from odoo import models


class RetailMapping(models.Model):
    """What registers call a payment method can be taken at all of their points of sale."""

    _inherit = "retail.mapping"

    def _retry_what_waited(self):
        """Override: first a tender's method is offered where the tickets that wait are sold."""
        tenders = self.filtered(lambda row: row.kind == "pos_tender" and row.pos_payment_method_id)
        for backend, rows in tenders.grouped("backend_id").items():
            backend.sudo().pos_register_ids._take_methods(rows.sudo().pos_payment_method_id)
        return super()._retry_what_waited()
