from decimal import Decimal

from markupsafe import Markup

from odoo import api, fields, models


class RetailPosDay(models.Model):
    """The comparison of a day as tables. Every cell is escaped: its words come from registers."""

    _inherit = "retail.pos.day"

    differences_html = fields.Html(compute="_compute_tables", string="What Differs")
    tenders_html = fields.Html(compute="_compute_tables", string="Tenders")
    taxes_html = fields.Html(compute="_compute_tables", string="Taxes")
    drawer_html = fields.Html(compute="_compute_tables", string="Drawer")

    @api.depends("tie")
    @api.depends_context("lang")
    def _compute_tables(self):
        for day in self:
            tie = day.tie or {}
            day.differences_html = day._html_table(day._difference_heads(), day._difference_rows())
            day.tenders_html = day._html_table(day._tender_heads(), day._tender_rows(tie))
            day.taxes_html = day._html_table(day._tax_heads(), day._tax_rows(tie))
            day.drawer_html = day._html_table((), day._drawer_rows(tie))

    def _difference_heads(self):
        return (
            self.env._("What"),
            self.env._("Register"),
            self.env._("Imported"),
            self.env._("Difference"),
            self.env._("What to Do"),
        )

    def _difference_rows(self):
        return [
            (
                self._words_of(each),
                self._figure(each, each.theirs),
                self._figure(each, each.ours),
                self._figure(each, each.difference),
                self._hint_of(each),
            )
            for each in self._differences()
        ]

    def _tender_heads(self):
        return (
            self.env._("Tender"),
            self.env._("Register"),
            self.env._("Imported"),
            self.env._("Difference"),
            self.env._("Counted"),
            self.env._("Over/Short"),
        )

    def _tender_rows(self, tie):
        return [
            (
                row["label"],
                self._money(row["expected"]),
                self._money(row["ours"]),
                self._money(_less(row["expected"], row["ours"])),
                self._money(row["counted"]),
                self._money(row["over_short"] if row["counted"] else None),
            )
            for row in tie.get("tenders", ())
        ]

    def _tax_heads(self):
        return (
            self.env._("Rate"),
            self.env._("Net (Register)"),
            self.env._("Net"),
            self.env._("Tax (Register)"),
            self.env._("Tax"),
        )

    def _tax_rows(self, tie):
        return [
            (
                f"{row['title']} {Decimal(row['rate']) * 100:f} %".strip(),
                self._money(row["base"]),
                self._money(row["our_base"]),
                self._money(row["amount"]),
                self._money(row["our_amount"]),
            )
            for row in tie.get("taxes", ())
        ]

    def _drawer_rows(self, tie):
        drawer, report = tie.get("drawer") or {}, self.report_id
        if not report:
            return []
        told = report._canonical()
        rows = [(self.env._("In the drawer at opening"), self._money(drawer["opening"]))]
        rows += [
            (": ".join(self._movement_words(each)), self._money(each.amount))
            for each in told.cash_movements
        ]
        if Decimal(drawer["deposit"] or 0):
            rows.append((self.env._("Taken out at closing"), self._money(f"-{drawer['deposit']}")))
        rows.append((self.env._("Over or short"), self._money(drawer["over_short"])))
        rows.append((self.env._("Left in the drawer"), self._money(told.closing_float)))
        return rows

    def _money(self, amount):
        if amount is None:
            return "–"
        return self._currency().format(float(amount))

    @api.model
    def _html_table(self, heads, rows):
        """Return a table; the first cell of a row says what it is about."""
        if not rows:
            return False
        head = Markup().join(Markup('<th scope="col">%s</th>') % word for word in heads)
        body = Markup().join(
            Markup('<tr><th scope="row">%s</th>%s</tr>')
            % (row[0], Markup().join(Markup("<td>%s</td>") % cell for cell in row[1:]))
            for row in rows
        )
        table = '<table class="table table-sm"><thead><tr>%s</tr></thead><tbody>%s</tbody></table>'
        return Markup(table) % (head, body)


def _less(one, other):
    if one is None or other is None:
        return None
    return Decimal(one) - Decimal(other)
