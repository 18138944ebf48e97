from markupsafe import Markup

from odoo import api, fields, models

BAR = Markup(
    '<div class="d-flex align-items-center mb-1">'
    '<div class="progress flex-grow-1 me-2" style="height:0.8rem" role="img" aria-label="%s">'
    '<div class="progress-bar %s" style="width:%d%%"></div></div>'
    '<span class="text-nowrap text-end" style="width:9rem">%s</span></div>'
)
ROW = Markup('<tr><th class="align-middle" style="width:9rem">%s</th><td>%s%s</td></tr>')


class RetailWarehouseInvoice(models.Model):
    """What the page of an invoice draws: charged beside expected, service by service."""

    _inherit = "retail.warehouse.invoice"

    chart = fields.Html(compute="_compute_chart", string="By Service", sanitize=False)

    @api.depends("line_ids.amount", "line_ids.expected_amount", "line_ids.service")
    def _compute_chart(self):
        labels = dict(self.line_ids._fields["service"]._description_selection(self.env))
        for invoice in self:
            sums = invoice._sums_by_service()
            top = max((abs(amount) for pair in sums.values() for amount in pair), default=0.0)
            rows = [
                invoice._chart_row(labels[service], charged, expected, top or 1.0)
                for service, (charged, expected) in sorted(sums.items())
            ]
            body = Markup().join(rows)
            invoice.chart = body and Markup('<table class="table table-sm mb-0">%s</table>') % body

    def _sums_by_service(self):
        sums = {}
        for line in self.line_ids:
            charged, expected = sums.get(line.service, (0.0, 0.0))
            sums[line.service] = (charged + line.amount, expected + line.expected_amount)
        return sums

    def _chart_row(self, label, charged, expected, top):
        more = self.currency_id.compare_amounts(charged, expected) > 0
        return ROW % (
            label,
            self._bar(self.env._("Charged"), "bg-danger" if more else "bg-primary", charged, top),
            self._bar(self.env._("Expected"), "bg-success", expected, top),
        )

    def _bar(self, word, colour, amount, top):
        width = round(100 * max(amount, 0.0) / top)
        text = f"{word} {self.currency_id.format(amount)}"
        return BAR % (text, colour, width, text)
