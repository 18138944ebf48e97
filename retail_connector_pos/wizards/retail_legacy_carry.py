import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..decisions.legacy_layout import layout_of, text_of

LARGEST = 1_000_000


class RetailLegacyExport(models.TransientModel):
    """A layout as a file for another database. It holds no secret and no data."""

    _name = "retail.legacy.export"
    _description = "Export a Layout"

    layout_id = fields.Many2one("retail.legacy.layout", required=True, readonly=True)
    file = fields.Binary(compute="_compute_file")
    file_name = fields.Char(compute="_compute_file")

    @api.depends("layout_id")
    def _compute_file(self):
        for wizard in self:
            wizard.file = base64.b64encode(wizard._text().encode())
            wizard.file_name = f"{wizard.layout_id.name.replace('/', '-')}.layout.json"

    def _text(self):
        try:
            return text_of(self.layout_id._layout(), indent=2)
        except ValueError as error:
            raise UserError(str(error)) from error

    def _download(self):
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file/{self.file_name}?download=true",
            "target": "download",
        }


class RetailLegacyImport(models.TransientModel):
    """Makes a layout of such a file; it is not in use before somebody looked through it."""

    _name = "retail.legacy.import"
    _description = "Import a Layout"

    backend_id = fields.Many2one("retail.backend", required=True)
    file = fields.Binary(required=True)
    file_name = fields.Char()

    def action_import(self):
        """Make the layout and open it."""
        self.ensure_one()
        self.env["retail.legacy.layout"].check_access("create")
        raw = base64.b64decode(self.with_context(bin_size=False).file or b"")
        if not raw or len(raw) > LARGEST:
            raise UserError(self.env._("Choose a file that was exported (at most 1 MB)."))
        try:
            layout = layout_of(raw)
        except ValueError as error:
            raise UserError(str(error)) from error
        name = (self.file_name or "").removesuffix(".json").removesuffix(".layout")
        made = self.env["retail.legacy.layout"]._take(
            self.backend_id, name or self.env._("Imported Layout"), layout
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": made._name,
            "res_id": made.id,
            "view_mode": "form",
        }
