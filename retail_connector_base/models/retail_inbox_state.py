from datetime import timedelta

from psycopg2.extras import execute_values

from odoo import api, fields, models

from .retail_inbox_message import DEAD, PENDING

FRESH = {
    "state": "received",
    "attempts": 0,
    "crashes": 0,
    "next_attempt_at": False,
    "waiting_key": False,
    "waiting_until": False,
    "finished_at": False,
    "error": False,
    "error_class": False,
}


class RetailInboxMessage(models.Model):
    """The transitions of a message's state. Nothing else writes it."""

    _inherit = "retail.inbox.message"

    def _write_results(self, results):
        """Write what importers made of their items, in one statement."""
        rows = [
            (
                message_id,
                result.outcome.value,
                result.note or None,
                *(result.record or (None, None)),
            )
            for message_id, result in results.items()
        ]
        execute_values(
            self.env.cr._obj,
            """
            UPDATE retail_inbox_message message
               SET state = result.state, error = result.note, error_class = NULL,
                   record_model = result.model, record_id = result.record::int,
                   next_attempt_at = NULL, waiting_key = NULL, waiting_until = NULL,
                   attempts = attempts + 1, finished_at = now() AT TIME ZONE 'UTC'
              FROM (VALUES %s) AS result (id, state, note, model, record)
             WHERE message.id = result.id
            """,
            rows,
        )
        self.browse(results).invalidate_recordset()

    def _finish(self, state, note):
        """Put messages to rest without an effect."""
        if self:
            self.write({"state": state, "error": note, "finished_at": fields.Datetime.now()})

    def _retry_in(self, seconds, error_class, error, counts=True):
        """Try a message again after some seconds; ``counts`` unless nothing was attempted."""
        at = fields.Datetime.now() + timedelta(seconds=seconds)
        self.write(
            {
                "state": "retry",
                "attempts": self.attempts + counts,
                "next_attempt_at": at,
                "error_class": error_class.value,
                "error": error,
            }
        )
        self.env["retail.inbox.sweeper"]._sweep_at(at)

    def _wait_for(self, entity_key, seconds, deadline):
        """Let a message wait for its parent; it is looked at again now and then all the same."""
        self.write(
            {
                "state": "waiting",
                "attempts": self.attempts + 1,
                "waiting_key": entity_key,
                "waiting_until": self.waiting_until or deadline,
                "next_attempt_at": fields.Datetime.now() + timedelta(seconds=seconds),
                "error": self.env._("Waits for %(parent)s.", parent=entity_key),
            }
        )

    def _die(self, state, error_class, error):
        """Leave a message to a person."""
        self.write(
            {
                "state": state,
                "attempts": self.attempts + 1,
                "next_attempt_at": False,
                "error_class": error_class.value,
                "error": error,
            }
        )

    @api.model
    def _release_waiting(self, backend, entity_keys):
        """Wake the messages that wait for these entities, in the transaction that bound them."""
        if not entity_keys:
            return
        waiting = self.search(
            [
                ("backend_id", "=", backend.id),
                ("state", "=", "waiting"),
                ("waiting_key", "in", entity_keys),
            ]
        )
        waiting.write({"state": "received", "next_attempt_at": False, "waiting_key": False})
        waiting._wake_lanes_after_commit()

    # Replay

    def _replay(self):
        """Lead dead, unsupported and finished messages back to the start; wake their lanes."""
        messages = self.filtered(lambda message: message.state not in PENDING)
        messages.write(FRESH)
        (self - messages).write({"next_attempt_at": False})
        self._audit("replay")
        self._wake_lanes_after_commit()

    def _skip(self, reason):
        """Put dead or waiting messages aside for good; what came after them goes on."""
        messages = self.filtered(lambda message: message.state in (*PENDING, *DEAD))
        messages._finish("ignored", reason)
        self._audit("skip", reason=reason)
        self.env["retail.inbox.failure"]._resolve(messages)
        messages._wake_lanes_after_commit()

    def _audit(self, action, **detail):
        audit = self.env["retail.audit"]
        for backend, messages in self.grouped("backend_id").items():
            audit._log(
                action, record=backend, backend=backend, detail={"ids": messages.ids, **detail}
            )

    def _wake_lanes_after_commit(self):
        """Wake the lanes of these messages once their states are committed."""
        for backend_id, lane in {(message.backend_id.id, message.lane) for message in self}:
            self.env["retail.inbox.drain"]._wake_after_commit(backend_id, lane)
