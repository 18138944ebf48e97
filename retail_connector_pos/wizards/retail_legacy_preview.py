import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.retail_connector_base.providers import ConnectorError

from ..decisions.legacy_tie import differing

MOST = 100


class RetailLegacyPreview(models.TransientModel):
    """What a layout makes of the other system's records, beside their rows. Nothing is imported."""

    _name = "retail.legacy.preview"
    _description = "Preview of a Layout"

    layout_id = fields.Many2one("retail.legacy.layout", required=True, readonly=True)
    limit = fields.Integer(string="Records", default=10, help="At most 100.")
    line_ids = fields.One2many("retail.legacy.preview.line", "preview_id", readonly=True)
    good_count = fields.Integer(compute="_compute_counts", string="Tie Out")
    bad_count = fields.Integer(compute="_compute_counts", string="Need a Look")

    @api.depends("line_ids.state")
    def _compute_counts(self):
        for preview in self:
            states = preview.line_ids.mapped("state")
            preview.good_count = states.count("good")
            preview.bad_count = states.count("bad") + states.count("different")

    @api.model
    def _open(self, layout):
        """Return the action that shows the preview of a layout."""
        preview = self.create({"layout_id": layout.id})
        preview._look()
        return preview._reopen()

    def action_look(self):
        """Read again."""
        self.ensure_one()
        self._look()
        return self._reopen()

    def _look(self):
        """Read the records. Rows of customers are shown: administrators only."""
        self.layout_id.check_access("write")
        layout = self.layout_id
        if layout.problems:
            raise UserError(layout.problems)
        count = min(max(self.limit, 1), MOST)
        try:
            samples = layout.backend_id._provider().sample(layout._layout(), count)
        except ConnectorError as error:
            raise UserError(str(error)) from error
        self.line_ids.unlink()
        self.line_ids = [fields.Command.create(self._values_of(sample)) for sample in samples]

    def _values_of(self, sample):
        message = sample.canonical
        apart = differing(message) if message else ()
        state = "skipped" if sample.skipped else "different" if apart else "good"
        return {
            "place": sample.where,
            "raw": sample.raw,
            "shown": message and self._in_words(message),
            "state": "bad" if sample.errors else state,
            "errors": "\n".join(
                [
                    *sample.errors,
                    *(
                        self.env._(
                            "%(what)s: %(told)s told, %(added)s added up",
                            what=what,
                            told=told,
                            added=added,
                        )
                        for what, told, added in apart
                    ),
                ]
            ),
        }

    def _in_words(self, message):
        """Return a message's fields that say anything."""
        content = message.model_dump(mode="json", exclude_defaults=True)
        return json.dumps(content, indent=1, ensure_ascii=False)

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }


class RetailLegacyPreviewLine(models.TransientModel):
    """One record: its rows, and what they become."""

    _name = "retail.legacy.preview.line"
    _description = "Preview of a Layout: record"

    preview_id = fields.Many2one("retail.legacy.preview", required=True, ondelete="cascade")
    place = fields.Char(string="From", readonly=True)
    raw = fields.Text(string="Rows", readonly=True)
    shown = fields.Text(string="Becomes", readonly=True)
    errors = fields.Text(readonly=True)
    state = fields.Selection(
        [
            ("good", "Ties Out"),
            ("different", "Does Not Tie"),
            ("bad", "Cannot Be Read"),
            ("skipped", "Left Out"),
        ],
        readonly=True,
    )
