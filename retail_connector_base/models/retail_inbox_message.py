import base64

from odoo import api, fields, models

STATES = [
    ("received", "Received"),
    ("retry", "Retry"),
    ("waiting", "Waiting"),
    ("done", "Done"),
    ("superseded", "Superseded"),
    ("ignored", "Ignored"),
    ("quarantined", "Quarantined"),
    ("blocked", "Blocked"),
    ("unsupported", "Unsupported"),
    ("conflict", "Conflict"),
]
PENDING = ("received", "retry", "waiting")
DEAD = ("quarantined", "blocked", "conflict")


class RetailInboxMessage(models.Model):
    """One received event: its raw bytes, its identity and what became of it."""

    _name = "retail.inbox.message"
    _description = "Retail Inbox Message"
    _inherit = ["retail.job.mixin"]
    _order = "id desc"
    _rec_name = "event_id"

    # Every index costs each webhook: the indexes below begin with the backend.
    backend_id = fields.Many2one(
        "retail.backend", required=True, ondelete="restrict", readonly=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    source = fields.Selection(
        [("webhook", "Webhook"), ("poll", "Poll"), ("refetch", "Fetched Again"), ("api", "API")],
        required=True,
        readonly=True,
    )
    topic = fields.Char(required=True, readonly=True)
    kind = fields.Char(readonly=True, help="The canonical kind the message is read as.")
    event_id = fields.Char(required=True, readonly=True)
    entity_key = fields.Char(
        required=True, readonly=True, string="Entity", help="What the message is about."
    )
    version = fields.Char(readonly=True, help="State of the entity, in microseconds since 1970.")
    observed_at = fields.Char(readonly=True, help="When the sender took it, in microseconds.")
    authoritative = fields.Boolean(readonly=True)
    lane = fields.Integer(required=True, readonly=True)
    priority = fields.Integer(default=10, readonly=True)
    state = fields.Selection(STATES, required=True, default="received", readonly=True)
    body = fields.Binary(
        attachment=False, readonly=True, groups="retail_connector_base.group_administrator"
    )
    body_hash = fields.Char(required=True, readonly=True)
    body_size = fields.Integer(readonly=True, string="Bytes")
    headers = fields.Json(readonly=True)
    received_at = fields.Datetime(required=True, readonly=True)
    next_attempt_at = fields.Datetime(readonly=True)
    attempts = fields.Integer(readonly=True)
    crashes = fields.Integer(readonly=True, help="How often a worker died while importing it.")
    waiting_key = fields.Char(readonly=True, string="Waits For")
    waiting_until = fields.Datetime(readonly=True)
    finished_at = fields.Datetime(readonly=True)
    error_class = fields.Char(readonly=True)
    error = fields.Char(readonly=True, help="What went wrong, or why nothing was done.")
    exception_id = fields.Many2one("retail.exception", readonly=True, ondelete="set null")
    amount_at_risk = fields.Float(readonly=True, digits=(16, 3))
    correlation_id = fields.Char(required=True, readonly=True, index=True)
    record_model = fields.Char(readonly=True)
    record_id = fields.Many2oneReference(model_field="record_model", readonly=True)
    preview = fields.Text(compute="_compute_preview", string="Payload (masked)")

    _event_unique = models.UniqueIndex(
        "(backend_id, topic, event_id) WHERE state != 'conflict'", "An event is stored once."
    )
    _conflict_unique = models.UniqueIndex(
        "(backend_id, topic, event_id, body_hash) WHERE state = 'conflict'",
        "A conflict is stored once.",
    )
    _claim_index = models.Index(
        "(backend_id, lane, priority, id) WHERE state IN ('received', 'retry', 'waiting')"
    )
    _entity_index = models.Index(
        "(backend_id, entity_key, id) WHERE state IN ('received', 'retry', 'waiting', 'blocked')"
    )
    _waiting_index = models.Index("(backend_id, waiting_key) WHERE state = 'waiting'")
    _dead_index = models.Index(
        "(backend_id, state) WHERE state IN ('quarantined', 'blocked', 'conflict', 'unsupported')"
    )
    _exception_index = models.Index("(exception_id) WHERE exception_id IS NOT NULL")
    _backend_last_index = models.Index("(backend_id, received_at)")

    @api.depends("body")
    def _compute_preview(self):
        from ..decisions.masking import masked_preview

        for message in self:
            message.preview = masked_preview(message.sudo()._raw_body())

    def _raw_body(self) -> bytes:
        """Return the bytes as they were received."""
        self.ensure_one()
        return base64.b64decode(self.with_context(bin_size=False).body or b"")

    @api.model
    def _count_by_backend(self, backend_ids):
        """Return per backend what waits, what needs a person, and when the last one came."""
        if not backend_ids:
            return {}
        self.env.cr.execute(
            """
            SELECT backend.id,
                   (SELECT count(*) FROM retail_inbox_message m WHERE m.backend_id = backend.id
                       AND m.state IN ('received', 'retry', 'waiting')),
                   (SELECT count(*) FROM retail_inbox_message m WHERE m.backend_id = backend.id
                       AND m.state IN ('quarantined', 'blocked', 'conflict', 'unsupported')
                       AND m.state != 'unsupported'),
                   (SELECT max(received_at) FROM retail_inbox_message m
                     WHERE m.backend_id = backend.id)
              FROM retail_backend backend
             WHERE backend.id = ANY(%s)
            """,
            [list(backend_ids)],
        )
        return {
            row[0]: {"backlog": row[1], "dead": row[2], "last_at": row[3]}
            for row in self.env.cr.fetchall()
        }
