from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models

from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers import ErrorClass

OVERDUE = "payout_overdue"
BANK_STATES = [("in_transit", "In Transit"), ("overdue", "Overdue"), ("deposited", "Deposited")]

# The lines on the transit account that a payout has made: by its own journal entries, or by an
# entry of the ledger where the gateway told no transactions, or took the payout back.
TRANSIT = """
    SELECT payout.id AS payout_id, line.id AS line_id, line.amount_residual_currency AS open
      FROM retail_payout payout
      JOIN retail_gateway gateway ON gateway.id = payout.gateway_id
      JOIN account_move move ON move.retail_payout_id = payout.id AND move.state = 'posted'
      JOIN account_move_line line
        ON line.move_id = move.id AND line.account_id = gateway.transit_account_id
     WHERE payout.id = ANY(%(ids)s)
     UNION
    SELECT payout.id, line.id, line.amount_residual_currency
      FROM retail_payout payout
      JOIN retail_gateway gateway ON gateway.id = payout.gateway_id
      JOIN retail_ledger_entry entry ON entry.payout_id = payout.id
      JOIN account_move_line line
        ON line.id = entry.contra_line_id AND line.account_id = gateway.transit_account_id
       AND line.parent_state = 'posted'
     WHERE payout.id = ANY(%(ids)s)
"""
# Old deposits are not looked at again: who undoes one says so (``retail.bank.match``).
CANDIDATES = """
    SELECT id FROM retail_payout
     WHERE company_id = %(company)s AND NOT coalesce(test, false)
       AND (bank_state IS DISTINCT FROM 'deposited' OR arrival_date > %(today)s::date - 60
            OR gateway_state = 'failed')
       AND (state = 'settled' OR bank_state IS NOT NULL)
"""
STATES_NOW = f"""
    WITH transit AS ({TRANSIT}),
         amounts AS (SELECT payout_id, sum(open) AS open FROM transit GROUP BY payout_id)
    SELECT payout.id, CASE
           WHEN payout.state NOT IN ('settled', 'cancelled') THEN NULL
           WHEN amounts.payout_id IS NULL THEN CASE
                WHEN payout.amount = 0 AND payout.state = 'settled' THEN 'deposited' END
           WHEN amounts.open = 0 THEN CASE
                WHEN payout.gateway_state IN ('failed', 'cancelled') THEN NULL
                ELSE 'deposited' END
           WHEN coalesce(payout.arrival_date, payout.issued_at::date, payout.create_date::date)
                + coalesce(gateway.bank_patience, 0) < %(today)s
           THEN 'overdue' ELSE 'in_transit' END
      FROM retail_payout payout
      JOIN retail_gateway gateway ON gateway.id = payout.gateway_id
      LEFT JOIN amounts ON amounts.payout_id = payout.id
     WHERE payout.id = ANY(%(ids)s)
"""


class RetailPayout(models.Model):
    """A payout on its way to the bank."""

    _inherit = "retail.payout"

    bank_state = fields.Selection(
        BANK_STATES,
        string="Bank",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Whether the bank statement shows it. Empty: it is not in the books yet.",
    )
    bank_checked_at = fields.Datetime(
        readonly=True, copy=False, help="When it was looked for on the bank statements."
    )
    bank_match_ids = fields.Many2many(
        "retail.bank.match",
        relation="retail_bank_match_payout_rel",
        column1="payout_id",
        column2="match_id",
        string="Deposits",
        readonly=True,
        copy=False,
    )

    def _transit_lines(self):
        """Return the posted lines of each payout on the transit account, settled ones included."""
        found = defaultdict(self.env["account.move.line"].browse)
        for payout_id, line_id, _open in self._transit_rows():
            found[payout_id] |= self.env["account.move.line"].browse(line_id)
        return {payout: found[payout.id] for payout in self}

    def _transit_open(self):
        """Return by payout what the bank has yet to show, exactly, in the payout's currency."""
        amounts = defaultdict(Decimal)
        for payout_id, _line_id, text in self._transit_rows():
            amounts[payout_id] += Decimal(text)
        return {payout: amounts[payout.id] for payout in self}

    def _transit_rows(self):
        self._flush_transit()
        sql = f"SELECT payout_id, line_id, open::text FROM ({TRANSIT}) t ORDER BY line_id"
        self.env.cr.execute(sql, {"ids": self.ids})
        return self.env.cr.fetchall()

    def _flush_transit(self):
        for model in ("account.move.line", "account.move", "retail.ledger.entry", "retail.payout"):
            self.env[model].flush_model()

    # How far it is

    @api.model
    def _refresh_bank_states(self, company):
        """Bring the states of a company's payouts up to date; tell of what is overdue."""
        self._flush_transit()
        self.env.cr.execute(CANDIDATES, {"company": company.id, "today": fields.Date.today()})
        self.browse(row[0] for row in self.env.cr.fetchall())._refresh_bank_state()

    def _refresh_bank_state(self):
        """Bring ``bank_state`` up to date; show what has become overdue, and what no longer is."""
        self._flush_transit()
        self.env.cr.execute(STATES_NOW, {"ids": self.ids, "today": fields.Date.today()})
        states = dict(self.env.cr.fetchall())
        changed = self.filtered(lambda payout: (payout.bank_state or None) != states[payout.id])
        former = changed.filtered(_is_overdue)
        for state in set(map(states.get, changed.ids)):
            found = changed.filtered(lambda payout, state=state: states[payout.id] == state)
            found.sudo().write({"bank_state": state, "bank_checked_at": False})
        changed._report_overdue()
        (former - changed.filtered(_is_overdue))._solve_overdue()

    def _report_overdue(self):
        amounts = self._transit_open()
        for payout in self.filtered(_is_overdue):
            problem = payout._overdue_problem(amounts[payout])
            self.env["retail.exception"]._report(payout.backend_id, problem, record=payout)

    def _overdue_problem(self, amount):
        values = {
            "payout": self.reference or self.external_id,
            "gateway": self.gateway_id.name,
            "day": self.arrival_date,
        }
        return Problem(
            error_class=ErrorClass.FINANCE,
            code=OVERDUE,
            subject=self.external_id,
            title=self.env._("Payout %(payout)s has not reached the bank", **values),
            cause=self.env._(
                "%(gateway)s announced it for %(day)s. Import the newest bank statement. If it is "
                "there under another amount, match it by hand; if not, ask the gateway.",
                **values,
            ),
            fix="open_record",
            amount=abs(amount),
            currency=self.currency_id.name,
        )

    def _solve_overdue(self):
        for backend in self.backend_id:
            mine = self.filtered(lambda payout, backend=backend: payout.backend_id == backend)
            problems = [f"{OVERDUE}|{payout.external_id}" for payout in mine]
            self.env["retail.exception"]._solved(backend, problems)


def _is_overdue(payout):
    return payout.bank_state == "overdue"
