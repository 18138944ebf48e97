from decimal import Decimal

from odoo import models

from ..decisions.reconciliation import Item, wanted_of_order

# The gateway, and what shops call it whose own reports are not booked.
GATEWAYS = """
    SELECT id, backend_id, code FROM retail_gateway
     WHERE id = %(gateway)s OR booked_by_id = %(gateway)s
"""
FACT = """
    payment.state = 'success' AND payment.kind IN ('sale', 'capture', 'refund')
    AND NOT coalesce(payment.test, false)
"""
# Orders placed in the period that were paid (or should have been) through the gateway, and those
# that something of the period belongs to.
ORDERS = f"""
    WITH gateways AS ({GATEWAYS}), paid AS (
        SELECT payment.order_binding_id AS id, bool_or(
               (payment.processed_at AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
               BETWEEN %(start)s AND %(end)s) AS now
          FROM retail_payment payment
         WHERE payment.gateway_id IN (SELECT id FROM gateways)
           AND payment.order_binding_id IS NOT NULL AND {FACT}
         GROUP BY 1)
    SELECT binding.id FROM retail_order_binding binding LEFT JOIN paid ON paid.id = binding.id
     WHERE binding.company_id = %(company)s AND (
           paid.now
        OR binding.local_date BETWEEN %(start)s AND %(end)s AND (
           paid.id IS NOT NULL
           OR binding.payment_state IN ('paid', 'partially_paid', 'partially_refunded', 'refunded')
          AND EXISTS (SELECT FROM gateways
                       WHERE gateways.backend_id = binding.backend_id AND gateways.code = ANY(
                       regexp_split_to_array(lower(binding.payment_gateways), '\\s*,\\s*')))))
"""
# A cancelled order brings nothing: channels leave what was to be shipped in its total. Invoices of
# several orders are told apart by their lines; a credit note is that of its refund, as
# not all of its lines belong to lines of the order.
WANTED = """
    WITH documents AS (
        SELECT line.order_id, item.id AS item_id, item.price_total, move.id, move.move_type
          FROM sale_order_line line
          JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = line.id
          JOIN account_move_line item ON item.id = rel.invoice_line_id
          JOIN account_move move ON move.id = item.move_id AND move.state = 'posted'
         WHERE line.order_id IN (
               SELECT odoo_id FROM retail_order_binding WHERE id = ANY(%(orders)s))
         GROUP BY line.order_id, item.id, move.id),
    invoiced AS (
        SELECT order_id, sum(price_total) AS amount FROM documents
         WHERE move_type = 'out_invoice' GROUP BY 1),
    refunded AS (
        SELECT refund.order_binding_id AS id, sum(move.amount_total) AS amount
          FROM retail_refund_binding refund
          JOIN account_move move ON move.id = refund.odoo_id AND move.state = 'posted'
         WHERE refund.order_binding_id = ANY(%(orders)s) GROUP BY 1),
    credited AS (
        SELECT order_id, sum(price_total) AS amount FROM documents
         WHERE move_type = 'out_refund' AND id NOT IN (
               SELECT odoo_id FROM retail_refund_binding WHERE odoo_id IS NOT NULL) GROUP BY 1)
    SELECT binding.id, binding.name, currency.name,
           (CASE binding.state WHEN 'cancelled' THEN 0
                               ELSE coalesce(binding.amount_total, 0) END)::text,
           coalesce(invoiced.amount, 0)::text,
           (coalesce(refunded.amount, 0) + coalesce(credited.amount, 0))::text
      FROM retail_order_binding binding
      JOIN res_currency currency ON currency.id = binding.currency_id
      LEFT JOIN invoiced ON invoiced.order_id = binding.odoo_id
      LEFT JOIN credited ON credited.order_id = binding.odoo_id
      LEFT JOIN refunded ON refunded.id = binding.id
     WHERE binding.id = ANY(%(orders)s)
       AND coalesce(binding.payment_state, 'unknown')
           NOT IN ('pending', 'authorized', 'voided', 'expired')
"""
# All tenders of these orders: an order may be paid by several. What was paid in the currency that
# the order was not taken over in is held against it by the channel's own two totals.
BROUGHT = f"""
    SELECT payment.id, payment.order_binding_id, payment.external_id,
           CASE WHEN other.is_paid THEN own.name ELSE currency.name END,
           (CASE payment.kind WHEN 'refund' THEN -1 ELSE 1 END
            * CASE WHEN other.is_paid THEN round(
                    payment.amount::numeric * binding.amount_total::numeric
                    / binding.other_amount_total::numeric, own.decimal_places)
                   ELSE payment.amount END)::text,
           (payment.processed_at AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
      FROM retail_payment payment
      JOIN retail_gateway gateway ON gateway.id = payment.gateway_id
      JOIN res_currency currency ON currency.id = payment.currency_id
      LEFT JOIN retail_order_binding binding ON binding.id = payment.order_binding_id
      LEFT JOIN res_currency own ON own.id = binding.currency_id
     CROSS JOIN LATERAL (
           SELECT currency.name <> own.name AND currency.name = binding.other_currency
                  AND binding.other_amount_total > 0 AS is_paid) other
     WHERE {FACT} AND gateway.booking IS DISTINCT FROM 'elsewhere' AND (
           payment.order_binding_id = ANY(%(orders)s)
        OR payment.order_binding_id IS NULL AND payment.gateway_id = %(gateway)s
       AND (payment.processed_at AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
           BETWEEN %(start)s AND %(end)s)
"""


class RetailReconciliation(models.Model):
    """Orders against what their payments brought."""

    _inherit = "retail.reconciliation"

    def _parameters(self):
        return {
            "gateway": self.gateway_id.id,
            "company": self.company_id.id,
            "start": self.date_from,
            "end": self.date_to,
            "zone": self.company_id.partner_id.tz or "UTC",
        }

    def _sides_of_orders(self):
        """Return what orders should have brought, what they brought; days do not matter."""
        parameters = self._parameters()
        self.env.cr.execute(ORDERS, parameters)
        parameters["orders"] = [row[0] for row in self.env.cr.fetchall()]
        self.env.cr.execute(WANTED, parameters)
        here = [_wanted(row) for row in self.env.cr.fetchall()]
        self.env.cr.execute(BROUGHT, parameters)
        return here, [_brought(row) for row in self.env.cr.fetchall()], 0


def _wanted(row):
    number, name, currency, *amounts = row
    total, invoiced, credited = map(Decimal, amounts)
    return Item(
        key=f"order:{number}",
        # Without a credit note the roundings of invoices do not matter.
        amount=wanted_of_order(total, invoiced, credited) if credited else total,
        currency=currency,
        label=name or "",
        model="retail.order.binding",
        record=number,
    )


def _brought(row):
    number, order, external_id, currency, amount, day = row
    return Item(
        key=f"order:{order}" if order else f"payment:{number}",
        amount=Decimal(amount),
        currency=currency,
        on=day,
        label=external_id,
        model="retail.payment",
        record=number,
    )
