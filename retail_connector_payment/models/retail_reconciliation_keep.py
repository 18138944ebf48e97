from decimal import Decimal

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import formatLang

from ..decisions.reconciliation import Verdict, add_up
from .retail_reconciliation import LEGS
from .retail_reconciliation_line import STATUSES

# An explanation holds for the figures that it was given for.
KEEP = """
    INSERT INTO retail_reconciliation_line AS line (
        run_id, company_id, leg, key, currency_id, label, day, verdict, status, amount_here,
        amount_there, difference, abs_difference, count_here, count_there, res_model, res_id,
        other_model, other_id, computation, create_uid, write_uid, create_date, write_date)
    VALUES %s
        ON CONFLICT (run_id, leg, key, currency_id) DO UPDATE SET
           label = excluded.label, day = excluded.day, verdict = excluded.verdict,
           amount_here = excluded.amount_here, amount_there = excluded.amount_there,
           difference = excluded.difference, abs_difference = excluded.abs_difference,
           count_here = excluded.count_here, count_there = excluded.count_there,
           res_model = excluded.res_model, res_id = excluded.res_id,
           other_model = excluded.other_model, other_id = excluded.other_id,
           computation = excluded.computation, write_date = excluded.write_date,
           status = CASE
               WHEN excluded.verdict = 'matched' THEN 'matched'
               WHEN line.explanation IS NOT NULL AND line.explained_verdict = excluded.verdict
                AND line.explained_here = excluded.amount_here
                AND line.explained_there = excluded.amount_there THEN 'explained'
               ELSE 'different' END
"""
FORGET = """
    DELETE FROM retail_reconciliation_line WHERE run_id = %s AND leg = %s AND computation <> %s
"""
FIGURES = """
    SELECT leg, status, currency.name, amount_here::text, amount_there::text
      FROM retail_reconciliation_line line JOIN res_currency currency ON currency.id = currency_id
     WHERE run_id = %s
"""


class RetailReconciliationLine(models.Model):
    """How lines come to be."""

    _inherit = "retail.reconciliation.line"

    @api.model
    def _keep(self, run, leg, pairs):
        """Write the result of a leg over the former one: what is gone goes, explanations stay."""
        self.env.cr.execute(
            "SELECT coalesce(max(computation), 0) + 1 FROM retail_reconciliation_line "
            "WHERE run_id = %s AND leg = %s",
            [run.id, leg],
        )
        number = self.env.cr.fetchone()[0]
        names = {pair.currency for pair in pairs}
        currencies = self.env["res.currency"].with_context(active_test=False)
        ids = {each.name: each.id for each in currencies.search([("name", "in", list(names))])}
        fixed = run.id, run.company_id.id, leg
        rows = [
            (*fixed, *_row(pair, ids[pair.currency]), number, *self._stamps()) for pair in pairs
        ]
        if rows:
            self.env.cr.execute_values(KEEP, rows, page_size=1000)
        self.env.cr.execute(FORGET, [run.id, leg, number])
        self.env.invalidate_all(flush=False)

    def _stamps(self):
        now = fields.Datetime.now()
        return self.env.uid, self.env.uid, now, now


def _row(pair, currency_id):
    first, second = pair.here[:1] or pair.there[:1], pair.there[:1] or pair.here[:1]
    (one,), (other,) = first, second
    status = "matched" if pair.verdict is Verdict.MATCHED else "different"
    return (
        pair.key,
        currency_id,
        one.label or other.label or pair.key,
        one.on or other.on,
        pair.verdict.value,
        status,
        pair.amount_here,
        pair.amount_there,
        pair.difference,
        abs(pair.difference),
        len(pair.here),
        len(pair.there),
        one.model,
        one.record,
        other.model,
        other.record,
    )


class RetailReconciliation(models.Model):
    """The figures of a run."""

    _inherit = "retail.reconciliation"

    summary = fields.Html(compute="_compute_summary")

    def _note_figures(self):
        """Count and add up the lines, by leg, status and currency: what is signed."""
        for run in self:
            run.env["retail.reconciliation.line"].flush_model()
            run.env.cr.execute(FIGURES, [run.id])
            figures = add_up(
                (leg, status, currency, Decimal(here), Decimal(there))
                for leg, status, currency, here, there in run.env.cr.fetchall()
            )
            rows = [_figures_row(key, figures[key]) for key in sorted(figures, key=_rank)]
            counts = {status: 0 for status, _label in STATUSES}
            for row in rows:
                counts[row["status"]] += row["count"]
            values = {f"{status}_count": count for status, count in counts.items()}
            run.write({**values, "checkpoint": {"figures": rows}})

    @api.depends("checkpoint")
    @api.depends_context("lang")
    def _compute_summary(self):
        for run in self:
            rows = (run.checkpoint or {}).get("figures", ())
            run.summary = run._summary_table(rows) if rows else False

    def _summary_table(self, rows):
        """Render the figures. Cells are escaped."""
        legs, statuses = dict(LEGS), dict(STATUSES)
        cell, number = Markup("<td>%s</td>"), Markup('<td class="text-end">%s</td>')
        body = Markup().join(
            Markup("<tr>%s</tr>")
            % Markup().join(
                [
                    cell % legs[row["leg"]],
                    cell % statuses[row["status"]],
                    number % row["count"],
                    *(number % self._money(row, name) for name in ("here", "there", "difference")),
                ]
            )
            for row in rows
        )
        heads = [
            self.env._("Compared"),
            self.env._("Status"),
            self.env._("Lines"),
            self.env._("Here"),
            self.env._("There"),
            self.env._("Difference"),
        ]
        head = Markup().join(Markup("<th>%s</th>") % text for text in heads)
        table = '<table class="table table-sm"><thead><tr>%s</tr></thead><tbody>%s</tbody></table>'
        return Markup(table) % (head, body)

    def _money(self, row, name):
        currency = self.env["res.currency"].with_context(active_test=False)
        found = currency.search([("name", "=", row["currency"])], limit=1)
        return formatLang(self.env, float(row[name]), currency_obj=found)


def _rank(key):
    leg, status, currency = key
    return [leg for leg, _label in LEGS].index(leg), status, currency


def _figures_row(key, figures):
    leg, status, currency = key
    return {
        "leg": leg,
        "status": status,
        "currency": currency,
        "count": figures.count,
        "here": str(figures.here),
        "there": str(figures.there),
        "difference": str(figures.difference),
    }
