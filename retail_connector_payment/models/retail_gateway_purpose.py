from odoo import api, fields, models

from .retail_gateway import ROLE_FIELDS

PURPOSES = [
    ("clearing", "Money to Be Paid Out"),
    ("gift_card", "Gift Card or Store Credit"),
]
# What decides whether and how its entries are posted.
POSTED_BY = {"booking", "journal_id", "purpose", *ROLE_FIELDS.values()}
PATIENCE = 60


class RetailGateway(models.Model):
    """What a gateway stands for, and how long its payments wait for their order.

    The clearing account of a gift card's gateway is the liability towards the cards' owners: what
    is paid with a card takes from it, a refund to a card adds to it, and no payout settles it.
    """

    _inherit = "retail.gateway"

    purpose = fields.Selection(
        PURPOSES,
        required=True,
        default="clearing",
        help="Gift cards: the clearing account is the liability; no payout ever settles it.",
    )
    match_patience = fields.Integer(
        string="Wait for Orders",
        default=PATIENCE,
        help="Seconds for which a payment waits for its order before it is posted as unmatched.",
    )

    @api.model
    def _new_row(self, backend, code, name):
        """Override: the columns of this addon."""
        row = super()._new_row(backend, code, name)
        return {**row, "purpose": "clearing", "match_patience": PATIENCE}

    def _is_settled_by_payouts(self):
        """Tell whether payouts settle what happens here, so that invariant I4 holds."""
        self.ensure_one()
        return self.purpose == "clearing"

    def write(self, vals):
        """Override: what waits for the set-up goes on with it."""
        result = super().write(vals)
        if POSTED_BY & vals.keys():
            self._go_on()
        return result

    def _go_on(self):
        """Try now what could not be posted, and forget problems that are gone."""
        entries = self.env["retail.ledger.entry"].sudo()
        domain = [("gateway_id", "in", self.ids), ("next_attempt_at", "!=", False)]
        entries.search(domain)._try_now()
        for gateway in self.sudo():
            self.env["retail.ledger.poster"]._solve_troubles(gateway)
            if gateway._is_booked():
                self.env["retail.ledger"]._wake_after_commit(gateway.id)
