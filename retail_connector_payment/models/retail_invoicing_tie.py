import logging

from psycopg2 import OperationalError

from odoo import api, models

from ..decisions.invoicing import OpenLine, plan
from ..decisions.posting import OF_AN_ORDER
from .retail_invoicing_trouble import TYING

_logger = logging.getLogger(__name__)

# Orders of channels that these documents are about.
BOUND = """
    SELECT DISTINCT binding.id
      FROM account_move_line product_line
      JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = product_line.id
      JOIN sale_order_line line ON line.id = rel.order_line_id
      JOIN retail_order_binding binding ON binding.odoo_id = line.order_id
     WHERE product_line.move_id = ANY(%s)
"""
# An invoice and a payment that are posted at the same moment do not see each other: whoever comes
# second changes a row that the first one changed, and is run again.
TOUCH = """
    UPDATE retail_order_binding binding SET tie_count = coalesce(tie_count, 0) + 1
      FROM (SELECT id FROM retail_order_binding WHERE id = ANY(%s)
             ORDER BY id FOR NO KEY UPDATE) locked
     WHERE binding.id = locked.id
"""
# Open lines of the orders' invoices and credit notes, and of what happened at the gateway.
OPEN_LINES = """
      WITH invoiced AS (
           SELECT DISTINCT binding.id AS binding_id, product_line.move_id
             FROM retail_order_binding binding
             JOIN sale_order_line line ON line.order_id = binding.odoo_id
             JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = line.id
             JOIN account_move_line product_line ON product_line.id = rel.invoice_line_id
            WHERE binding.id = ANY(%(bindings)s)),
           documents AS (
           SELECT binding_id, move_id FROM invoiced
            UNION
           SELECT invoiced.binding_id, credit.id
             FROM invoiced JOIN account_move credit ON credit.reversed_entry_id = invoiced.move_id),
           found AS (
           SELECT line.id, documents.binding_id, move.move_type = 'out_invoice' AS is_sale
             FROM documents JOIN account_move move ON move.id = documents.move_id
             JOIN account_move_line line ON line.move_id = move.id
            WHERE move.move_type IN ('out_invoice', 'out_refund')
            UNION
           SELECT entry.contra_line_id, entry.booked_order_id, entry.category = 'charge'
             FROM retail_ledger_entry entry
            WHERE entry.booked_order_id = ANY(%(bindings)s) AND entry.state <> 'to_post'
              AND entry.category = ANY(%(of_an_order)s))
    SELECT found.id, found.binding_id, line.account_id, line.currency_id, found.is_sale,
           line.balance > 0 OR line.amount_currency > 0
      FROM found JOIN account_move_line line ON line.id = found.id
      JOIN account_account account ON account.id = line.account_id
     WHERE line.parent_state = 'posted' AND account.account_type = 'asset_receivable'
       AND NOT coalesce(line.reconciled, false)
     ORDER BY found.id
"""


class RetailInvoicing(models.AbstractModel):
    """Reconciles what customers owe for their orders with what they paid at the gateway."""

    _inherit = "retail.invoicing"

    @api.model
    def _tie_invoices(self, invoices):
        """Tie the orders of channels that these invoices or credit notes are about, if any."""
        moves = invoices.ids + invoices.reversed_entry_id.ids
        self.env.cr.execute(BOUND, [moves])
        found = [row[0] for row in self.env.cr.fetchall()]
        self._tie(self.env["retail.order.binding"].browse(found))

    @api.model
    def _tie(self, order_bindings):
        """Reconcile open lines of orders: the oldest first, all in one plan.

        What was paid before its invoice waits as the customer's credit; what is over or missing
        stays open. What cannot be reconciled is shown to a person and stops nothing else.
        """
        bindings = order_bindings.sudo()
        if not bindings:
            return
        lines = self.sudo()._open_lines(bindings)
        named = [line.order for line in lines]
        bindings = bindings.browse(dict.fromkeys(named))
        steps = plan(lines, bindings.filtered(lambda each: each._awaits_no_invoice()).ids)
        orders = {line.id: line.order for line in lines}
        if steps:
            self.sudo()._reconcile(steps, orders)

    def _open_lines(self, bindings):
        self.env.flush_all()
        self.env.cr.execute(TOUCH, [bindings.ids])
        of_an_order = [category.value for category in OF_AN_ORDER]
        self.env.cr.execute(OPEN_LINES, {"bindings": bindings.ids, "of_an_order": of_an_order})
        return [
            OpenLine(line_id, order, (account, currency), is_sale, is_debit)
            for line_id, order, account, currency, is_sale, is_debit in self.env.cr.fetchall()
        ]

    def _reconcile(self, steps, orders):
        """Reconcile all; what fails is found by halving. ``orders`` are binding ids by line."""
        bindings = self.env["retail.order.binding"].browse(
            {orders[line] for step in steps for part in step for line in part}
        )
        try:
            with self.env.cr.savepoint():
                self._reconcile_together(steps)
        except OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 the boundary of one order
            self._reconcile_apart(steps, orders, bindings, error)
        else:
            self._note_tied(bindings.filtered("tie_error"))

    def _reconcile_together(self, steps):
        lines = self.env["account.move.line"]
        nested = [[lines.browse(part) for part in step] for step in steps]
        lines._reconcile_plan([step if len(step) > 1 else step[0] for step in nested])

    def _reconcile_apart(self, steps, orders, bindings, error):
        if len(steps) == 1:
            _logger.warning("reconciling orders %s: %s", bindings.ids, type(error).__name__)
            for binding in bindings:
                binding.tie_error = str(error)[:200]
                self._report(binding, TYING)
            return
        middle = len(steps) // 2
        self._reconcile(steps[:middle], orders)
        self._reconcile(steps[middle:], orders)

    def _note_tied(self, bindings):
        if bindings:
            bindings.tie_error = False
            self._solve(bindings, TYING)
