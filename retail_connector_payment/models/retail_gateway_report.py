from odoo import fields, models
from odoo.tools import SQL

CATEGORIES = [
    ("charge", "Charges"),
    ("refund", "Refunds"),
    ("dispute", "Disputes"),
    ("fee", "Fees"),
    ("other", "Other"),
    ("payout", "Payouts"),
]

# What happened, and with payouts: what they paid out, kept as fees, and other things they settled.
# The last digit of an id says which of them a row is.
MOVEMENTS = """
    SELECT entry.id * 10 + 1 AS id, entry.gateway_id, entry.company_id, entry.currency_id,
           entry.occurred_at::date AS date, entry.amount,
           CASE WHEN entry.category IN ('refund', 'refund_failure') THEN 'refund'
                WHEN entry.category IN ('dispute', 'dispute_reversal') THEN 'dispute'
                WHEN entry.category IN ('payout', 'payout_failure') THEN 'payout'
                ELSE entry.category END AS category
      FROM retail_ledger_entry entry
     UNION ALL
    SELECT payout.id * 10 + 2, payout.gateway_id, payout.company_id, payout.currency_id,
           coalesce(payout.arrival_date, payout.issued_at::date), -payout.amount, 'payout'
      FROM retail_payout payout
     WHERE payout.state IN ('settling', 'settled') AND payout.is_complete AND NOT payout.test
     UNION ALL
    SELECT line.id * 10 + 3, line.gateway_id, line.company_id, line.currency_id,
           coalesce(line.occurred_at::date, payout.arrival_date), -line.fee, 'fee'
      FROM retail_payout_line line JOIN retail_payout payout ON payout.id = line.payout_id
     WHERE line.move_id IS NOT NULL AND line.fee <> 0
     UNION ALL
    SELECT line.id * 10 + 4, line.gateway_id, line.company_id, line.currency_id,
           coalesce(line.occurred_at::date, payout.arrival_date), line.gross,
           CASE WHEN line.category IN ('fee', 'fee_refund', 'tax') THEN 'fee'
                WHEN line.category IN ('dispute_fee', 'dispute_fee_refund') THEN 'dispute'
                ELSE 'other' END
      FROM retail_payout_line line JOIN retail_payout payout ON payout.id = line.payout_id
     WHERE line.move_id IS NOT NULL
       AND line.category NOT IN ('charge', 'refund', 'refund_failure', 'dispute',
                                 'dispute_reversal', 'payout', 'payout_failure')
"""
# A rate is units of the currency for one of an unnamed base: the company's own divides it away.
RATE = """
    SELECT rate.rate FROM res_currency_rate rate
     WHERE rate.currency_id = %s AND rate.name <= movement.date
       AND (rate.company_id IS NULL
            OR rate.company_id = split_part(company.parent_path, '/', 1)::int)
     ORDER BY rate.company_id NULLS LAST, rate.name DESC LIMIT 1
"""


class RetailGatewayReport(models.Model):
    """What came to a gateway and what left it, by day, to be drawn and summed up."""

    _name = "retail.gateway.report"
    _description = "Retail Gateway Analysis"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "category"

    gateway_id = fields.Many2one("retail.gateway", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    date = fields.Date(readonly=True)
    category = fields.Selection(CATEGORIES, string="What", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount_currency = fields.Monetary(
        string="In Its Currency", readonly=True, currency_field="currency_id", aggregator=None
    )
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(
        readonly=True,
        currency_field="company_currency_id",
        help="In the company's currency, at that day's rate.",
    )

    @property
    def _table_query(self):
        own, theirs = (
            SQL(RATE % column) for column in ("company.currency_id", "movement.currency_id")
        )
        return SQL(
            """
            SELECT movement.id, movement.gateway_id, movement.company_id, movement.date,
                   movement.category, movement.currency_id, movement.amount AS amount_currency,
                   company.currency_id AS company_currency_id,
                   CASE WHEN movement.currency_id = company.currency_id THEN movement.amount
                        ELSE movement.amount * coalesce((%s), 1) / coalesce((%s), 1)
                   END AS amount
              FROM (%s) movement JOIN res_company company ON company.id = movement.company_id
            """,
            own,
            theirs,
            SQL(MOVEMENTS),
        )
