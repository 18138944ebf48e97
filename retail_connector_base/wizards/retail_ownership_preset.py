from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..decisions.ownership_table import BY_KEY, BY_PRESET, DOMAINS, PRESETS
from ..models.retail_ownership import OWNERS, POLICIES


class RetailOwnershipPreset(models.TransientModel):
    """Says who owns what by the kind of the other system, and shows first what would change."""

    _name = "retail.ownership.preset"
    _description = "Apply an Ownership Preset"

    backend_id = fields.Many2one("retail.backend", required=True, readonly=True)
    preset = fields.Selection(
        [(preset.code, preset.label) for preset in PRESETS],
        string="The Other System Is a",
        required=True,
        default=PRESETS[0].code,
    )
    explanation = fields.Char(compute="_compute_changes")
    changes_html = fields.Html(compute="_compute_changes", string="What Would Change")
    has_changes = fields.Boolean(compute="_compute_changes")
    conflict = fields.Char(compute="_compute_changes")
    reason = fields.Char(help="Kept with the version of the configuration.")

    @api.depends("preset", "backend_id")
    def _compute_changes(self):
        for wizard in self:
            preset = BY_PRESET[wizard.preset]
            changes = wizard._changes()
            wizard.explanation = preset.help
            wizard.has_changes = bool(changes)
            wizard.changes_html = wizard._changes_table(changes)
            wizard.conflict = " ".join(wizard._conflicts()) or False

    def _changes(self):
        """Return the rows that the preset changes, with their new owner and policy."""
        preset = BY_PRESET[self.preset]
        found = []
        for row in self.backend_id.ownership_ids:
            owner, policy = preset.entry((row.domain, row.field_group))
            if (row.owner, row.policy) != (owner.value, policy.value):
                found.append((row, owner.value, policy.value))
        return found

    def _changes_table(self, changes):
        owners, policies = dict(OWNERS), dict(POLICIES)
        line = Markup("<tr><th>%s</th><td>%s</td><td>%s</td></tr>")
        head = line % ("", self.env._("Now"), self.env._("Then"))
        rows = [
            line
            % (
                f"{DOMAINS[row.domain]}: {row.label}",
                f"{owners[row.owner]}, {policies[row.policy]}",
                f"{owners[owner]}, {policies[policy]}",
            )
            for row, owner, policy in changes
        ]
        return Markup(
            '<table class="table table-sm"><thead>%s</thead><tbody>%s</tbody></table>'
        ) % (head, Markup().join(rows))

    def _conflicts(self):
        """Say what another system owns already."""
        told = []
        for key, (owner, _policy) in BY_PRESET[self.preset].entries.items():
            if owner.value != "channel" or key[0] == "stock":
                continue
            rivals = self.env["retail.ownership"].search(
                [
                    ("company_id", "=", self.backend_id.company_id.id),
                    ("domain", "=", key[0]),
                    ("field_group", "=", key[1]),
                    ("owner", "=", "channel"),
                    ("backend_id", "!=", self.backend_id.id),
                    ("backend_id.active", "=", True),
                ]
            )
            own = self.backend_id._ownership(*key)
            if any(not own.rank or not each.rank or own.rank == each.rank for each in rivals):
                name = ", ".join(rivals.backend_id.mapped("name"))
                told.append(
                    self.env._("%(what)s: %(name)s owns it.", what=BY_KEY[key].label, name=name)
                )
        return told

    def action_apply(self):
        """Write the preset, or say why it cannot be."""
        self.ensure_one()
        self.backend_id._check_administrator()
        if not (self._changes() or self.backend_id.ownership_ids.filtered("field")):
            raise UserError(self.env._("It is like that already."))
        backend = self.backend_id.with_context(retail_reason=self.reason or False)
        rows = backend.ownership_ids
        if rows.filtered("field"):
            rows.filtered(lambda row: not row.field).action_join()
        preset = BY_PRESET[self.preset]
        for row in backend.ownership_ids.filtered(lambda row: not row.field):
            owner, policy = preset.entry((row.domain, row.field_group))
            if (row.owner, row.policy) != (owner.value, policy.value):
                row.write({"owner": owner.value, "policy": policy.value})
        return {"type": "ir.actions.act_window_close"}
