from markupsafe import Markup

from odoo import api, fields, models


class RetailPosTicket(models.Model):
    """What is shown of a ticket, and where its buttons lead."""

    _inherit = "retail.pos.ticket"

    ticket_state = fields.Selection(
        [
            ("imported", "Imported"),
            ("posted", "Posted"),
            ("reversed", "Taken Back"),
            ("voided", "Voided"),
        ],
        compute="_compute_ticket_state",
        string="State",
    )
    is_late = fields.Boolean(compute="_compute_is_late", string="Late")
    told_html = fields.Html(compute="_compute_told_html", string="What the Register Told")

    @api.depends("voided", "reversal_id", "odoo_id.state")
    def _compute_ticket_state(self):
        for ticket in self:
            order = ticket.sudo().odoo_id
            if ticket.reversal_id:
                ticket.ticket_state = "reversed"
            elif ticket.voided and not order:
                ticket.ticket_state = "voided"
            else:
                ticket.ticket_state = "posted" if order.state == "done" else "imported"

    @api.depends("day_id", "posted_day_id")
    def _compute_is_late(self):
        for ticket in self:
            posted = ticket.posted_day_id
            ticket.is_late = bool(posted) and posted != ticket.day_id

    @api.depends("snapshot")
    def _compute_told_html(self):
        """Draw the told lines and tenders. Every cell is escaped: its text comes from outside."""
        for ticket in self:
            told = ticket.snapshot if isinstance(ticket.snapshot, dict) else {}
            parts = [
                self._html_table(self._line_heads(), _rows(told.get("lines"), LINE_CELLS)),
                self._html_table(self._tender_heads(), _rows(told.get("tenders"), TENDER_CELLS)),
            ]
            ticket.told_html = Markup().join(part for part in parts if part) or False

    def _line_heads(self):
        return [
            self.env._("Sold"),
            self.env._("SKU"),
            self.env._("Quantity"),
            self.env._("Price"),
            self.env._("Discount"),
        ]

    def _tender_heads(self):
        return [self.env._("Tender"), self.env._("Kind"), self.env._("Amount"), self.env._("State")]

    def _html_table(self, heads, rows):
        if not rows:
            return Markup()
        head = Markup().join(Markup('<th scope="col">%s</th>') % word for word in heads)
        body = Markup().join(
            Markup("<tr>%s</tr>") % Markup().join(Markup("<td>%s</td>") % cell for cell in row)
            for row in rows
        )
        table = '<table class="table table-sm"><thead><tr>%s</tr></thead><tbody>%s</tbody></table>'
        return Markup(table) % (head, body)

    # Where the buttons lead

    def action_open_order(self):
        """Open the order of Odoo's point of sale."""
        return self._open_document(self.odoo_id)

    def action_open_reversal(self):
        """Open the order that took it back."""
        return self._open_document(self.reversal_id)

    def action_open_day(self):
        """Open the business day that it is posted on."""
        return self._open_document(self.posted_day_id or self.day_id)

    def action_open_messages(self):
        """Open what the register sent about it."""
        self.ensure_one()
        self.check_access("read")
        xmlid = "retail_connector_base.retail_inbox_message_action"
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        told = [("correlation_id", "=", self.correlation_id)]
        return {**action, "domain": told, "context": {}}

    def _open_document(self, record):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
        }


LINE_CELLS = ("title", "sku", "quantity", "unit_price", "discount")
TENDER_CELLS = ("method", "kind", "amount", "state")


def _rows(told, cells):
    items = told if isinstance(told, list) else []
    return [
        [item.get(cell) if item.get(cell) is not None else "" for cell in cells]
        for item in items
        if isinstance(item, dict)
    ]
