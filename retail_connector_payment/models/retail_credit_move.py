from odoo import fields, models

from .retail_refund_binding import OPEN

# Orders of these invoices of which something went back that is not credited yet.
REFUNDED = """
    SELECT DISTINCT refund.order_binding_id
      FROM account_move_line product_line
      JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = product_line.id
      JOIN sale_order_line line ON line.id = rel.order_line_id
      JOIN retail_order_binding binding ON binding.odoo_id = line.order_id
      JOIN retail_refund_binding refund ON refund.order_binding_id = binding.id
     WHERE product_line.move_id = ANY(%s) AND refund.state = ANY(%s)
"""


class AccountMove(models.Model):
    """Invoices of what went back already, and the credit notes of it."""

    _inherit = "account.move"

    retail_refund_binding_ids = fields.One2many(
        "retail.refund.binding", "odoo_id", string="Channel Refunds", readonly=True
    )

    def _post(self, soft=True):
        """Override: credit what went back of these invoices' orders; note what was credited.

        One query for all invoices; none for other entries.
        """
        posted = super()._post(soft)
        notes = posted.filtered(lambda move: move.move_type == "out_refund")
        notes.sudo().retail_refund_binding_ids._note_posted()
        invoices = posted.filtered(lambda move: move.move_type == "out_invoice")
        if invoices:
            invoices._credit_what_went_back()
        return posted

    def _credit_what_went_back(self):
        self.env.flush_all()
        self.env.cr.execute(REFUNDED, [self.ids, list(OPEN)])
        found = [row[0] for row in self.env.cr.fetchall()]
        orders = self.env["retail.order.binding"].sudo().browse(found)
        if orders:
            self.env["retail.credit.note"].sudo()._make_due(orders)
