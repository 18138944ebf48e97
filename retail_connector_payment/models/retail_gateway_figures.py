import json
from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models

from ..decisions.gateway_figures import by_age, figures

# What each query answers: gateway, currency, sum. Clearing accounts are summed over all their
# lines, whoever wrote them: that is what invariant I4 is checked against.
SUMS = {
    "clearing": """
        SELECT gateway.id, line.currency_id, sum(line.amount_currency)::text
          FROM retail_gateway gateway
          JOIN account_move_line line ON line.account_id = gateway.clearing_account_id
         WHERE gateway.id = ANY(%s) AND line.parent_state = 'posted'
         GROUP BY 1, 2
    """,
    "unsettled": """
        SELECT gateway_id, currency_id, sum(amount)::text FROM retail_ledger_entry
         WHERE gateway_id = ANY(%s) AND state = 'posted' GROUP BY 1, 2
    """,
    "to_post": """
        SELECT gateway_id, currency_id, sum(amount)::text FROM retail_ledger_entry
         WHERE gateway_id = ANY(%s) AND state = 'to_post' GROUP BY 1, 2
    """,
    "in_transit": """
        SELECT gateway.id, line.currency_id, sum(line.amount_residual_currency)::text
          FROM retail_gateway gateway
          JOIN account_move_line line ON line.account_id = gateway.transit_account_id
           AND line.journal_id = gateway.journal_id
         WHERE gateway.id = ANY(%s) AND line.parent_state = 'posted'
           AND NOT coalesce(line.reconciled, false)
         GROUP BY 1, 2
    """,
    "available": """
        SELECT gateway_id, currency_id, sum(available)::text FROM retail_gateway_balance
         WHERE gateway_id = ANY(%s) GROUP BY 1, 2
    """,
    "pending": """
        SELECT gateway_id, currency_id, sum(pending)::text FROM retail_gateway_balance
         WHERE gateway_id = ANY(%s) GROUP BY 1, 2
    """,
}
COUNTS = """
    SELECT gateway_id, count(*) FILTER (WHERE state = 'to_post'),
           count(*) FILTER (WHERE state = 'posted')
      FROM retail_ledger_entry
     WHERE gateway_id = ANY(%s) AND state IN ('to_post', 'posted') GROUP BY 1
"""
PARKED = """
    SELECT gateway_id, count(*) FROM retail_payout
     WHERE gateway_id = ANY(%s) AND state = 'parked' GROUP BY 1
"""
AGES = """
    SELECT entry.gateway_id, (now() AT TIME ZONE 'UTC')::date - entry.occurred_at::date,
           sum(line.balance)::text
      FROM retail_ledger_entry entry JOIN account_move_line line ON line.id = entry.clearing_line_id
     WHERE entry.gateway_id = ANY(%s) AND entry.state = 'posted' GROUP BY 1, 2
"""
# An exception belongs to the gateway of what it is about; about nothing, to the backend's only one.
EXCEPTIONS = """
    SELECT * FROM (
        SELECT coalesce(
                   CASE WHEN problem.res_model = 'retail.gateway' THEN problem.res_id END,
                   payment.gateway_id, entry.gateway_id, payout.gateway_id, dispute.gateway_id,
                   (SELECT min(id) FROM retail_gateway own WHERE own.backend_id = problem.backend_id
                    HAVING count(*) = 1 AND problem.error_class IN ('finance', 'mapping'))
               ) AS gateway_id, problem.id, problem.amount_at_risk
          FROM retail_exception problem
          LEFT JOIN retail_payment payment
            ON problem.res_model = 'retail.payment' AND payment.id = problem.res_id
          LEFT JOIN retail_ledger_entry entry
            ON problem.res_model = 'retail.ledger.entry' AND entry.id = problem.res_id
          LEFT JOIN retail_payout payout
            ON problem.res_model = 'retail.payout' AND payout.id = problem.res_id
          LEFT JOIN retail_dispute dispute
            ON problem.res_model = 'retail.dispute' AND dispute.id = problem.res_id
         WHERE problem.state = 'open'
           AND problem.backend_id IN (SELECT backend_id FROM retail_gateway WHERE id = ANY(%s))
    ) found WHERE gateway_id IS NOT NULL
"""
# Who tells of money of these is told without the rights of Odoo's accounting.
READ = {
    "retail.ledger.entry": ["gateway_id", "currency_id", "amount", "state", "clearing_line_id"],
    "retail.payout": ["gateway_id", "state"],
    "retail.exception": ["state", "res_model", "res_id", "amount_at_risk"],
    "retail.gateway": ["clearing_account_id", "transit_account_id", "journal_id"],
    "retail.gateway.balance": ["available", "pending"],
    "account.move.line": ["account_id", "balance", "amount_currency", "parent_state", "reconciled"],
}


def _money(label, **options):
    return fields.Monetary(string=label, compute="_compute_figures", compute_sudo=True, **options)


