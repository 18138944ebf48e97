from odoo import fields, models

from odoo.addons.retail_connector_base.decisions.order_process import Step

INVOICED = ("invoiced", "upselling")
# An invoice that a credit note took back is settled too.
SETTLED = ("paid", "in_payment", "reversed")


class RetailOrderBinding(models.Model):
    """How far the invoices of an order have come."""

    _inherit = "retail.order.binding"

    invoice_attempts = fields.Integer(readonly=True)
    invoice_next_attempt_at = fields.Datetime(readonly=True)
    invoice_error = fields.Char(readonly=True, help="Why it could not be invoiced.")
    tie_count = fields.Integer(readonly=True, help="How often its payments were looked at.")
    tie_error = fields.Char(readonly=True, help="Why its payments could not be reconciled.")

    def _awaits_no_invoice(self):
        """Tell whether no invoice is to come."""
        self.ensure_one()
        return self.odoo_id.state == "cancel" or self._is_fully_invoiced()

    def _is_fully_invoiced(self):
        """Tell whether all of it was invoiced, whatever was credited afterwards.

        Of what was credited Odoo says that it is to be invoiced again.
        """
        order = self.odoo_id
        if order.invoice_status in INVOICED:
            return True
        lines = order.order_line.filtered(lambda line: not line.display_type)
        return order.state == "sale" and all(line._retail_is_invoiced() for line in lines)

    def _facts(self):
        """Override: drafts are no invoices yet, and what was reversed is settled."""
        steps = super()._facts() - {Step.INVOICED, Step.SETTLED}
        documents = self.odoo_id.order_line.invoice_lines.move_id
        alive = documents.filtered(lambda move: move.state != "cancel")
        posted = alive.filtered(lambda move: move.state == "posted")
        facts = {
            Step.INVOICED: bool(posted) and posted == alive and self._is_fully_invoiced(),
            Step.SETTLED: bool(posted) and all(move.payment_state in SETTLED for move in posted),
        }
        return steps | {step for step, holds in facts.items() if holds}


class SaleOrder(models.Model):
    """What the lane of invoices looks for, and how it gathers orders."""

    _inherit = "sale.order"

    _retail_to_invoice_index = models.Index("(company_id) WHERE invoice_status = 'to invoice'")

    def _get_invoice_grouping_keys(self):
        """Override: one invoice per customer, wherever the goods were sent."""
        keys = super()._get_invoice_grouping_keys()
        if self.env.context.get("retail_consolidate"):
            return [key for key in keys if key != "partner_shipping_id"]
        return keys

    def _get_invoiceable_lines(self, final=False):
        """Override: what was credited is not invoiced again by the lane."""
        lines = super()._get_invoiceable_lines(final)
        if not self.env.context.get("retail_invoicing"):
            return lines
        return lines.filtered(
            lambda line: line.display_type or line.is_downpayment or line._retail_to_invoice() > 0
        )
