from decimal import Decimal

from odoo import api, fields, models

from odoo.addons.retail_connector_base.canonical import PaymentKind, TransactionState

from ..decisions.payment_state import Core, Fact

# What messages name beside the movement itself, by the field that keeps it.
CLUES = (
    "order_external_id",
    "parent_external_id",
    "authorization",
    "reference",
    "payer_email",
    "gateway",
    "processed_at",
    "expires_at",
)


class RetailPayment(models.Model):
    """What is known of a payment, and of what other payments did to it."""

    _inherit = "retail.payment"

    matched_by = fields.Selection(selection_add=[("parent", "Another Payment of It")])
    has_succeeded = fields.Boolean(
        readonly=True, help="It did what it tried at some time, whatever became of it later."
    )
    has_moved = fields.Boolean(
        string="Money Moved",
        readonly=True,
        help="It succeeded at some time: its money came or went, whatever became of it later.",
    )
    clues = fields.Json(readonly=True, help="The latest word about each thing, and its moment.")
    taken_amount = fields.Monetary(
        readonly=True,
        help="What other payments took of it: of an authorisation what was captured or voided, of "
        "a payment what was refunded.",
    )
    rest_amount = fields.Monetary(
        compute="_compute_rest_amount", string="Left", help="What can still be taken of it."
    )
    look_again_at = fields.Datetime(
        readonly=True,
        help="When its order and its relatives are looked for once more: what was imported at the "
        "same moment could not be seen.",
    )
    ledger_entry_ids = fields.One2many("retail.ledger.entry", "payment_id", readonly=True)
    capture_on = fields.Selection(related="backend_id.capture_on")

    _unmatched_index = models.Index("(company_id, amount) WHERE order_binding_id IS NULL")
    _look_again_index = models.Index("(look_again_at) WHERE look_again_at IS NOT NULL")

    @api.depends("amount", "taken_amount")
    def _compute_rest_amount(self):
        for payment in self:
            payment.rest_amount = max(payment.amount - payment.taken_amount, 0)

    # As decisions see it

    def _decimal(self, amount):
        """Return an amount of this payment as the decimal it stands for."""
        return self._exact(amount, self.currency_id)

    @api.model
    def _exact(self, amount, currency):
        """Return an amount that was stored as the decimal it stands for."""
        return Decimal(f"{amount:.{currency.decimal_places}f}")

    def _fact(self):
        """Return what is known of it."""
        self.ensure_one()
        core = Core(
            kind=PaymentKind(self.kind),
            state=TransactionState(self.state),
            amount=self._decimal(self.amount),
            currency=self.currency_id.name,
            failure=self.failure or None,
            test=self.test,
        )
        moment = (
            int(self.external_version or 0),
            int(self.external_observed_at or 0),
            self.external_hash or "",
        )
        clues = {
            name: ((int(version), int(seen), digest), value)
            for name, (version, seen, digest, value) in (self.clues or {}).items()
        }
        return Fact(core, moment, self.has_succeeded, self.has_moved, clues)

    @api.model
    def _values_of_fact(self, fact):
        """Return what is stored of a fact; currency and gateway are the importer's to find."""
        core, (version, observed_at, digest) = fact.core, fact.moment
        words = {name: value for name, (_moment, value) in fact.clues.items()}
        return {
            "kind": core.kind.value,
            "state": core.state.value,
            "amount": float(core.amount),
            "failure": core.failure,
            "test": core.test,
            "has_succeeded": fact.has_succeeded,
            "has_moved": fact.has_moved,
            "external_version": str(version),
            "external_observed_at": str(observed_at),
            "external_hash": digest,
            # Large numbers as text: not every reader of JSON keeps them exact.
            "clues": {
                name: [str(moment[0]), str(moment[1]), moment[2], value]
                for name, (moment, value) in fact.clues.items()
            },
            **{
                name: words.get(name) for name in CLUES if name not in MOMENTS and name != "gateway"
            },
            **{name: _moment_of(words.get(name)) for name in MOMENTS},
        }


MOMENTS = ("processed_at", "expires_at")


def _moment_of(text):
    return fields.Datetime.to_datetime(text) if text else None
