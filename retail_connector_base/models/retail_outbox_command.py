import uuid

from odoo import api, fields, models

from ..canonical import COMMANDS, Command
from ..decisions.fingerprint import storable_json
from ..decisions.lane import lane_of

STATES = [
    ("pending", "Pending"),
    ("leased", "Being Sent"),
    ("done", "Done"),
    ("retry", "Retry"),
    ("unknown", "Outcome Unknown"),
    ("blocked", "Blocked"),
    ("cancelled", "Cancelled"),
]
# States that a sender takes commands from.
SENDABLE = ("pending", "retry", "unknown")
AT_REST = ("done", "cancelled")
IDENTITY = ("backend_id", "idempotency_key")


class RetailOutboxCommand(models.Model):
    """One effect that another system is owed, written with the business change that causes it."""

    _name = "retail.outbox.command"
    _description = "Retail Outbox Command"
    _inherit = ["retail.once.mixin", "retail.notice.mixin"]
    _order = "id desc"
    _rec_name = "idempotency_key"
    _rec_names_search = ["idempotency_key", "entity_key"]

    backend_id = fields.Many2one(
        "retail.backend", required=True, ondelete="restrict", readonly=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    kind = fields.Selection(
        selection="_selection_kind", required=True, readonly=True, string="Command"
    )
    flow_kind = fields.Char(
        required=True, readonly=True, string="Flow", help="The outgoing flow that it belongs to."
    )
    entity_key = fields.Char(
        required=True, readonly=True, string="Entity", help="What the command is about."
    )
    lane = fields.Integer(required=True, readonly=True)
    priority = fields.Integer(default=10, readonly=True)
    idempotency_key = fields.Char(
        required=True, readonly=True, help="Names the effect, through all attempts."
    )
    payload = fields.Json(required=True, readonly=True)
    res_model = fields.Char(string="Document Model", readonly=True)
    res_id = fields.Many2oneReference(string="Document", model_field="res_model", readonly=True)
    state = fields.Selection(STATES, required=True, default="pending", readonly=True)
    in_doubt = fields.Boolean(
        readonly=True, help="It may have had its effect: the other side is asked first."
    )
    held = fields.Boolean(
        readonly=True, help="Kept until whoever is to hear of it is tried again or resumed."
    )
    attempts = fields.Integer(readonly=True)
    asked_count = fields.Integer(
        readonly=True, string="Asked", help="How often the other side was asked about the outcome."
    )
    crashes = fields.Integer(readonly=True, help="How often a worker died while sending it.")
    next_attempt_at = fields.Datetime(readonly=True)
    failing_since = fields.Datetime(readonly=True)
    lease_owner = fields.Char(readonly=True, help="The process that sends it.")
    leased_until = fields.Datetime(readonly=True)
    fencing_token = fields.Integer(
        readonly=True, default=0, help="Grows with each lease; a former holder stores nothing."
    )
    external_ids = fields.Json(readonly=True, help="What it made at the other side.")
    notes = fields.Char(readonly=True, help="What the other side wants to be known.")
    error_class = fields.Char(readonly=True)
    error = fields.Char(readonly=True)
    exception_id = fields.Many2one("retail.exception", readonly=True, ondelete="set null")
    correlation_id = fields.Char(required=True, readonly=True, index=True)
    done_at = fields.Datetime(readonly=True)

    _key_unique = models.UniqueIndex(
        "(backend_id, idempotency_key)", "An effect is owed once to a backend."
    )
    _claim_index = models.Index(
        "(backend_id, lane, priority, id) "
        "WHERE state IN ('pending', 'retry', 'unknown', 'leased') AND held IS NOT TRUE"
    )
    _open_index = models.Index(
        "(backend_id, entity_key, id) WHERE state NOT IN ('done', 'cancelled')"
    )
    _entity_index = models.Index("(backend_id, entity_key, id)")
    _document_index = models.Index("(res_model, res_id) WHERE res_id IS NOT NULL")
    _exception_index = models.Index("(exception_id) WHERE exception_id IS NOT NULL")

    # Writing down what is owed

    @api.model
    def _put(self, backend, command: Command, key: str, record=None):
        """Owe a backend a command, in the transaction of the business change; return its row.

        The same key is the same row, whatever the command says the second time. ``record`` is the
        document that it comes from.
        """
        commands, backend = self.sudo(), backend.sudo()
        made = commands._insert_once(IDENTITY, [commands._values(backend, command, key, record)])
        made._wake_after_commit()
        return made or commands.search(
            [("backend_id", "=", backend.id), ("idempotency_key", "=", key)]
        )

    def _values(self, backend, command, key, record):
        exporter = self._exporter(command.kind)
        flow = exporter._flow(backend)
        lanes = self.env["retail.backend"]._lane_count_of(backend.id)
        return {
            "backend_id": backend.id,
            "company_id": backend.company_id.id,
            "kind": command.kind,
            "flow_kind": exporter._flow_kind or command.kind,
            "entity_key": command.entity_key,
            "lane": lane_of(command.entity_key, lanes),
            "priority": flow._job_priority() if flow else 10,
            "idempotency_key": key,
            "payload": storable_json(command.model_dump(mode="json")),
            "res_model": record._name if record else None,
            "res_id": record.id if record else None,
            "state": "pending",
            "in_doubt": False,
            "attempts": 0,
            "asked_count": 0,
            "crashes": 0,
            "fencing_token": 0,
            "correlation_id": str(uuid.uuid4()),
        }

    def _wake_after_commit(self):
        """Wake the lanes of these commands, where their flow runs, once this is committed."""
        sender = self.env["retail.outbox.sender"]
        for command in self:
            flow = command._exporter(command.kind)._flow(command.backend_id)
            if flow and flow._is_running_out():
                sender._wake_after_commit(command.backend_id.id, command.lane)

    # Reading it

    @api.model
    def _selection_kind(self):
        return self.env["retail.kind"]._command_selection()

    @api.model
    def _exporter(self, kind):
        """Return what knows about commands of a kind, the general one where no addon does."""
        name = f"retail.exporter.{kind}"
        return self.env[name if name in self.env else "retail.exporter"]

    def _command(self) -> Command:
        """Return the command as it was put."""
        self.ensure_one()
        return COMMANDS[self.kind].model_validate(self.payload)

    def _siblings(self):
        """Return the other commands about the same entity."""
        self.ensure_one()
        return self.search(
            [
                ("backend_id", "=", self.backend_id.id),
                ("entity_key", "=", self.entity_key),
                ("id", "!=", self.id),
            ],
            order="id",
        )

    def _document(self):
        """Return the document that the command comes from, ``None`` without one."""
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id).exists() if self.res_model else None
