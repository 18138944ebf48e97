from odoo import models

from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass


class RetailImporterPosTicket(models.AbstractModel):
    """Invoices that customers asked for at the register, by Odoo's own invoicing of tickets."""

    _inherit = "retail.importer.pos_ticket"

    def _may_invoice(self, draft):
        """Tell whether an invoice is wanted and can be made: it needs a customer and a journal."""
        journal = draft.config.invoice_journal_id
        return bool(draft.ticket.invoice_wanted and draft.ticket.customer and journal)

    def _invoice(self, backend, drafts):
        """Invoice what is to be invoiced; show what is not. Each has a picking of its own."""
        for draft in drafts:
            if draft.order.to_invoice:
                order = draft.order.with_context(generate_pdf=False)
                order._create_order_picking()
                order._compute_total_cost_in_real_time()
                order._generate_pos_order_invoice()
            elif draft.ticket.invoice_wanted:
                problem = self._no_invoice_problem(draft)
                self.env["retail.exception"]._report(backend, problem, record=draft.order)

    def _no_invoice_problem(self, draft):
        return Problem(
            error_class=ErrorClass.DATA,
            code="invoice_not_made",
            subject=draft.ticket.external_id,
            title=self.env._("Ticket %(ticket)s is not invoiced", ticket=draft.ticket.number),
            cause=self.env._(
                "Its customer wants an invoice, but the register tells no customer, or its point "
                "of sale has no journal for invoices. The sale is imported. Choose the customer on "
                "the order and invoice it there."
            ),
            fix="open_record",
        )
