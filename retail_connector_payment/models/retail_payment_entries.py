from datetime import timedelta, timezone

from odoo import fields, models

from odoo.addons.retail_connector_base.canonical import BalanceCategory
from odoo.addons.retail_connector_base.canonical.base import EPOCH

from ..decisions.payment_entries import wanted_entries

# Gateways whose payments make entries; those that are not set up yet keep them waiting.
NOTED = ("unset", "here")
NOTED_AT_ONCE = 1000


class RetailPayment(models.Model):
    """What payments did to their gateways' balances."""

    _inherit = "retail.payment"

    def _note_entries(self):
        """Note the entries that these payments want and that are not noted yet.

        An entry that is not posted follows its payment's amount; a posted one is not touched (see
        ``_amounts_changed``). What an entry was noted for stays: money that came, came.
        """
        noted = self.filtered(lambda payment: payment.gateway_id.booking in NOTED)
        wanted = {payment: payment._wanted_entries() for payment in noted}
        noted._correct_unposted(wanted)
        rows = [
            payment._entry_row(category, amount)
            for payment, entries in wanted.items()
            for category, amount in entries.items()
        ]
        made = self.env["retail.ledger.entry"]._note(rows)
        self.invalidate_recordset(["ledger_entry_ids"], flush=False)
        return made

    def _note_moved(self):
        """Note what a payout lists although no message said that it had succeeded (a refund whose
        failure came first, or that is pending): the gateway's own account shows that money moved.
        """
        self.filtered(lambda payment: not payment.has_moved).write({"has_moved": True})
        return self._note_entries()

    def _wanted_entries(self):
        """Return signed amounts by category."""
        self.ensure_one()
        fact = self._fact()
        return wanted_entries(
            fact.core.kind, fact.has_moved, fact.has_failed, fact.core.amount, fact.core.test
        )

    def _entry_row(self, category, amount):
        """Return an entry of this payment. A refund that failed came back when that was told."""
        self.ensure_one()
        told_at = self._told_at()
        came_back = category is BalanceCategory.REFUND_FAILURE
        return {
            "gateway_id": self.gateway_id.id,
            "backend_id": self.backend_id.id,
            "company_id": self.company_id.id,
            "category": category.value,
            "external_id": self.external_id,
            "currency_id": self.currency_id.id,
            "amount": float(amount),
            "occurred_at": told_at if came_back else self.processed_at or told_at,
            "payment_id": self.id,
            "order_binding_id": self.order_binding_id.id or None,
            "correlation_id": self.correlation_id or None,
        }

    def _told_at(self):
        """Return when its state was told; now, where nobody said."""
        version = int(self.external_version or 0)
        if not version:
            return fields.Datetime.now()
        moment = EPOCH + timedelta(microseconds=version)
        return moment.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0)

    def _correct_unposted(self, wanted):
        for payment, entries in wanted.items():
            for entry in payment.ledger_entry_ids.filtered(lambda e: e.state == "to_post"):
                amount = entries.get(BalanceCategory(entry.category))
                if amount is not None and payment._differs(entry, amount):
                    entry.write({"amount": float(amount), "currency_id": payment.currency_id.id})

    def _amounts_changed(self):
        """Return the posted entries that are not what their payment says now."""
        wanted = self._wanted_entries()
        return self.ledger_entry_ids.filtered(
            lambda entry: (
                entry.state != "to_post"
                and BalanceCategory(entry.category) in wanted
                and self._differs(entry, wanted[BalanceCategory(entry.category)])
            )
        )

    def _differs(self, entry, amount):
        return (
            entry.currency_id != self.currency_id
            or self.currency_id.compare_amounts(entry.amount, float(amount)) != 0
        )


class RetailGateway(models.Model):
    """Gateways that are booked later than their payments were reported."""

    _inherit = "retail.gateway"

    def _note_missed(self):
        """Override: note the payments that made no entry while the gateway was not booked here."""
        result = super()._note_missed()
        payments = self.env["retail.payment"].sudo()
        domain = [
            ("gateway_id", "in", self.ids),
            ("has_moved", "=", True),
            ("test", "=", False),
            ("ledger_entry_ids", "=", False),
        ]
        while missed := payments.search(domain, limit=NOTED_AT_ONCE, order="id"):
            if not missed._note_entries():
                break  # none of them wants one (an amount of zero)
        return result
