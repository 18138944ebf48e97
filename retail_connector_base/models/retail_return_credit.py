from odoo import fields, models
from odoo.fields import Command

from .retail_return_settle import exact

QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
}


class RetailReturn(models.Model):
    """The draft credit note of what came back: the invoice's lines, taxes and accounts."""

    _inherit = "retail.return"

    def _credit_draft(self, units):
        """Draft the credit of units by line as far as they are invoiced; return it, or none."""
        parts = []
        for line, quantity in units.items():
            parts += self._invoiced_parts(line.sale_line_id, quantity)
        moves = self.env["account.move"].sudo().with_context(**QUIET).with_company(self.company_id)
        by_invoice = {}
        for line, quantity in parts:
            by_invoice.setdefault(line.move_id, []).append((line, quantity))
        return moves.create(
            [self._credit_values(invoice, own) for invoice, own in by_invoice.items()]
        )

    def _invoiced_parts(self, sale_line, quantity):
        """Return (invoice line, units in its unit) of units that were invoiced, not credited."""
        lines = sale_line.invoice_lines.filtered(lambda line: line.display_type == "product")
        posted = lines.filtered(
            lambda line: line.move_id.move_type == "out_invoice" and line.parent_state == "posted"
        )
        credited = lines.filtered(
            lambda line: line.move_id.move_type == "out_refund" and line.parent_state != "cancel"
        )
        room = exact(sum(posted.mapped("quantity"))) - exact(sum(credited.mapped("quantity")))
        unit = sale_line.product_uom_id
        left = exact(sale_line.product_id.uom_id._compute_quantity(float(quantity), unit))
        left, parts = min(left, room), []
        for line in posted.sorted("id", reverse=True):
            part = min(left, exact(line.quantity))
            if part > 0:
                parts.append((line, part))
                left -= part
        return parts

    def _credit_values(self, invoice, parts):
        return {
            "move_type": "out_refund",
            "retail_return_id": self.id,
            "company_id": invoice.company_id.id,
            "journal_id": invoice.journal_id.id,
            "partner_id": invoice.partner_id.id,
            "partner_shipping_id": invoice.partner_shipping_id.id,
            "currency_id": invoice.currency_id.id,
            "fiscal_position_id": invoice.fiscal_position_id.id,
            "invoice_date": fields.Date.context_today(self),
            "invoice_payment_term_id": False,
            "invoice_origin": self.order_id.name,
            "ref": self.env._("Return %(name)s", name=self.display_name),
            "reversed_entry_id": invoice.id,
            "invoice_line_ids": [
                Command.create(self._credit_line(line, quantity)) for line, quantity in parts
            ],
        }

    def _credit_line(self, line, quantity):
        return {
            "product_id": line.product_id.id,
            "name": line.name,
            "quantity": float(quantity),
            "product_uom_id": line.product_uom_id.id,
            "price_unit": line.price_unit,
            "discount": line.discount,
            "account_id": line.account_id.id,
            "analytic_distribution": line.analytic_distribution,
            "tax_ids": [Command.set(line.tax_ids.ids)],
            "sale_line_ids": [Command.set(line.sale_line_ids.ids)],
        }
