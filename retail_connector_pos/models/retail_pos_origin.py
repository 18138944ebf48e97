from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.fields import Domain

from ..decisions.return_match import SoldLine

# Who gives back the same lines at the same moment fails to serialize and is run again: the other's
# return is not in our snapshot. All lock in one order, so that none waits in a circle.
MEET = """
    WITH locked AS (SELECT id FROM {table} WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE)
    UPDATE {table} SET write_date = now() AT TIME ZONE 'UTC'
      FROM locked WHERE {table}.id = locked.id
"""
MEET_TICKETS = MEET.format(table="pos_order_line")
MEET_ORDERS = MEET.format(table="sale_order_line")


class RetailPosOrigin(models.AbstractModel):
    """What returns at registers give back: lines of tickets, and of web orders."""

    _name = "retail.pos.origin"
    _description = "Retail Connector: what is given back"

    # Tickets

    @api.model
    def _sold_at_registers(self, tickets):
        """Return ``{ticket: [SoldLine]}``, locked until this transaction ends.

        Lines are named by their uuid, which follows from the register's own id.
        """
        lines = tickets.odoo_id.lines
        self._meet(lines, MEET_TICKETS)
        returned = self._returned("refunded_orderline_id", lines)
        return {
            ticket: [
                SoldLine(line, line.uuid, line.product_id.id, _decimal(line.qty), returned[line])
                for line in ticket.odoo_id.lines
                if line.qty > 0
            ]
            for ticket in tickets
        }

    # Web orders

    @api.model
    def _web_orders(self, backend, external_ids):
        """Return the sale orders of the company by a channel's id or number of them."""
        wanted = list(set(external_ids))
        if not wanted:
            return {}
        company = Domain("company_id", "=", backend.company_id.id)
        bindings = self.env["retail.order.binding"].search(
            company & (Domain("external_id", "in", wanted) | Domain("name", "in", wanted))
        )
        orders = self.env["sale.order"].search(
            company & Domain("name", "in", wanted) & Domain("state", "=", "sale")
        )
        found = defaultdict(self.env["sale.order"].browse)
        for order in orders:
            found[order.name] |= order
        for name in ("name", "external_id"):
            for value, rows in bindings.grouped(name).items():
                found[value] = rows.odoo_id
        return {key: found[key] for key in wanted if len(found[key]) == 1}

    @api.model
    def _sold_on_the_web(self, orders):
        """Return ``{order: [SoldLine]}`` of what was delivered, locked."""
        lines = orders.order_line.filtered(lambda line: not line.display_type)
        self._meet(lines, MEET_ORDERS)
        returned = self._returned("retail_sale_line_id", lines)
        bound = self.env["retail.order.line.binding"].search([("odoo_id", "in", lines.ids)])
        told = {row.odoo_id: row.external_id for row in bound}
        return {
            order: [
                SoldLine(
                    line,
                    told.get(line),
                    line.product_id.id,
                    _decimal(line.qty_delivered),
                    returned[line],
                )
                for line in lines & order.order_line
            ]
            for order in orders
        }

    # Both

    def _meet(self, lines, statement):
        if lines:
            lines.flush_recordset()
            self.env.cr.execute(statement, [lines.ids])
            lines.invalidate_recordset(["write_date"])

    def _returned(self, field, lines):
        """Return by line how many units registers took back before."""
        groups = self.env["pos.order.line"]._read_group(
            [(field, "in", lines.ids), ("order_id.state", "!=", "cancel")], [field], ["qty:sum"]
        )
        back = {line: -_decimal(quantity) for line, quantity in groups}
        return defaultdict(Decimal, back)


def _decimal(quantity):
    # Quantities are binary floats in Odoo; registers tell at most some thousandths of a unit.
    return Decimal(str(round(quantity, 6)))
