from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Command

from ..decisions.posting import local_day
from .retail_refund_binding import OPEN

WAITS_LONG = timedelta(days=3)
TRY_AGAIN = timedelta(minutes=10)
# Posting an invoice wakes what waits for it; what never gets one is looked at now and then.
WITHOUT_INVOICE = timedelta(days=1)
SWEPT = 100
# What hides the document from people that a machine writes.
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
}


class RetailCreditNote(models.AbstractModel):
    """Credits what a channel gave back, once all it needs is there.

    Level-triggered: it looks at what lies in the database, so it may be called at any time and as
    often as one likes.
    """

    _name = "retail.credit.note"
    _description = "Retail Connector: credit notes"

    # Who calls

    @api.model
    def _make_due(self, orders):
        """Credit what waits of these orders (bindings); after their invoices were posted."""
        bindings = self.env["retail.refund.binding"].sudo()
        domain = [("order_binding_id", "in", orders.ids), ("state", "in", OPEN)]
        self._try(bindings.search(domain, order="id"))

    @api.model
    def _sweep(self):
        """Look again at what waits, every few minutes each."""
        now = fields.Datetime.now()
        domain = [
            ("state", "in", ("waiting", "draft")),
            "|", ("tried_at", "=", False), ("tried_at", "<", now - TRY_AGAIN),
            "|", ("waits_for", "!=", "invoice"), ("tried_at", "<", now - WITHOUT_INVOICE),
        ]  # fmt: skip
        bindings = self.env["retail.refund.binding"].sudo()
        for binding in bindings.search(domain, order="tried_at, id", limit=SWEPT):
            company, user = binding.company_id, binding.backend_id.user_id
            context = {"allowed_company_ids": company.ids}
            own = self.with_user(user).sudo().with_company(company).with_context(**context)
            own._try(binding.with_env(own.env))

    @api.model
    def _try(self, bindings):
        """Bring each refund as far as it can come; what Odoo refuses is shown and tried again."""
        for each in bindings.with_context(**QUIET):
            binding = each.with_company(each.company_id)
            try:
                with self.env.cr.savepoint():
                    self.with_env(binding.env)._advance(binding)
            except (UserError, RedirectWarning) as error:
                self._note_refusal(binding, error)

    def _note_refusal(self, binding, error):
        binding.write(
            {"tried_at": fields.Datetime.now(), "waits_for": "person", "note": str(error)[:500]}
        )
        self._report(binding, self._refused_problem(binding, str(error)))

    # How far it can come

    def _advance(self, binding):
        binding.tried_at = fields.Datetime.now()
        if binding.state == "draft":
            return self._check_again(binding)
        if self._take_over_our_own(binding):
            return None
        if not binding.order_binding_id:
            return self._wait(binding, "order")
        transactions = self.env["retail.refund.transactions"]._of(binding)
        if transactions.pending:
            return self._wait(binding, "transactions")
        plan = self.env["retail.credit.plan"]._plan(binding, transactions)
        binding.write(plan.amounts())
        if plan.waits:
            return self._wait(binding, "invoice")
        return self._carry_out(binding, plan)

    def _wait(self, binding, what):
        binding.write({"state": "waiting", "waits_for": what})
        since = binding.refunded_at or binding.create_date
        if what != "invoice" and since + WAITS_LONG < fields.Datetime.now():
            self._report(binding, self._waiting_problem(binding))

    def _take_over_our_own(self, binding):
        """Tie a refund that is the echo of our own request to its credit note."""
        told = [each.external_id for each in binding._refund().transactions]
        domain = [("backend_id", "=", binding.backend_id.id), ("external_id", "in", told)]
        ours = self.env["retail.refund"].sudo().search(domain)
        move = ours.credit_move_id.filtered(lambda found: found.state == "posted")[:1]
        if not move:
            return False
        amount = sum(ours.mapped("amount"))
        values = {"odoo_id": move.id, "state": "posted", "waits_for": False}
        amounts = {"currency_id": ours.currency_id[:1].id, "amount": amount, "paid_amount": amount}
        binding.write({**values, **amounts, "effect": []})
        self._problems_solved(binding)
        return True

    def _meet_others(self, order):
        """Let two that credit one order at the same time meet: the later one is run again.

        What the other credited is not in our snapshot; writing the same row raises a serialization
        failure, after which it is.
        """
        order.flush_recordset()
        self.env.cr.execute(
            "UPDATE retail_order_binding SET credited_at = now() AT TIME ZONE 'UTC' WHERE id = %s",
            [order.id],
        )
        order.invalidate_recordset(["credited_at"])

    def _carry_out(self, binding, plan):
        if not plan.lines:
            values = {"state": "no_effect", "waits_for": False, "effect": []}
            binding.write(values)
            if plan.is_settled():
                return self._problems_solved(binding)
            return self._report(binding, self._mismatch(binding, plan))
        self._meet_others(binding.order_binding_id)
        move = self.env["account.move"].create(self._move_values(binding, plan))
        binding.write({"odoo_id": move.id, "state": "draft", "effect": plan.effect()})
        binding.waits_for = False
        return self._finish(binding, plan, move)

    def _check_again(self, binding):
        """Post a draft that ties by now; one that a person changed is his."""
        move = binding.odoo_id
        if not move or move.state != "draft":
            return None
        transactions = self.env["retail.refund.transactions"]._of(binding)
        plan = self.env["retail.credit.plan"]._plan(binding, transactions, again=True)
        binding.write(plan.amounts())
        return None if transactions.pending else self._finish(binding, plan, move)

    def _finish(self, binding, plan, move):
        """Post a credit note that ties; leave any other to a person."""
        if not plan.ties(move):
            return self._report(binding, self._mismatch(binding, plan, move), move)
        # Posting notes it on the binding, and ties it to what went back.
        move._post(soft=False)
        return None

    # The document

    def _move_values(self, binding, plan):
        sale, invoices = binding.order_binding_id.odoo_id, plan.invoices()
        invoice = invoices[:1]
        return {
            "move_type": "out_refund",
            "company_id": binding.company_id.id,
            "journal_id": invoice.journal_id.id,
            "partner_id": invoice.partner_id.id,
            "partner_shipping_id": invoice.partner_shipping_id.id,
            "currency_id": invoice.currency_id.id,
            "fiscal_position_id": invoice.fiscal_position_id.id,
            "invoice_date": self._local_day(binding),
            "invoice_payment_term_id": False,
            "invoice_origin": sale.name,
            "invoice_user_id": invoice.invoice_user_id.id,
            "team_id": invoice.team_id.id,
            "ref": self.env._("Refund of %(order)s", order=binding.order_binding_id.name),
            "reversed_entry_id": invoice.id if len(invoices) == 1 else False,
            "invoice_line_ids": [
                *(Command.create(values) for values in plan.line_values()),
                Command.create(self._note_values(binding, plan)),
            ],
        }

    def _note_values(self, binding, plan):
        """Return the line that ties the document to its order where no line takes units back."""
        return {
            "display_type": "line_note",
            "name": binding._refund().note or self.env._("Refund"),
            "sequence": 1000,
            "sale_line_ids": [Command.set(plan.sale_line().ids)],
        }

    @api.model
    def _local_day(self, binding):
        """Return the day of a refund where the company is."""
        moment = binding.refunded_at or fields.Datetime.now()
        return local_day(moment, binding.company_id.partner_id.tz or "UTC")


class RetailInboxSweeper(models.AbstractModel):
    """Sweeps refunds too."""

    _inherit = "retail.inbox.sweeper"

    @api.model
    def _sweep(self):
        """Override: look again at refunds that wait."""
        result = super()._sweep()
        self.env["retail.credit.note"]._sweep()
        return result
