import base64
import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..decisions.config_difference import Change, difference, read_file

LARGEST = 5_000_000
# What belongs to one environment alone is not taken over unless a person says so.
OF_ONE_ENVIRONMENT = ("setting/",)


class RetailConfigImport(models.TransientModel):
    """Reads an exported configuration, shows what it would change, and changes it then."""

    _name = "retail.config.import"
    _description = "Import Configuration"
    _inherit = ["retail.notice.mixin"]

    backend_id = fields.Many2one("retail.backend", required=True, readonly=True)
    file = fields.Binary(help="A file that was exported from this or another database.")
    reason = fields.Char(string="Why")
    line_ids = fields.One2many("retail.config.import.line", "wizard_id")
    is_read = fields.Boolean()
    needs_approval = fields.Boolean(compute="_compute_needs_approval")

    @api.depends("backend_id.config_policy", "backend_id.state")
    def _compute_needs_approval(self):
        for wizard in self:
            wizard.needs_approval = wizard.backend_id._needs_approval()

    @api.model
    def _open(self, backend, content, reason):
        """Open the wizard, with the difference to a configuration if there is one."""
        wizard = self.create({"backend_id": backend.id, "reason": reason})
        if content is not None:
            wizard._compare(content)
        return wizard._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Configuration"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_compare(self):
        """Read the file and show the difference."""
        self.ensure_one()
        self.backend_id._check_administrator()
        self._compare(self._items())
        return self._reopen()

    def _items(self):
        raw = base64.b64decode(self.with_context(bin_size=False).file or b"")
        if not raw or len(raw) > LARGEST:
            raise UserError(self.env._("Choose a file that was exported (at most 5 MB)."))
        try:
            return read_file(json.loads(raw))
        except RecursionError:
            raise UserError(self.env._("The file is damaged.")) from None
        except ValueError as error:
            raise UserError(str(error)) from error

    def _compare(self, items):
        config = self.env["retail.config"]
        changes = difference(config._snapshot(self.backend_id), items)
        self.line_ids.unlink()
        self.line_ids = [(0, 0, self._line(change)) for change in changes]
        self.is_read = True

    def _line(self, change):
        problem = self.env["retail.config"]._problem_of(self.backend_id, change)
        own = change.item.startswith(OF_ONE_ENVIRONMENT)
        what, field, before, after = self.env["retail.config"]._in_words(change)
        return {
            "item": change.item,
            "field": change.field,
            "what": what,
            "field_label": field,
            "before": before,
            "after": after,
            "change": change.as_json(),
            "problem": problem,
            "chosen": not problem and not own,
        }

    def action_apply(self):
        """Take over the chosen lines, or propose them where a second person has to approve."""
        self.ensure_one()
        self.backend_id._check_administrator()
        chosen = self.line_ids.filtered("chosen")
        if not chosen:
            raise UserError(self.env._("Nothing is chosen."))
        if not self.reason:
            raise UserError(self.env._("Say why: it is kept with the version."))
        if wrong := chosen.filtered("problem"):
            raise UserError(
                self.env._("%(item)s: %(problem)s", item=wrong[0].item, problem=wrong[0].problem)
            )
        changes = [Change(**line.change) for line in chosen]
        if self.needs_approval:
            self.env["retail.config.change"]._propose(self.backend_id, changes, self.reason)
            return self._notify(self.env._("Proposed: somebody else has to approve it."))
        config = self.env["retail.config"].sudo()
        config.with_user(self.env.user).sudo()._apply(
            self.backend_id, changes, self.reason, "import"
        )
        return self._notify(self.env._("%(count)s values changed.", count=len(changes)))


class RetailConfigImportLine(models.TransientModel):
    """One value that would change."""

    _name = "retail.config.import.line"
    _description = "Import Configuration: a value"

    wizard_id = fields.Many2one("retail.config.import", required=True, ondelete="cascade")
    chosen = fields.Boolean(string="Take Over")
    item = fields.Char(readonly=True, string="Item in the File")
    field = fields.Char(readonly=True, string="Field in the File")
    what = fields.Char(readonly=True)
    field_label = fields.Char(readonly=True, string="Field")
    before = fields.Char(readonly=True, string="Here")
    after = fields.Char(readonly=True, string="In the File")
    change = fields.Json(readonly=True)
    problem = fields.Char(readonly=True)
