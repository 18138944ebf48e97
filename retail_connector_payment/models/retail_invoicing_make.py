import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import fields, models

from ..decisions.posting import pause_after

_logger = logging.getLogger(__name__)

NOTHING_THERE = timedelta(hours=1)


class RetailInvoicing(models.AbstractModel):
    """Making the invoices; what fails is found by halving."""

    _inherit = "retail.invoicing"

    def _invoice(self, units):
        """Invoice units (lists of binding ids) together, and post; show what cannot be."""
        try:
            with self.env.cr.savepoint():
                self._invoice_together(units)
        except OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 the job boundary of one invoice
            self._split(units, error)

    def _split(self, units, error):
        if len(units) == 1:
            bindings = self.env["retail.order.binding"].browse(units[0])
            _logger.warning("invoicing orders %s: %s", bindings.ids, type(error).__name__)
            self._put_off(bindings, error)
            return
        middle = len(units) // 2
        self._invoice(units[:middle])
        self._invoice(units[middle:])

    def _invoice_together(self, units):
        bindings = self.env["retail.order.binding"].browse(one for unit in units for one in unit)
        invoices = self._make(units)
        # Odoo's own action: it keeps down payments right. Reconciled by the override of _post.
        invoices.action_post()
        done = invoices.invoice_line_ids.sale_line_ids.order_id
        self._note_done(bindings.filtered(lambda binding: binding.odoo_id in done))
        self._note_nothing(bindings.filtered(lambda binding: binding.odoo_id not in done))

    def _make(self, units):
        """Return the invoices of all units, drafts yet."""
        context = {"retail_invoicing": True, "raise_if_nothing_to_invoice": False}
        bindings = self.env["retail.order.binding"].with_context(**context)
        alone = bindings.browse(unit[0] for unit in units if len(unit) == 1).odoo_id
        invoices = self.env["account.move"]
        if alone:
            invoices |= alone._create_invoices(grouped=True)
        for unit in units:
            if len(unit) > 1:
                shared = bindings.browse(unit).odoo_id
                invoices |= shared.with_context(retail_consolidate=True)._create_invoices()
        return invoices.with_context(retail_invoicing=False)

    # What became of it

    def _note_done(self, bindings):
        failed = bindings.filtered("invoice_attempts")
        if failed:
            failed.write(
                {
                    "invoice_attempts": 0,
                    "invoice_next_attempt_at": False,
                    "invoice_error": False,
                }
            )
            self._solve(failed)

    def _note_nothing(self, bindings):
        """Look later at orders of which all was credited that is open: it is not due again."""
        if bindings:
            bindings.invoice_next_attempt_at = fields.Datetime.now() + NOTHING_THERE

    def _put_off(self, bindings, error):
        """Try orders again later, and show each to a person."""
        now = fields.Datetime.now()
        for binding in bindings:
            attempts = binding.invoice_attempts + 1
            binding.write(
                {
                    "invoice_attempts": attempts,
                    "invoice_next_attempt_at": now + pause_after(attempts),
                    "invoice_error": str(error)[:200],
                }
            )
            self._report(binding)
