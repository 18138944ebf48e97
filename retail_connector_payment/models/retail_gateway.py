from odoo import fields, models

from ..decisions.ledger import Role

ROLE_FIELDS = {
    Role.CLEARING: "clearing_account_id",
    Role.UNMATCHED: "unmatched_account_id",
    Role.FEE: "fee_account_id",
    Role.FEE_TAX: "fee_tax_account_id",
    Role.DISPUTE: "dispute_account_id",
    Role.DISPUTE_FEE: "dispute_fee_account_id",
    Role.LOSS: "loss_account_id",
    Role.RESERVE: "reserve_account_id",
    Role.ADJUSTMENT: "adjustment_account_id",
    Role.LABEL: "label_account_id",
    Role.DUTY: "duty_account_id",
    Role.TRANSIT: "transit_account_id",
    Role.EXCHANGE_GAIN: "exchange_gain_account_id",
    Role.EXCHANGE_LOSS: "exchange_loss_account_id",
}
# Lines on them are reconciled one by one.
RECONCILED = frozenset({Role.CLEARING, Role.UNMATCHED, Role.DISPUTE, Role.TRANSIT})


def _account(label, help_text):
    return fields.Many2one(
        "account.account", string=label, check_company=True, ondelete="restrict", help=help_text
    )


class RetailGateway(models.Model):
    """The journal and the accounts of a gateway. One journal each: postings do not wait."""

    _inherit = "retail.gateway"

    journal_id = fields.Many2one(
        "account.journal",
        check_company=True,
        ondelete="restrict",
        domain=[("type", "=", "general")],
        help="Its entries are written by this gateway alone.",
    )
    clearing_account_id = _account(
        "Clearing", "What the gateway holds for us: its balance is what is not yet settled."
    )
    unmatched_account_id = _account("Unmatched Payments", "Payments whose order is not known yet.")
    fee_account_id = _account("Fees", "What the gateway keeps for its service.")
    fee_tax_account_id = _account("Input Tax on Fees", "The tax within the gateway's fees.")
    dispute_account_id = _account("Disputes", "Money that a customer's bank took back for now.")
    dispute_fee_account_id = _account("Dispute Fees", "What a dispute costs.")
    loss_account_id = _account("Chargeback Losses", "Disputes that were lost.")
    reserve_account_id = _account("Reserve", "What the gateway holds back as a security.")
    adjustment_account_id = _account(
        "Adjustments", "What the gateway corrects. Empty: each kind must be mapped to an account."
    )
    label_account_id = _account("Shipping Labels", "Labels that were paid from the balance.")
    duty_account_id = _account("Duties", "Duties that were paid from the balance.")
    transit_account_id = _account("Bank in Transit", "Payouts that the bank has not shown yet.")
    exchange_gain_account_id = _account(
        "Exchange Gains", "What a payout in another currency brought more than was booked."
    )
    exchange_loss_account_id = _account(
        "Exchange Losses", "What a payout in another currency brought less than was booked."
    )

    ledger_entry_ids = fields.One2many("retail.ledger.entry", "gateway_id", readonly=True)
    payout_ids = fields.One2many("retail.payout", "gateway_id", readonly=True)

    _journal_unique = models.UniqueIndex("(journal_id)", "A journal belongs to one gateway.")

    def _is_booked(self):
        """Tell whether journal entries are made of what this gateway reports."""
        return self.booking == "here"

    def _role_account(self, role):
        """Return the account of a role, empty where none is set."""
        self.ensure_one()
        return self[ROLE_FIELDS[role]]
