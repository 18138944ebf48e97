from markupsafe import Markup

from odoo import api, fields, models


class RetailPosReport(models.Model):
    """What a report told, as tables. Every cell is escaped."""

    _inherit = "retail.pos.report"

    told_html = fields.Html(compute="_compute_told_html", string="What the Register Told")
    correction_html = fields.Html(compute="_compute_told_html", string="What It Told Afterwards")

    @api.depends("snapshot", "correction")
    def _compute_told_html(self):
        for report in self:
            report.told_html = report._told_tables(report.snapshot)
            report.correction_html = report._told_tables(report.correction)

    def _told_tables(self, told):
        if not told:
            return False
        table = self.env["retail.pos.day"]._html_table
        tables = [
            table(self._figure_heads(), [self._figure_row(told)]),
            table(self._tender_heads(), _rows(told.get("tenders"), TENDER_CELLS)),
            table(self._tax_heads(), _rows(told.get("taxes"), TAX_CELLS)),
            table(self._movement_heads(), _rows(told.get("cash_movements"), MOVEMENT_CELLS)),
        ]
        return Markup().join(each for each in tables if each) or False

    def _figure_heads(self):
        return self.env._("Tickets"), self.env._("Total"), self.env._("Taxes")

    def _figure_row(self, told):
        return told.get("ticket_count"), told.get("total"), told.get("total_tax")

    def _tender_heads(self):
        return (
            self.env._("Tender"),
            self.env._("Kind"),
            self.env._("Expected"),
            self.env._("Counted"),
        )

    def _tax_heads(self):
        return self.env._("Tax"), self.env._("Rate"), self.env._("Net"), self.env._("Amount")

    def _movement_heads(self):
        return self.env._("Cash"), self.env._("Amount"), self.env._("When"), self.env._("Reason")


TENDER_CELLS = ("method", "kind", "expected", "counted")
TAX_CELLS = ("title", "rate", "base", "amount")
MOVEMENT_CELLS = ("kind", "amount", "at", "reason")


def _rows(told, cells):
    return [
        ["" if item.get(cell) is None else item[cell] for cell in cells]
        for item in told or ()
        if isinstance(item, dict)
    ]
