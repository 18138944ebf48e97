from datetime import timedelta

from odoo import api, models

from odoo.addons.retail_connector_base.decisions.outbox import USUAL, RetryPolicy
from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.decisions.receipt import printable
from odoo.addons.retail_connector_base.decisions.retry import decide_retry
from odoo.addons.retail_connector_base.providers import Capability, ErrorClass

LONGEST_OUTAGE = timedelta(days=7)
# A service that is down is asked as often as it takes: what counts is the time.
FEW = 20


def _patiently(error_class, attempts, random, retry_after):
    """Try again as usual, but never give up on an outage by counting."""
    passing = error_class is ErrorClass.TRANSIENT
    tries = min(attempts, FEW) if passing else attempts
    return decide_retry(error_class, tries, random, retry_after)


OUTAGE = RetryPolicy(decide=_patiently, patience=LONGEST_OUTAGE)


class RetailExporterBuyLabel(models.AbstractModel):
    """Labels: bought late rather than not at all, and never twice."""

    _name = "retail.exporter.buy_label"
    _description = "Retail Exporter: labels"
    _inherit = ["retail.exporter"]

    _flow_kind = "parcel"
    _capability = Capability.BUY_LABEL

    @api.model
    def _request(self, command):
        """Return the label that a command is to buy, empty where it was deleted."""
        requests = self.env["retail.label.request"].sudo()
        return requests.search([("name", "=", command._command().reference)], limit=1)

    @api.model
    def _is_wanted(self, command):
        """Override: not for deliveries that were cancelled, nor what was given up."""
        request = self._request(command)
        return request.state == "waiting" and request.picking_id.state != "cancel"

    @api.model
    def _retry_policy(self, command):
        """Override: an order waits for its label while a service is down, whole days if need be.

        What may have been bought is a person's task after a day, as usual.
        """
        return USUAL if command.in_doubt else OUTAGE

    @api.model
    def _on_done(self, command, result):
        """Override: the delivery gets its parcel's number, and the label's document follows."""
        request = self._request(command)
        if request.state != "bought":
            external_id = printable(next(iter(result.external_ids), ""))
            details = {name: printable(value) for name, value in result.details.items()}
            request._note_purchase(external_id, details)

    @api.model
    def _on_cancelled(self, command):
        """Override: nobody will buy it any more."""
        self._request(command).filtered(lambda one: one.state == "waiting").state = "cancelled"

    @api.model
    def _problem(self, command, error_class, text):
        """Override: say which delivery waits, and what a person can do."""
        request = self._request(command)
        order = request.picking_id.sale_id
        return Problem(
            error_class=error_class,
            code="label_not_bought",
            subject=str(request.id or command.idempotency_key),
            title=self.env._(
                "No label for %(delivery)s: %(text)s",
                delivery=request.picking_id.name or command.entity_key,
                text=text,
            ),
            cause=self.env._(
                "The service refused it. Correct the address, the weight or the service of the "
                "delivery: cancel this label and ask for a new one. Or correct the set-up of the "
                "service and retry."
            ),
            fix="retry",
            amount=order and order.amount_total or None,
            currency=order.currency_id.name or None,
        )