def _count(label):
    return fields.Integer(string=label, compute="_compute_figures", compute_sudo=True)


class RetailGateway(models.Model):
    """A gateway's money, as its page shows it. Totals are in the company's currency, of today."""

    _inherit = "retail.gateway"

    currency_id = fields.Many2one(related="company_id.currency_id")
    held_balance = _money("At the Gateway", help="By its own word, net of the fees it will keep.")
    clearing_balance = _money("Clearing Account", help="What the books say it holds, before fees.")
    unsettled_balance = _money("Unsettled", help="Posted, and in no payout yet.")
    to_post_balance = _money("Waiting to Be Posted")
    in_transit_balance = _money("In Transit to the Bank")
    amount_at_risk = _money("At Risk")
    unsettled_count = _count("Unsettled Entries")
    to_post_count = _count("Entries to Post")
    parked_count = _count("Parked Payouts")
    exception_count = _count("Open Exceptions")
    difference_text = fields.Char(
        compute="_compute_figures",
        compute_sudo=True,
        string="Differs",
        help="By how much the clearing account differs from the unsettled entries: never.",
    )
    figures = fields.Json(
        compute="_compute_figures", compute_sudo=True, string="By Currency", help="Exact amounts."
    )
    age_graph = fields.Text(
        compute="_compute_figures", compute_sudo=True, string="Unsettled by Age"
    )

    def _compute_figures(self):
        self._flush_figures()
        sums = {kind: self._sums(query) for kind, query in SUMS.items()}
        counts = {row[0]: row[1:] for row in self._rows_of(COUNTS)}
        parked = dict(self._rows_of(PARKED))
        ages = defaultdict(list)
        for gateway_id, days, amount in self._rows_of(AGES):
            ages[gateway_id].append((days, Decimal(amount)))
        problems = self._open_exceptions()
        for gateway in self:
            key = gateway.id
            gateway._set_money({kind: found.get(key, {}) for kind, found in sums.items()})
            gateway.to_post_count, gateway.unsettled_count = counts.get(key, (0, 0))
            gateway.parked_count = parked.get(key, 0)
            gateway.exception_count = len(problems[key])
            gateway.amount_at_risk = sum(amount for _id, amount in problems[key])
            gateway.age_graph = gateway._age_graph(by_age(ages[key]))

    def _flush_figures(self):
        for name, names in READ.items():
            self.env[name].flush_model(names)

    def _rows_of(self, query):
        self.env.cr.execute(query, [self.ids])
        return self.env.cr.fetchall()

    def _sums(self, query):
        """Return what a query sums up, by gateway and by the currency's name."""
        names = {}
        found = defaultdict(dict)
        for gateway_id, currency_id, amount in self._rows_of(query):
            currency = self.env["res.currency"].browse(currency_id)
            name = names.setdefault(currency_id, currency.name)
            found[gateway_id][name] = Decimal(amount)
        return found

    def _open_exceptions(self):
        """Return (id, amount at risk) of the open exceptions by gateway."""
        found = defaultdict(list)
        for gateway_id, exception_id, amount in self._rows_of(EXCEPTIONS):
            found[gateway_id].append((exception_id, amount or 0.0))
        return found

    def _set_money(self, sums):
        known, tied = figures(sums), self._is_tied()
        untied = {} if tied else {"difference": None}
        self.figures = [{**each.as_json(), **untied} for each in known]
        differs = [each for each in known if tied and each.difference]
        self.difference_text = ", ".join(
            f"{each.currency} {each.difference:,f}" for each in differs
        )
        for kind in ("clearing", "unsettled", "to_post", "in_transit"):
            amounts = {each.currency: getattr(each, kind) for each in known}
            self[f"{kind}_balance"] = self._in_company_currency(amounts)
        self.held_balance = self._in_company_currency(
            {each.currency: each.held or Decimal(0) for each in known}
        )

    def _is_tied(self):
        """Tell whether the clearing account has to equal the unsettled entries (I4)."""
        return self._is_booked() and self._is_settled_by_payouts()

    def _in_company_currency(self, amounts):
        company, own = self.company_id, self.company_id.currency_id
        total, today = 0.0, fields.Date.context_today(self)
        for name, amount in amounts.items():
            currency = self.env["res.currency"].search(
                [("name", "=", name), ("active", "in", (True, False))], limit=1
            )
            total += currency._convert(float(amount), own, company, today)
        return total

    @api.model
    def _age_labels(self):
        return (
            self.env._("0–2 days"),
            self.env._("3–7"),
            self.env._("8–30"),
            self.env._("Older"),
        )

    def _age_graph(self, sums):
        values = [
            {
                "label": label,
                "value": float(amount),
                "type": "past" if at == len(sums) - 1 else "future",
            }
            for at, (label, amount) in enumerate(zip(self._age_labels(), sums, strict=True))
        ]
        return json.dumps([{"key": self.env._("Unsettled"), "values": values}])
