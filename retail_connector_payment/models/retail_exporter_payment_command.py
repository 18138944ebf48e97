from odoo import api, models

from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from .retail_refund_exception import IN_DOUBT

# What an administrator mends.
SET_UP = (ErrorClass.AUTHENTICATION, ErrorClass.CONFIGURATION)


class RetailExporterPaymentCommand(models.AbstractModel):
    """What all commands to a gateway have in common. Their effect is told by its own reports."""

    _name = "retail.exporter.payment_command"
    _description = "Retail Exporter: payment commands"
    _inherit = ["retail.exporter"]

    _flow_kind = "payment_command"

    @api.model
    def _payment(self, command):
        """Return the payment that a command is about, empty where it is not known here."""
        wanted = command._command().payment_external_id
        payments = self.env["retail.payment"].sudo()
        return payments._by_external_id(command.backend_id, [wanted]).get(wanted, payments)

    @api.model
    def _known_ids(self, command):
        """Override: what the gateway reported before the command was put is not its effect.

        What it reported since may be: a report can be faster than the answer.
        """
        wanted = command._command().payment_external_id
        before = self.env["retail.payment"].search(
            [
                ("backend_id", "=", command.backend_id.id),
                ("parent_external_id", "=", wanted),
                ("create_date", "<", command.create_date),
            ]
        )
        return super()._known_ids(command) | set(before.mapped("external_id"))

    @api.model
    def _problem(self, command, error_class, text):
        """Override: what is not done is about money, with the amount."""
        if error_class in SET_UP:
            return super()._problem(command, error_class, text)
        return self._money_problem(
            command,
            f"{command.kind}_refused",
            self.env._("%(what)s did not come through", what=self._words(command)),
            self.env._(
                "It says: %(text)s Nothing was moved. Correct the cause and retry, or cancel the "
                "command.",
                text=text,
            ),
        )

    @api.model
    def _doubt(self, command, text):
        """Return what a person is told of a command that may have had its effect."""
        return self._money_problem(
            command,
            IN_DOUBT,
            self.env._("Nobody knows whether %(what)s arrived", what=self._words(command)),
            self.env._(
                "Asking the gateway did not help: %(text)s Retry asks once more. Look it up in the "
                "gateway's own pages: if it did not arrive, open the command and send it; if it "
                "did, cancel it, and its report settles the rest.",
                text=text,
            ),
        )

    def _words(self, command):
        kind = dict(command._selection_kind()).get(command.kind, command.kind)
        return f"“{kind}” ({command._command().payment_external_id})"

    def _money_problem(self, command, code, title, cause):
        money = getattr(command._command(), "amount", None)
        return Problem(
            error_class=ErrorClass.FINANCE,
            code=code,
            subject=command.idempotency_key,
            title=title,
            cause=cause,
            fix="retry",
            amount=money and money.amount,
            currency=money and money.currency,
        )
