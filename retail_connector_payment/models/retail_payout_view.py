from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import formatLang

from odoo.addons.retail_connector_base.canonical import BalanceCategory

TOTALS = """
    SELECT category, count(*), sum(gross), sum(fee), sum(net) FROM retail_payout_line
     WHERE payout_id = %s GROUP BY category ORDER BY abs(sum(net)) DESC, category
"""


class RetailPayout(models.Model):
    """What a payout's page shows beside its fields."""

    _inherit = "retail.payout"

    totals_html = fields.Html(
        string="Made of", compute="_compute_totals_html", compute_sudo=True, sanitize=False
    )
    move_count = fields.Integer(compute="_compute_move_count", compute_sudo=True)

    @api.depends("line_count")
    def _compute_totals_html(self):
        """Sum up by category. All cells are escaped."""
        self.env["retail.payout.line"].flush_model()
        for payout in self:
            self.env.cr.execute(TOTALS, [payout.id or 0])
            rows = self.env.cr.fetchall()
            payout.totals_html = rows and payout._totals_table(rows)

    def _totals_table(self, rows):
        cell = Markup('<td class="text-end">%s</td>')
        body = Markup().join(
            Markup("<tr><td>%s</td>%s</tr>")
            % (
                self._category_word(category),
                Markup().join(
                    cell % one for one in (count, *(self._amount(value) for value in amounts))
                ),
            )
            for category, count, *amounts in rows
        )
        words = (
            self.env._("Transactions"),
            self.env._("Gross"),
            self.env._("Fees"),
            self.env._("Net"),
        )
        head = Markup().join(Markup('<th class="text-end">%s</th>') % word for word in words)
        return Markup(
            '<table class="table table-sm"><thead><tr><th></th>%s</tr></thead>'
            "<tbody>%s</tbody></table>"
        ) % (head, body)

    def _amount(self, value):
        return formatLang(self.env, float(value or 0), currency_obj=self.currency_id)

    @api.model
    def _category_word(self, category):
        known = {one.value for one in BalanceCategory}
        return category.replace("_", " ").capitalize() if category in known else category

    def _compute_move_count(self):
        groups = self.env["account.move"]._read_group(
            [("retail_payout_id", "in", self.ids)], ["retail_payout_id"], ["__count"]
        )
        counts = dict(groups)
        for payout in self:
            payout.move_count = counts.get(payout, 0)

    def action_open_moves(self):
        """Open the journal entries of this payout."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Journal Entries"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("retail_payout_id", "=", self.id)],
        }

    def action_open_lines(self):
        """Open all transactions of this payout."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Transactions"),
            "res_model": "retail.payout.line",
            "view_mode": "list,pivot",
            "domain": [("payout_id", "=", self.id)],
        }
