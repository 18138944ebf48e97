import base64
import hashlib
import json
from uuid import uuid4

from psycopg2 import errors

from odoo import api, models

from ..decisions.lane import lane_of
from ..decisions.receipt import Receipt, ReceiptStatus, printable
from ..fail_points import reach

# The priority is that of decisions.lane.job_priority.
INSERT = """
    INSERT INTO retail_inbox_message (
        backend_id, company_id, source, topic, kind, event_id, entity_key, version, observed_at,
        authoritative, lane, priority, state, body, body_hash, body_size, headers, received_at,
        attempts, crashes, correlation_id, create_uid, create_date, write_uid, write_date)
    SELECT backend.id, backend.company_id, %(source)s, %(topic)s, %(kind)s, %(event_id)s,
           %(entity_key)s, %(version)s, %(observed_at)s, %(authoritative)s, %(lane)s,
           (coalesce(flow.tier::int, 1) - 1) * 100
           + least(greatest(coalesce(flow.priority, 10), 0), 99),
           %(state)s, %(body)s, %(body_hash)s, %(body_size)s,
           %(headers)s, now() AT TIME ZONE 'UTC', 0, 0, %(correlation_id)s, backend.user_id,
           now() AT TIME ZONE 'UTC', backend.user_id, now() AT TIME ZONE 'UTC'
      FROM retail_backend backend
      LEFT JOIN retail_flow flow ON flow.backend_id = backend.id AND flow.kind = %(kind)s
           AND flow.direction = 'in'
     WHERE backend.id = %(backend_id)s
    RETURNING id, lane
"""


class RetailInboxReceiver(models.AbstractModel):
    """Stores what comes in: one plain insert each, so that the unique index decides."""

    _name = "retail.inbox.receiver"
    _description = "Retail Inbox: receiving"

    @api.model
    def _store(self, backend_id, lanes, message, source):
        """Store a message and return its receipt.

        A transaction holds one message, or calls this within a savepoint: a violated index rolls
        back. The caller commits, then wakes the lane.
        """
        values = self._insert_values(backend_id, lanes, message, source)
        reach("inbox.before_insert")
        try:
            self._insert(values)
        except errors.UniqueViolation:
            self.env.cr.rollback()
            return self._store_again(values)
        reach("inbox.after_insert")
        return Receipt(values["correlation_id"], ReceiptStatus.STORED, values["lane"], message.kind)

    @api.model
    def _store_page(self, backend_id, lanes, messages, source):
        """Store a page of a poll and return the lanes to wake. Known messages are left out."""
        rows = [self._insert_values(backend_id, lanes, message, source) for message in messages]
        known = self._known_events(backend_id, [row["event_id"] for row in rows])
        fresh = {
            (row["topic"], row["event_id"]): row
            for row in rows
            if (row["topic"], row["event_id"]) not in known
        }
        for row in fresh.values():
            self._insert(row)
        return {row["lane"] for row in fresh.values() if row["kind"]}

    def _known_events(self, backend_id, event_ids):
        self.env.cr.execute(
            "SELECT topic, event_id FROM retail_inbox_message "
            "WHERE backend_id = %s AND event_id = ANY(%s)",
            [backend_id, event_ids],
        )
        return set(self.env.cr.fetchall())

    def _insert(self, values):
        # The query's parameters hold personal data: they must not reach the log.
        self.env.cr.execute(INSERT, values, log_exceptions=False)

    def _store_again(self, values):
        """Tell a duplicate from a conflict: the same event, but another body."""
        self.env.cr.execute(
            """
            SELECT correlation_id, body_hash FROM retail_inbox_message
             WHERE backend_id = %(backend_id)s AND topic = %(topic)s AND event_id = %(event_id)s
             ORDER BY body_hash = %(body_hash)s DESC LIMIT 1
            """,
            values,
        )
        correlation_id, body_hash = self.env.cr.fetchone()
        if body_hash == values["body_hash"]:
            return Receipt(correlation_id, ReceiptStatus.DUPLICATE, None, None)
        self._insert({**values, "state": "conflict"})
        self._report_conflict(values)
        return Receipt(values["correlation_id"], ReceiptStatus.CONFLICT, None, None)

    def _report_conflict(self, values):
        message = self.env["retail.inbox.message"].search(
            [("correlation_id", "=", values["correlation_id"])], limit=1
        )
        self.env["retail.inbox.failure"]._report_conflict(message)

    def _insert_values(self, backend_id, lanes, message, source):
        entity_key = printable(message.entity_key)
        return {
            "backend_id": backend_id,
            "source": source,
            "topic": printable(message.topic),
            "kind": message.kind,
            "event_id": printable(message.event_id),
            "entity_key": entity_key,
            "version": str(message.version),
            "observed_at": str(message.observed_at),
            "authoritative": message.authoritative,
            "lane": lane_of(entity_key, lanes),
            "state": "received" if message.kind else "unsupported",
            "body": base64.b64encode(message.body),
            "body_hash": hashlib.sha256(message.body).hexdigest(),
            "body_size": len(message.body),
            "headers": json.dumps({k: printable(v) for k, v in message.headers.items()}),
            "correlation_id": str(uuid4()),
        }
