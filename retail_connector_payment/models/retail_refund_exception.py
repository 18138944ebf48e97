from decimal import Decimal

from odoo import api, fields, models

from odoo.addons.retail_connector_base.canonical.command import PaymentCommand
from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from .retail_credit_problem import CODES
from .retail_refund_binding import OPEN

FAILED = "refund_failed"
IN_DOUBT = "payment_outcome_unknown"
OVER = ("done", "cancelled")

# Commands carry no amount in base: what waits for an exception is added to what messages risk.
REFRESH = """
    UPDATE retail_exception exception SET amount_at_risk = found.amount
      FROM (SELECT exception_id, sum(amount_at_risk) AS amount
              FROM retail_outbox_command
             WHERE exception_id = ANY(%s) AND state NOT IN ('done', 'cancelled')
               AND amount_at_risk > 0
             GROUP BY exception_id) found
     WHERE exception.id = found.exception_id
       AND exception.amount_at_risk IS DISTINCT FROM found.amount
"""


class RetailOutboxCommand(models.Model):
    """Commands about money say how much of it they move."""

    _inherit = "retail.outbox.command"

    amount_at_risk = fields.Float(
        readonly=True, digits=0, help="What it moves, in the company's currency."
    )

    def _values(self, backend, command, key, record):
        """Override: note what a payment command moves."""
        values = super()._values(backend, command, key, record)
        return {**values, "amount_at_risk": self._amount_moved(backend, command)}

    def _amount_moved(self, backend, command):
        money = getattr(command, "amount", None)
        if not isinstance(command, PaymentCommand) or money is None:
            return 0.0
        rates = self.env["retail.exception"]._rates(backend, {money.currency})
        return float(money.amount) * rates.get(money.currency, 1.0)


class RetailOutboxFailure(models.AbstractModel):
    """Payment commands whose outcome nobody knows are an accountant's."""

    _inherit = "retail.outbox.failure"

    def _problem_of(self, command, error_class, text):
        """Override: the outcome of a payment command is a matter of money."""
        exporter = command._exporter(command.kind)
        if command.in_doubt and exporter._flow_kind == "payment_command":
            return exporter._doubt(command, text)
        return super()._problem_of(command, error_class, text)


class RetailException(models.Model):
    """What commands about money put at risk, and how a refund that failed is mended."""

    _inherit = "retail.exception"

    def _refresh(self, sweep=False):
        """Override: add what commands move."""
        result = super()._refresh(sweep)
        if self:
            self.env["retail.outbox.command"].flush_model(["amount_at_risk"])
            self.env.cr.execute(REFRESH, [self.ids])
            self.invalidate_recordset(["amount_at_risk"], flush=False)
        return result

    @api.model
    def _fix_labels(self):
        """Override: add what can be done about a refund."""
        return {
            **super()._fix_labels(),
            "request_again": self.env._("Try Again or Another Way"),
            "give_money_back": self.env._("Give Money Back"),
        }

    def _retry(self, user):
        """Override: channel refunds wait for no message. Those that come through close theirs."""
        ours = self.filtered(lambda exception: exception.code in CODES)
        bindings = self.env["retail.refund.binding"].sudo()
        for exception in ours:
            bindings |= exception._refund_bindings()
        self.env["retail.credit.note"].sudo()._try(bindings)
        return super(RetailException, self - ours)._retry(user)

    def _refund_bindings(self):
        """Return the channel refunds that an exception is about."""
        self.ensure_one()
        bindings = self.env["retail.refund.binding"].sudo()
        name = self.fingerprint.partition("|")[2]
        found = bindings._by_external_id(self.backend_id, [name]).get(name, bindings)
        return found.filtered(lambda binding: binding.state in OPEN)

    def _fix_request_again(self):
        """Open the refund that failed: there it is asked for again, or left."""
        return self._fix_open_record()

    def _fix_give_money_back(self):
        """Ask how much of which payment goes back."""
        record = self.env[self.res_model].browse(self.res_id).exists()
        return self.env["retail.refund.wizard"]._open_for(record)


class RetailRefund(models.Model):
    """Refunds that failed after the gateway had taken them."""

    _inherit = "retail.refund"

    def _fingerprint(self):
        return f"{FAILED}|{self.id}"

    def _report_failure(self):
        problem = Problem(
            error_class=ErrorClass.FINANCE,
            code=FAILED,
            subject=str(self.id),
            title=self.env._("%(name)s failed: the customer did not get it", name=self.name),
            cause=self.env._(
                "The gateway says: %(text)s The ledger takes the refund back by itself. Ask for it "
                "again, or give the money back another way and book it by hand.",
                text=self.failure or "–",
            ),
            fix="request_again",
            fix_values={"res_model": self._name, "res_id": self.id},
            amount=Decimal(str(self.amount)),
            currency=self.currency_id.name,
        )
        self.env["retail.exception"]._report(self.backend_id, problem, record=self)

    def _solved(self):
        """Close the exceptions of refunds that came through, are over, or asked for anew."""
        for refund in self:
            keys = [refund._fingerprint()]
            self.env["retail.exception"]._solved(refund.backend_id, keys)
