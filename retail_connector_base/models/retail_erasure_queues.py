from odoo import models
from odoo.tools import SQL

from .retail_erasure_mark import SHOP
from .retail_inbox_message import DEAD, PENDING
from .retail_retention_drop import NOW, REDUCED

WINDOW = 2000
# The bytes are kept as base64; what is no ASCII is written \\ooo, so that no encoding can fail.
FIND_MESSAGES = """
    SELECT id, state, hit FROM (
        SELECT message.id, message.state,
               (message.backend_id || '|' || message.entity_key = ANY(%(keys)s))
               OR EXISTS (SELECT FROM unnest(%(strong)s::text[]) needle
                           WHERE position(needle IN content.text) > 0) AS hit,
               EXISTS (SELECT FROM unnest(%(words)s::text[]) needle
                        WHERE position(needle IN content.text) > 0) AS mentions
          FROM retail_inbox_message message, LATERAL (
               SELECT lower(encode(decode(encode(message.body, 'escape'), 'base64'), 'escape')
                      || coalesce(message.headers::text, '')) AS text) content
         WHERE message.id = ANY(%(ids)s)) found
     WHERE hit OR mentions
"""


class RetailErasure(models.Model):
    """What queues keep of a person: messages, commands, jobs."""

    _inherit = "retail.erasure"

    def _step_marks(self, after):
        """Leave the permanent marks."""
        marks, subject = self.env["retail.erasure.mark"], self._subject()
        backends = self.env["retail.backend"]
        count = 0
        if self.type == "shop":
            marks._mark(self.company_id, self.backend_id, {SHOP})
            count += 1
        for backend_id, traces in subject.traces().items():
            backend = backends.browse(backend_id) if backend_id else self.backend_id
            marks._mark(self.company_id, backend, traces)
            count += len(traces)
        self._note(self.env._("Permanent marks (digests)"), 0, count)

    def _message_keys(self, subject):
        """Return the entity keys of his customers and orders, each with its backend."""
        keys = [f"{backend}|customer:{external_id}" for backend, external_id in subject.customers]
        return keys + [f"{backend}|order:{external_id}" for backend, external_id in subject.orders]

    def _step_inbox(self, after):
        """Drop the payloads of one window of messages; return where the next begins."""
        subject = self._subject()
        self.env.cr.execute(
            "SELECT id FROM retail_inbox_message WHERE backend_id = ANY(%s) AND id > %s "
            "AND payload_dropped_at IS NULL ORDER BY id LIMIT %s",
            [subject.backend_ids, after, WINDOW],
        )
        ids = [row[0] for row in self.env.cr.fetchall()]
        if not ids:
            return None
        messages = self.env["retail.inbox.message"].browse(
            ids if self.type == "shop" else self._messages_about(subject, ids)
        )
        messages -= self.message_id  # this request's own is dropped at its end
        dead = messages.filtered(lambda message: message.state in (*DEAD, "unsupported"))
        queued = messages.filtered(lambda message: message.state in PENDING)
        dead._finish("ignored", self.env._("Its person was erased."))
        (messages - queued).is_erased = True
        (messages - queued)._drop_payload("erasure")
        self.env["retail.inbox.failure"]._resolve(dead)
        self._note(self.env._("Messages"), len(messages - queued))
        return ids[-1]

    def _messages_about(self, subject, ids):
        """Return the messages that are about him; of those in a queue, only what surely is."""
        values = {
            "ids": ids,
            "keys": self._message_keys(subject),
            "strong": subject.byte_needles("email", "phone"),
            "words": subject.byte_needles("name"),
        }
        self.env.cr.execute(FIND_MESSAGES, values, log_exceptions=False)
        return [
            id_
            for id_, state, hit in self.env.cr.fetchall()
            if hit or state not in (*PENDING, *DEAD, "unsupported")
        ]

    def _pending_count(self):
        """Return how many messages and commands about him still wait for somebody or something."""
        subject = self._subject()
        self.env.cr.execute(
            "SELECT id FROM retail_inbox_message WHERE backend_id = ANY(%s) "
            "AND state IN ('received', 'retry', 'waiting') AND payload_dropped_at IS NULL",
            [subject.backend_ids],
        )
        ids = [row[0] for row in self.env.cr.fetchall()]
        own = self.message_id.ids
        messages = ids if self.type == "shop" else self._messages_about(subject, ids)
        commands = self.env["retail.outbox.command"].browse(self._commands_about(subject))
        waiting = commands.filtered(lambda command: command.state not in ("done", "cancelled"))
        return len(set(messages) - set(own)) + len(waiting)

    def _commands_about(self, subject):
        pattern = subject.pattern()
        self.env.cr.execute(
            "SELECT id FROM retail_outbox_command WHERE backend_id = ANY(%s) "
            "AND payload_dropped_at IS NULL AND (%s OR payload::text ~* %s "
            "OR backend_id || '|' || entity_key = ANY(%s))",
            [
                self._backends_of_events().ids,
                self.type == "shop",
                pattern or "$^",
                self._message_keys(subject),
            ],
            log_exceptions=False,
        )
        return [row[0] for row in self.env.cr.fetchall()]

    def _backends_of_events(self):
        """Return where commands about him may stand: subscribers are backends of their own."""
        domain = [("company_id", "=", self.company_id.id)]
        return self.env["retail.backend"].with_context(active_test=False).search(domain)

    def _step_outbox(self, after):
        """Drop what commands said that are at rest."""
        commands = self.env["retail.outbox.command"].browse(self._commands_about(self._subject()))
        rest = commands.filtered(lambda command: command.state in ("done", "cancelled"))
        if rest:
            self.env.cr.execute(
                SQL(
                    "UPDATE retail_outbox_command SET payload = %s, payload_dropped_at = %s "
                    "WHERE id = ANY(%s)",
                    REDUCED,
                    NOW,
                    rest.ids,
                )
            )
        self._note(self.env._("Commands and deliveries"), len(rest))

    def _step_jobs(self, after):
        """Delete jobs that name him; jobs of ours carry ids only, but errors may quote."""
        pattern = self._subject().pattern("email", "phone", "name")
        if not pattern:
            return
        self.env.cr.execute(
            "DELETE FROM queue_job job WHERE state IN ('done', 'failed', 'cancelled') "
            "AND job::text ~* %s",
            [pattern],
            log_exceptions=False,
        )
        count = self.env.cr.rowcount
        self.env.cr.execute(
            "UPDATE queue_job job SET exc_info = NULL, exc_message = NULL, result = NULL "
            "WHERE concat_ws(' ', exc_info, exc_message, result) ~* %s",
            [pattern],
            log_exceptions=False,
        )
        self._note(self.env._("Jobs"), count + self.env.cr.rowcount)
        return
