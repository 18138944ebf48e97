from odoo import fields, models

from ..decisions.ownership import Owner, Policy


class RetailBackend(models.Model):
    """Who owns what, as far as this system is concerned."""

    _inherit = "retail.backend"

    ownership_ids = fields.One2many("retail.ownership", "backend_id", string="Who Owns What")
    refusal_count = fields.Integer(compute="_compute_refusal_count", string="Not Taken")

    def _sync_with_provider(self):
        """Override: say who owns what."""
        result = super()._sync_with_provider()
        self.env["retail.ownership"].sudo()._add_missing(self)
        return result

    def write(self, vals):
        """Override: a system that comes back must not own what another one owns by now."""
        result = super().write(vals)
        if {"active", "company_id"} & vals.keys():
            rows = self.filtered("active").sudo().ownership_ids
            rows.invalidate_recordset(["company_id"])
            rows._check_one_owner()
        return result

    def _compute_refusal_count(self):
        groups = self.env["retail.refusal"]._read_group(
            [("backend_id", "in", self.ids), ("state", "in", ("open", "asked"))],
            ["backend_id"],
            ["__count"],
        )
        counts = {backend.id: count for backend, count in groups}
        for backend in self:
            backend.refusal_count = counts.get(backend.id, 0)

    def _ownership(self, domain, group, field=None):
        """Return the row of a group, or of one field of it where that has a row of its own."""
        self.ensure_one()
        rows = self.sudo().ownership_ids.filtered(
            lambda row: row.domain == domain and row.field_group == group
        )
        own = rows.filtered(lambda row: field and row.field == field)
        return own or rows.filtered(lambda row: not row.field)

    def _owns(self, domain, group, field=None):
        """Tell whether this system owns a group of fields."""
        return self._ownership(domain, group, field).owner == Owner.CHANNEL.value

    def _set_owner(self, domain, group, owner, policy=Policy.OWNER_WINS):
        """Let somebody own a group of fields, all of them alike."""
        row = self._ownership(domain, group)
        row.action_join()
        row.write({"owner": Owner(owner).value, "policy": Policy(policy).value})

    def action_open_refusals(self):
        """Open what was told and not taken."""
        return self._open("retail_connector_base.retail_refusal_action", waiting=1)

    def action_open_presets(self):
        """Choose what kind of system this is."""
        self._check_administrator()
        self.ensure_one()
        wizard = self.env["retail.ownership.preset"].create({"backend_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Apply a Preset"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }
