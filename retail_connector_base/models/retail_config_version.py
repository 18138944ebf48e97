from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..decisions.config_difference import Change, difference, removed, says_something
from .retail_config_change import difference_table

NOTED = "retail_config_version"
ORIGINS = [
    ("found", "As Found"),
    ("change", "Change"),
    ("import", "Import"),
    ("approval", "Approved Change"),
]


class RetailConfigVersion(models.Model):
    """A backend's configuration at one time: who changed it, and why. Never changed or deleted."""

    _name = "retail.config.version"
    _description = "Retail Configuration Version"
    _order = "backend_id, number desc"
    _rec_name = "display_name"

    backend_id = fields.Many2one(
        "retail.backend", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="backend_id.company_id", store=True, index=True)
    number = fields.Integer(required=True, readonly=True, string="Version")
    at = fields.Datetime(string="When", required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one("res.users", string="Who", required=True, readonly=True)
    approved_by_id = fields.Many2one("res.users", readonly=True)
    origin = fields.Selection(ORIGINS, required=True, readonly=True, default="change")
    reason = fields.Char(string="Why", readonly=True)
    content = fields.Json(required=True, readonly=True)
    changes = fields.Json(readonly=True)
    change_count = fields.Integer(readonly=True, string="Changes")
    changes_html = fields.Html(compute="_compute_changes_html", string="What Changed")

    _number_unique = models.UniqueIndex("(backend_id, number)", "A version has its own number.")

    @api.depends("backend_id.name", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = f"{version.backend_id.name} #{version.number}"

    @api.depends("changes")
    def _compute_changes_html(self):
        for version in self:
            changes = [Change(**change) for change in version.changes or ()]
            version.changes_html = difference_table(self.env, changes)

    # Noting

    @api.model
    def _note(self, backend, reason=None, origin="change", approved_by=None, requested_by=None):
        """Make a version of a backend's configuration just before this transaction's commit.

        Call it before the change: the first version shows what was found.
        """
        versions = self.sudo()
        if not versions.search_count([("backend_id", "=", backend.id)], limit=1):
            versions._add(backend, "found", None, self.env.user)
        noted = self.env.cr.precommit.data.setdefault(NOTED, {})
        if not noted:
            self.env.cr.precommit.add(versions._write_noted)
        start = {"user_id": self.env.uid, "origin": "change", "approved_by_id": False}
        known = noted.setdefault(backend.id, {"reasons": [], **start})
        if requested_by:
            known["user_id"] = requested_by.id
        if approved_by:
            known["approved_by_id"] = approved_by.id
        if origin != "change":
            known["origin"] = origin
        if reason and reason not in known["reasons"]:
            known["reasons"].append(reason)

    @api.model
    def _write_noted(self):
        for backend_id, known in self.env.cr.precommit.data.pop(NOTED, {}).items():
            backend = self.env["retail.backend"].browse(backend_id).exists()
            if backend:
                user = self.env["res.users"].browse(known["user_id"])
                approver = self.env["res.users"].browse(known["approved_by_id"])
                reason = "; ".join(known["reasons"]) or None
                self._add(backend, known["origin"], reason, user, approver)

    def _add(self, backend, origin, reason, user, approver=None):
        """Add a version if anything differs from the last one."""
        content = self.env["retail.config"]._snapshot(backend)
        last = self.search([("backend_id", "=", backend.id)], order="number desc", limit=1)
        changes = difference(last.content, content) if last else []
        gone = removed(last.content, content) if last else []
        if last and not changes and not gone:
            return
        shown = [*changes, *(Change(item, "", "", None) for item in gone)]
        self.create(
            {
                "backend_id": backend.id,
                "number": last.number + 1,
                "user_id": user.id,
                "approved_by_id": approver.id if approver else False,
                "origin": origin,
                "reason": reason,
                "content": content,
                "changes": [change.as_json() for change in shown],
                "change_count": len([*filter(says_something, shown)]),
            }
        )

    # Append-only

    def write(self, vals):  # pylint: disable=method-required-super
        """Override: nobody changes what was."""
        raise AccessError(self.env._("A version cannot be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("A version cannot be deleted."))

    # Buttons

    def action_restore(self):
        """Show what going back to this version would change, before anything does."""
        self.ensure_one()
        self.backend_id._check_administrator()
        reason = self.env._("Back to version %(number)s", number=self.number)
        return self.env["retail.config.import"]._open(self.backend_id, self.content, reason)
