from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..decisions.bank_match import How

HOW = [
    (How.REFERENCE.value, "Its Name Is in the Text"),
    (How.AMOUNT.value, "The Same Amount"),
    (How.SUM.value, "The Sum of a Day"),
    (How.NEARLY.value, "Nearly the Same Amount"),
    ("person", "A Person"),
]
STATES = [("suggested", "Suggested"), ("matched", "Matched"), ("refused", "Refused")]
# What an accountant writes of a suggestion; all else is the connector's.
BY_PERSON = frozenset({"statement_line_id", "payout_ids", "difference_account_id"})


class RetailBankMatch(models.Model):
    """A movement on the bank account and the payouts that it is, or may be.

    What is certain is matched by the company's lane (``retail.bank.matcher``); an accountant
    decides about suggestions. A refused pair stays, so that it is not matched again by itself.
    """

    _name = "retail.bank.match"
    _description = "Deposit of Payouts"
    _inherit = ["retail.notice.mixin"]
    _order = "state desc, bank_date desc, id desc"
    _rec_name = "bank_text"
    _check_company_auto = True

    statement_line_id = fields.Many2one(
        "account.bank.statement.line",
        string="Bank Line",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    payout_ids = fields.Many2many(
        "retail.payout",
        relation="retail_bank_match_payout_rel",
        column1="match_id",
        column2="payout_id",
        string="Payouts",
        check_company=True,
    )
    payout_key = fields.Char(compute="_compute_payouts", store=True, help="Its payouts' numbers.")
    gateway_id = fields.Many2one(
        "retail.gateway", compute="_compute_payouts", store=True, index="btree_not_null"
    )
    backend_id = fields.Many2one(related="gateway_id.backend_id", store=True)
    company_id = fields.Many2one(related="statement_line_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_payouts", store=True, help="Of the payouts."
    )
    state = fields.Selection(
        STATES, required=True, default="suggested", readonly=True, index=True, copy=False
    )
    how = fields.Selection(HOW, string="Found by", required=True, default="person", readonly=True)
    expected_amount = fields.Monetary(
        compute="_compute_amounts", store=True, help="What the payouts still have in transit."
    )
    difference = fields.Monetary(
        compute="_compute_amounts", store=True, help="The bank's amount less the payouts'."
    )
    is_comparable = fields.Boolean(
        compute="_compute_amounts", store=True, help="The bank shows the payouts' currency."
    )
    difference_account_id = fields.Many2one(
        "account.account",
        check_company=True,
        help="Where the difference belongs, e.g. to the charges of the bank.",
    )
    bank_date = fields.Date(related="statement_line_id.move_id.date", store=True, string="Day")
    bank_text = fields.Char(related="statement_line_id.payment_ref", string="Text")
    bank_reference = fields.Char(related="statement_line_id.move_id.ref", string="Reference")
    bank_partner = fields.Char(related="statement_line_id.partner_name", string="Counterparty")
    bank_currency_id = fields.Many2one(related="statement_line_id.currency_id")
    bank_amount = fields.Monetary(
        related="statement_line_id.amount", currency_field="bank_currency_id", string="At the Bank"
    )
    problem = fields.Char(readonly=True, help="Why it could not be matched.")
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_at = fields.Datetime(readonly=True)

    _pair_unique = models.UniqueIndex(
        "(statement_line_id, payout_key)", "A bank line and its payouts are matched once."
    )

    @api.depends("payout_ids")
    def _compute_payouts(self):
        for match in self:
            payouts = match.payout_ids.sorted("id")
            match.payout_key = ",".join(map(str, payouts.ids))
            match.gateway_id = payouts[:1].gateway_id
            match.currency_id = payouts[:1].currency_id

    @api.depends("payout_ids", "statement_line_id.amount", "statement_line_id.amount_currency")
    def _compute_amounts(self):
        for match in self:
            if match.state == "matched":
                # What was matched stays as it was decided.
                match.expected_amount, match.difference, match.is_comparable = (
                    match.expected_amount,
                    match.difference,
                    match.is_comparable,
                )
                continue
            match.update(match._amounts())

    def _amounts(self):
        payouts = self.sudo().payout_ids._origin
        expected = float(sum(payouts._transit_open().values()))
        currencies = payouts.currency_id
        shown = self.statement_line_id._shown_in(currencies) if len(currencies) == 1 else None
        return {
            "expected_amount": expected,
            "difference": 0.0 if shown is None else currencies.round(shown - expected),
            "is_comparable": shown is not None,
        }

    # What people write

    @api.model_create_multi
    def create(self, vals_list):
        """Override: people suggest matches; the connector alone says how one was found."""
        if not self.env.su:
            for vals in vals_list:
                self._check_by_person(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Override: of a suggestion people choose the payouts and the account; else nothing."""
        if not self.env.su:
            self._check_by_person(vals)
            if any(match.state != "suggested" for match in self):
                raise UserError(self.env._("Only a suggestion can be changed. Undo the match."))
        return super().write(vals)

    def _check_by_person(self, vals):
        if names := set(vals) - BY_PERSON:
            raise AccessError(
                self.env._(
                    "%(names)s: only the connector writes this.", names=", ".join(sorted(names))
                )
            )

    def _check_accountant(self):
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group("retail_connector_base.group_accountant")):
            raise AccessError(self.env._("Only an accountant decides about bank deposits."))

    # Decisions

    def action_match(self):
        """Match: post the deposit against the payouts in transit."""
        self._check_accountant()
        for match in self:
            if match.state == "matched":
                raise UserError(
                    self.env._("“%(text)s” is matched already.", text=match.display_name)
                )
            match.sudo()._match(self.env.user)
        return True

    def action_refuse(self):
        """Say that it is not so. The pair is not suggested again."""
        self._check_accountant()
        if self.filtered(lambda match: match.state == "matched"):
            raise UserError(self.env._("It is matched. Undo it instead."))
        self.sudo()._decide("refused", self.env.user)
        self._log("bank.refused")
        return True

    def action_undo(self):
        """Take the deposit back: the bank line is open again, and the payout in transit."""
        self._check_accountant()
        if self.filtered(lambda match: match.state != "matched"):
            raise UserError(self.env._("Only what is matched can be undone."))
        for match in self:
            match.sudo().statement_line_id.action_undo_reconciliation()
        self.sudo()._decide("refused", self.env.user)
        self._log("bank.undone")
        return True

    def action_open_statement_line(self):
        """Open the journal entry of the bank line."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.sudo().statement_line_id.move_id.id,
            "view_mode": "form",
        }

    # Doing

    def _match(self, user=None):
        """Post one match; ``user`` decided about it, nobody where it is certain."""
        self.ensure_one()
        if not self.payout_ids:
            raise UserError(self.env._("Choose the payouts."))
        if self.difference and not self.difference_account_id:
            raise UserError(
                self.env._(
                    "The bank shows %(difference)s more than the payouts. Choose the account of "
                    "the difference, then match.",
                    difference=self.currency_id.format(self.difference),
                )
            )
        line = self.statement_line_id.with_company(self.company_id)
        line._deposit(self.payout_ids.sorted("id"), self.difference_account_id)
        self._decide("matched", user)
        self._drop_rivals()
        self.payout_ids._refresh_bank_state()
        if user:
            self.with_user(user)._log("bank.matched")

    def _decide(self, state, user=None):
        self.write(
            {
                "state": state,
                "problem": False,
                "decided_by_id": user.id if user else False,
                "decided_at": fields.Datetime.now(),
            }
        )
        self._solve_problem()

    def _drop_rivals(self):
        """Forget the other suggestions for the same line and payouts."""
        rivals = self.search(
            [
                ("state", "=", "suggested"),
                ("id", "not in", self.ids),
                "|",
                ("statement_line_id", "in", self.statement_line_id.ids),
                ("payout_ids", "in", self.payout_ids.ids),
            ]
        )
        rivals._solve_problem()
        rivals.unlink()

    def _undone(self):
        """Note that the bank line was opened again, by whatever button."""
        if self:
            self.write({"state": "refused", "decided_at": fields.Datetime.now()})
            self.payout_ids._refresh_bank_state()

    def _log(self, action):
        for match in self:
            payouts = match.sudo().payout_ids.mapped("external_id")
            detail = {"payouts": payouts, "amount": match.sudo().bank_amount}
            self.env["retail.audit"]._log(action, match, detail=detail)
