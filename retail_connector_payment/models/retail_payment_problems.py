from odoo import models

from odoo.addons.retail_connector_base.canonical import PaymentKind
from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.payment_entries import claims_money
from .retail_payment_expiry import EXPIRES

UNKNOWN = "unknown_payment_kind"
CHANGED = "payment_amount_changed"
TOO_MUCH = "refund_above_capture"
FAILED = "payment_failed_after_success"


class RetailPayment(models.Model):
    """What a person must know of payments; solved by itself when it is no longer so."""

    _inherit = "retail.payment"

    def _tell_problems(self):
        """Report what is wrong with these payments, and solve what is not wrong any more."""
        exceptions = self.env["retail.exception"]
        for backend, payments in self.grouped("backend_id").items():
            solved = []
            for payment in payments:
                found = payment._troubles()
                for code in sorted(found):
                    exceptions._report(backend, payment._trouble(code), record=payment)
                solved += [f"{code}|{payment.external_id}" for code in CODES - found]
                if payment.expiry and not payment._is_at_stake():
                    solved.append(f"{EXPIRES}|{payment.external_id}")
            exceptions._solved(backend, solved)

    def _troubles(self):
        """Return the codes of what is wrong with a payment."""
        self.ensure_one()
        kind, amount = PaymentKind(self.kind), self._decimal(self.amount)
        succeeded = self.state == "success"
        told = {
            UNKNOWN: claims_money(kind, succeeded, amount, self.test),
            CHANGED: bool(self._amounts_changed()),
            TOO_MUCH: self.currency_id.compare_amounts(self._excess(), 0) > 0,
            FAILED: self._is_money_lost(),
        }
        return {code for code, holds in told.items() if holds}

    def _excess(self):
        """Return how much more was given back than came.

        The entries of such refunds are noted all the same: the money has really left. A refund
        that names no payment is compared with its order.
        """
        order = self.order_binding_id
        if self.kind in ("capture", "sale") and self.has_moved:
            return self.taken_amount - self.amount
        names_none = self.kind == "refund" and not self.parent_external_id
        if names_none and self.state == "success" and order.captured_amount:
            return order.refunded_amount - order.captured_amount
        return 0.0

    def _is_money_lost(self):
        charge = self.kind in ("capture", "sale")
        return charge and self.has_moved and self.state in ("failure", "error") and not self.test

    # In words

    def _trouble(self, code):
        title, cause, amount = getattr(self, f"_words_{code}")()
        return Problem(
            error_class=ErrorClass.FINANCE,
            code=code,
            subject=self.external_id,
            title=title,
            cause=cause,
            fix="open_record",
            fix_values={"res_model": self._name, "res_id": self.id},
            amount=self._decimal(amount),
            currency=self.currency_id.name,
        )

    def _words_unknown_payment_kind(self):
        return (
            self.env._("It is not known what payment %(payment)s did", payment=self.external_id),
            self.env._(
                "The gateway names a kind of payment that is not known here and says that it "
                "succeeded. Nothing is booked of it. Look it up at the gateway and book it by hand."
            ),
            self.amount,
        )

    def _words_payment_amount_changed(self):
        entry = self._amounts_changed()[:1]
        return (
            self.env._(
                "Payment %(payment)s has another amount than was posted", payment=self.external_id
            ),
            self.env._(
                "%(posted)s %(before)s were posted, and the gateway says %(told)s %(after)s now. "
                "What is posted was not changed. Ask the gateway which is right, and correct the "
                "books by an entry of your own.",
                posted=abs(entry.amount),
                before=entry.currency_id.name,
                told=self.amount,
                after=self.currency_id.name,
            ),
            abs(abs(entry.amount) - self.amount),
        )

    def _words_refund_above_capture(self):
        return (
            self.env._("More was refunded of %(payment)s than came", payment=self.external_id),
            self.env._(
                "%(excess)s %(currency)s too much were given back. The refunds are booked, because "
                "the money has left. Ask the customer for what was too much.",
                excess=f"{self._excess():.{self.currency_id.decimal_places}f}",
                currency=self.currency_id.name,
            ),
            self._excess(),
        )

    def _words_payment_failed_after_success(self):
        return (
            self.env._("Payment %(payment)s failed after it had come", payment=self.external_id),
            self.env._(
                "It was booked when it succeeded, and the gateway says now that it failed "
                "(%(reason)s). Its entry stays until the gateway's payout shows how the money was "
                "taken back. Do not send the goods.",
                reason=self.failure or self.env._("without a reason"),
            ),
            self.amount,
        )


CODES = frozenset({UNKNOWN, CHANGED, TOO_MUCH, FAILED})
