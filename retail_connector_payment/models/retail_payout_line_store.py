from decimal import Decimal

from odoo import api, models

from odoo.addons.retail_connector_base.decisions.moment import naive_utc
from odoo.addons.retail_connector_base.decisions.receipt import printable

COLUMNS = (
    "category", "vendor_type", "currency_id", "gross", "fee", "fee_tax", "net", "original_amount",
    "original_currency", "payment_external_id", "order_external_id", "dispute_external_id",
    "occurred_at", "description",
)  # fmt: skip
INSERT = """
    INSERT INTO retail_payout_line
           (payout_id, gateway_id, company_id, external_id, {columns},
            create_uid, write_uid, create_date, write_date)
    VALUES %s
        ON CONFLICT (payout_id, external_id) DO UPDATE
       SET ({columns}, write_date) = ({excluded}, excluded.write_date)
     WHERE retail_payout_line.is_settled IS NOT TRUE
""".format(columns=", ".join(COLUMNS), excluded=", ".join(f"excluded.{name}" for name in COLUMNS))
DROP = """
    DELETE FROM retail_payout_line
     WHERE payout_id = %s AND is_settled IS NOT TRUE AND external_id <> ALL(%s)
"""
COUNT = """
    UPDATE retail_payout SET line_count =
           (SELECT count(*) FROM retail_payout_line WHERE payout_id = %(id)s)
     WHERE id = %(id)s
"""
KNOWN = """
    SELECT external_id, category, currency_id, gross::text, fee::text, fee_tax::text, net::text
      FROM retail_payout_line WHERE payout_id = %s
"""
PAGE = 2000


class RetailPayoutLine(models.Model):
    """Writes the transactions of a payout, many in one statement, exactly as they were told."""

    _inherit = "retail.payout.line"

    @api.model
    def _store(self, payout, transactions, currencies, whole):
        """Write what was told; where that is the ``whole`` list, nothing else stays.

        ``currencies`` are the records by name. What is posted already is not changed.
        """
        self.flush_model()
        rows = {told.external_id: told for told in transactions}
        if whole:
            self.env.cr.execute(DROP, [payout.id, list(map(printable, rows))])
        if rows:
            head = (payout.id, payout.gateway_id.id, payout.company_id.id)
            stamp = (self.env.uid, self.env.uid, self.env.cr.now(), self.env.cr.now())
            self.env.cr.execute_values(
                INSERT,
                [(*head, *self._row(told, currencies), *stamp) for told in rows.values()],
                page_size=PAGE,
            )
        payout.flush_recordset()
        self.env.cr.execute(COUNT, {"id": payout.id})
        payout.invalidate_recordset(["line_count", "line_ids"])
        self.invalidate_model()

    def _row(self, told, currencies):
        original = told.original
        moment = told.occurred_at
        return (
            printable(told.external_id),
            told.category.value,
            _text(told.vendor_type),
            currencies[told.gross.currency].id,
            told.gross.amount,
            told.fee,
            told.fee_tax,
            told.net,
            original and original.amount,
            original and original.currency,
            _text(told.payment_external_id),
            _text(told.order_external_id),
            _text(told.dispute_external_id),
            naive_utc(moment),
            _text(told.description),
        )

    @api.model
    def _differs(self, payout, transactions, currencies):
        """Tell whether a whole list is another one than the stored one, in what is booked of it."""
        self.flush_model()
        self.env.cr.execute(KNOWN, [payout.id])
        known = {row[0]: _comparable(row[1:]) for row in self.env.cr.fetchall()}
        told = {
            printable(one.external_id): _comparable(
                (
                    one.category.value,
                    currencies[one.gross.currency].id,
                    one.gross.amount,
                    one.fee,
                    one.fee_tax,
                    one.net,
                )
            )
            for one in transactions
        }
        return known != told


def _text(value):
    return printable(value) if value else None


def _comparable(row):
    category, currency, *amounts = row
    return (category, currency, *map(Decimal, amounts))
