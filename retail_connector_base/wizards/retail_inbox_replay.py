from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.retail_inbox_message import DEAD, STATES

AT_ONCE = 10_000


class RetailInboxReplay(models.TransientModel):
    """Replays many messages by filter, after showing how many they are."""

    _name = "retail.inbox.replay"
    _description = "Replay Messages"

    backend_id = fields.Many2one("retail.backend", required=True)
    what = fields.Selection(
        [
            ("dead", "What needs a person"),
            ("unsupported", "What was not supported"),
            ("state", "Messages in one state"),
        ],
        required=True,
        default="dead",
    )
    state = fields.Selection(STATES, help="Replaying what is done applies it once more.")
    topic = fields.Char(help="Only messages whose topic contains this.")
    error_contains = fields.Char()
    received_from = fields.Datetime()
    received_to = fields.Datetime()
    message_count = fields.Integer(compute="_compute_message_count", string="Found")

    @api.depends(
        "backend_id", "what", "state", "topic", "error_contains", "received_from", "received_to"
    )
    def _compute_message_count(self):
        for wizard in self:
            wizard.message_count = self.env["retail.inbox.message"].search_count(wizard._domain())

    def _domain(self):
        self.ensure_one()
        conditions = [
            ("topic", "ilike", self.topic),
            ("error", "ilike", self.error_contains),
            ("received_at", ">=", self.received_from),
            ("received_at", "<=", self.received_to),
        ]
        return [
            ("backend_id", "=", self.backend_id.id),
            ("state", "in", self._states()),
            *(condition for condition in conditions if condition[2]),
        ]

    def _states(self):
        chosen = {"dead": list(DEAD), "unsupported": ["unsupported"]}
        return chosen.get(self.what) or [self.state]

    def action_replay(self):
        """Lead the messages found back to the start."""
        self.ensure_one()
        messages = self.env["retail.inbox.message"].search(
            self._domain(), limit=AT_ONCE, order="id"
        )
        if not messages:
            raise UserError(self.env._("No message fits: widen the filter."))
        return messages.action_replay()

    def action_show(self):
        """Show the messages found."""
        self.ensure_one()
        return self.backend_id.action_open_messages() | {"domain": self._domain()}
