from markupsafe import Markup

from odoo import api, fields, models

from ..providers.errors import ErrorClass

CLASSES = [
    (ErrorClass.TRANSIENT.value, "Connection"),
    (ErrorClass.RATE_LIMITED.value, "Rate Limit"),
    (ErrorClass.AUTHENTICATION.value, "Credentials"),
    (ErrorClass.CONFIGURATION.value, "Configuration"),
    (ErrorClass.MAPPING.value, "Mapping"),
    (ErrorClass.DATA.value, "Data"),
    (ErrorClass.CONFLICT.value, "Conflict"),
    (ErrorClass.FINANCE.value, "Finance"),
    (ErrorClass.BUG.value, "Software"),
]

# States in which a message needs nobody any more.
AT_REST = ("done", "superseded", "ignored")
COMMANDS_AT_REST = ("done", "cancelled")


class RetailException(models.Model):
    """Something a person must know or decide.

    Messages and commands that fail for the same reason share one record, found by its fingerprint;
    it is reopened when the reason comes back, and resolves itself when the last of them came
    through.
    """

    _name = "retail.exception"
    _description = "Retail Exception"
    _inherit = ["mail.thread", "mail.activity.mixin", "retail.once.mixin"]
    _order = "state, amount_at_risk desc, last_seen_at desc, id desc"
    _rec_name = "title"
    _mail_post_access = "read"

    backend_id = fields.Many2one(
        "retail.backend", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="backend_id.company_id", store=True, index=True)
    fingerprint = fields.Char(
        required=True, readonly=True, help="What makes two failures the same problem."
    )
    error_class = fields.Selection(
        CLASSES,
        string="Class",
        required=True,
        readonly=True,
        help="Decides who may fix it, and whether it is tried again by itself.",
    )
    code = fields.Char(required=True, readonly=True, help="The kind of problem, for filters.")
    title = fields.Char(string="Problem", required=True, readonly=True)
    cause = fields.Text(readonly=True, help="Why it happened and what to do.")
    comparison = fields.Json(readonly=True, help="Rows of what, theirs, ours.")
    comparison_html = fields.Html(compute="_compute_comparison_html", string="Side by Side")
    state = fields.Selection(
        [("open", "Open"), ("resolved", "Resolved"), ("dismissed", "Dismissed")],
        required=True,
        default="open",
        readonly=True,
        tracking=True,
        index=True,
    )
    occurrence_count = fields.Integer(string="Occurrences", readonly=True, default=1)
    reopen_count = fields.Integer(string="Reopened", readonly=True, help="How often it came back.")
    first_seen_at = fields.Datetime(string="First Seen", readonly=True)
    last_seen_at = fields.Datetime(string="Last Seen", readonly=True)
    refreshed_at = fields.Datetime(
        readonly=True, help="When the counts and the amount were computed last."
    )
    owner_id = fields.Many2one("res.users", readonly=True, tracking=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_at_risk = fields.Monetary(
        readonly=True, help="Sum over the messages that wait, in the company's currency."
    )
    inbox_message_ids = fields.One2many("retail.inbox.message", "exception_id", readonly=True)
    inbox_message_count = fields.Integer(
        string="Messages Waiting", compute="_compute_inbox_message_count"
    )
    outbox_command_ids = fields.One2many("retail.outbox.command", "exception_id", readonly=True)
    outbox_command_count = fields.Integer(
        string="Commands Waiting", compute="_compute_outbox_command_count"
    )
    fix = fields.Char(readonly=True, help="The code of the proposed fix.")
    fix_values = fields.Json(readonly=True, help="What the fix needs to know.")
    fix_label = fields.Char(compute="_compute_fix_label", string="Proposed Fix")
    may_fix = fields.Boolean(compute="_compute_may", help="Whether you may apply the fix.")
    may_dismiss = fields.Boolean(compute="_compute_may", help="Whether you may dismiss it.")
    res_model = fields.Char(string="Document Model", readonly=True)
    res_id = fields.Many2oneReference(string="Document", model_field="res_model", readonly=True)
    resolved_by_id = fields.Many2one("res.users", string="Closed by", readonly=True)
    resolved_at = fields.Datetime(string="Closed on", readonly=True)
    resolution = fields.Char(readonly=True, help="Why it is closed.")

    _fingerprint_unique = models.UniqueIndex(
        "(backend_id, fingerprint)", "A problem of a backend has one exception."
    )
    _document_index = models.Index("(res_model, res_id) WHERE res_id IS NOT NULL")

    @api.depends("comparison")
    def _compute_comparison_html(self):
        """Render the rows as a table. Every cell is escaped: its text comes from a channel."""
        cells = Markup("<tr><th>%s</th><td>%s</td><td>%s</td></tr>")
        for exception in self:
            rows = Markup().join(cells % tuple(row) for row in exception.comparison or ())
            exception.comparison_html = rows and self._comparison_table(rows)

    def _comparison_table(self, rows):
        head = Markup("<thead><tr><th></th><th>%s</th><th>%s</th></tr></thead>") % (
            self.env._("Channel"),
            self.env._("Odoo"),
        )
        body = Markup("<tbody>%s</tbody>") % rows
        return Markup('<table class="table table-sm">%s%s</table>') % (head, body)

    def _compute_inbox_message_count(self):
        counts = dict(
            self.env["retail.inbox.message"]._read_group(
                [("exception_id", "in", self.ids), ("state", "not in", AT_REST)],
                ["exception_id"],
                ["__count"],
            )
        )
        for exception in self:
            exception.inbox_message_count = counts.get(exception, 0)

    def _compute_outbox_command_count(self):
        counts = dict(
            self.env["retail.outbox.command"]._read_group(
                [("exception_id", "in", self.ids), ("state", "not in", COMMANDS_AT_REST)],
                ["exception_id"],
                ["__count"],
            )
        )
        for exception in self:
            exception.outbox_command_count = counts.get(exception, 0)

    @api.model
    def _fix_labels(self):
        """Return the fixes by code, in words. An addon adds its own, and a ``_fix_<code>`` method
        that returns an action."""
        return {
            "map_value": self.env._("Map the Value"),
            "retry": self.env._("Try Again"),
            "open_backend": self.env._("Open the Backend"),
            "set_credential": self.env._("Enter the Credential"),
            "open_record": self.env._("Open the Document"),
        }

    @api.depends("fix")
    @api.depends_context("lang")
    def _compute_fix_label(self):
        labels = self._fix_labels()
        for exception in self:
            exception.fix_label = labels.get(exception.fix)
