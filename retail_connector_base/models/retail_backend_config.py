from odoo import fields, models


class RetailBackend(models.Model):
    """How a backend's configuration is changed, and its own part of it."""

    _name = "retail.backend"
    _inherit = ["retail.backend", "retail.governed.mixin"]

    config_policy = fields.Selection(
        [
            ("open", "At Once"),
            ("reason", "With a Reason"),
            ("approve", "Approved by a Second Person"),
        ],
        string="Configuration Changes",
        required=True,
        default="open",
        help="How mappings and policies are changed. Every change is kept as a version.",
    )
    config_version_ids = fields.One2many("retail.config.version", "backend_id", copy=False)
    config_change_ids = fields.One2many("retail.config.change", "backend_id", copy=False)
    config_version_count = fields.Integer(compute="_compute_config_counts", string="Versions")
    config_waiting_count = fields.Integer(compute="_compute_config_counts", string="To Approve")

    def _compute_config_counts(self):
        versions = dict(
            self.env["retail.config.version"]._read_group(
                [("backend_id", "in", self.ids)], ["backend_id"], ["__count"]
            )
        )
        waiting = dict(
            self.env["retail.config.change"]._read_group(
                [("backend_id", "in", self.ids), ("state", "=", "proposed")],
                ["backend_id"],
                ["__count"],
            )
        )
        for backend in self:
            backend.config_version_count = versions.get(backend, 0)
            backend.config_waiting_count = waiting.get(backend, 0)

    def _needs_approval(self):
        """Tell whether a person's change waits for another: not before the backend is at work."""
        self.ensure_one()
        return self.config_policy == "approve" and self.state == "running"

    def write(self, vals):
        """Override: policies are governed."""
        return self._write_governed(vals, lambda records, values: super().write(values))

    # What of it is configuration

    def _governed_prefix(self):
        return "policy"

    def _governed_fields(self):
        """Override: addons add their policies."""
        return {
            "config_policy",
            "lane_count",
            "batch_size",
            "stock_buffer",
        } & self._fields.keys()

    def _governed_records(self, backend):
        return backend.sudo()

    def _governed_parts(self):
        return ("backend",)

    def _governed_backend(self):
        return self

    # Buttons

    def action_open_config_versions(self):
        """Open the versions of this backend's configuration."""
        return self._open("retail_connector_base.retail_config_version_action")

    def action_open_config_changes(self):
        """Open the changes that wait for approval."""
        return self._open("retail_connector_base.retail_config_change_action", proposed=1)

    def action_export_config(self):
        """Download the configuration as a file, without secrets."""
        self._check_administrator()
        self.ensure_one()
        wizard = self.env["retail.config.export"].create({"backend_id": self.id})
        return wizard._download()

    def action_import_config(self):
        """Open the wizard that reads such a file and shows what it would change."""
        self._check_administrator()
        return self.env["retail.config.import"]._open(self, None, "")
