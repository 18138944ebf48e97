import base64
from decimal import Decimal

from odoo import fields, models

from ..decisions.spreadsheet import as_csv, as_xlsx

COLUMNS = (
    "leg", "label", "day", "verdict", "status", "currency_id", "amount_here", "amount_there",
    "difference", "explanation", "explained_by_id", "explained_at", "key",
)  # fmt: skip


class RetailReconciliation(models.Model):
    """A run as a file, for those who keep papers."""

    _inherit = "retail.reconciliation"

    export_xlsx = fields.Binary(compute="_compute_export_xlsx")
    export_csv = fields.Binary(compute="_compute_export_csv")

    def _compute_export_xlsx(self):
        for run in self:
            title = run.env._("Reconciliation")
            run.export_xlsx = base64.b64encode(as_xlsx(title, run._header(), run._cells()))

    def _compute_export_csv(self):
        for run in self:
            run.export_csv = base64.b64encode(as_csv(run._header(), run._cells()))

    def action_export_xlsx(self):
        """Download the run as a workbook."""
        return self._download("xlsx")

    def action_export_csv(self):
        """Download the run as a text file."""
        return self._download("csv")

    def _download(self, ending):
        self.ensure_one()
        self.check_access("read")
        self.env["retail.audit"]._log("reconciliation.exported", self, detail={"as": ending})
        name = f"reconciliation-{self.gateway_id.code}-{self.date_from}-{self.date_to}.{ending}"
        name = name.replace("/", "-")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/export_{ending}/{name}?download=true",
            "target": "download",
        }

    def _header(self):
        lines = self.env["retail.reconciliation.line"]
        return [lines._fields[name]._description_string(self.env) for name in COLUMNS]

    def _cells(self):
        order = "leg desc, status, key, currency_id, id"
        lines = self.env["retail.reconciliation.line"].search(
            [("run_id", "=", self.id)], order=order
        )
        return [[_cell(line, name) for name in COLUMNS] for line in lines]


def _cell(line, name):
    value, field = line[name], line._fields[name]
    if field.type == "monetary":
        return Decimal(f"{value:.{line.currency_id.decimal_places}f}")
    if field.type == "selection":
        return dict(field._description_selection(line.env)).get(value, "")
    if field.type == "many2one":
        return value.sudo().display_name or ""
    if field.type == "datetime":
        return f"{value} UTC" if value else None
    return value or None
