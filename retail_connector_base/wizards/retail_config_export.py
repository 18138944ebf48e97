import base64
import json

from odoo import api, fields, models

from ..decisions.config_difference import FORMAT


class RetailConfigExport(models.TransientModel):
    """A backend's configuration as a file for another environment. It holds no secret."""

    _name = "retail.config.export"
    _description = "Export Configuration"

    backend_id = fields.Many2one("retail.backend", required=True, readonly=True)
    file = fields.Binary(compute="_compute_file")
    file_name = fields.Char(compute="_compute_file")

    @api.depends("backend_id")
    def _compute_file(self):
        for wizard in self:
            backend = wizard.backend_id
            content = {
                "format": FORMAT,
                "backend": {"name": backend.name, "provider": backend.provider},
                "items": self.env["retail.config"]._snapshot(backend),
            }
            text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False)
            wizard.file = base64.b64encode(text.encode())
            wizard.file_name = f"{backend.name.replace('/', '-')}.json"

    def _download(self):
        self.env["retail.audit"]._log("config.exported", self.backend_id)
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file/{self.file_name}?download=true",
            "target": "download",
        }
