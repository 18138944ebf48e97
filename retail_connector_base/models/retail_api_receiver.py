from psycopg2.errors import UniqueViolation
from psycopg2.extras import execute_batch

from odoo import api, models

from ..decisions.api_items import is_by_content
from ..decisions.receipt import Receipt, ReceiptStatus
from .retail_inbox_receiver import INSERT

# "RC_A": batches of one backend are stored one after another. Two that hold the same items in
# another order would wait for each other; taking the items in one order for all would lose theirs.
LOCK_SPACE = 0x52435F41
NEWEST = """
    SELECT id, event_id FROM retail_inbox_message
     WHERE backend_id = %(backend_id)s AND entity_key = %(entity_key)s AND source = 'api'
       AND topic = %(topic)s
     ORDER BY id DESC LIMIT 1
"""


class RetailInboxReceiver(models.AbstractModel):
    """Stores many items of one request in one transaction."""

    _inherit = "retail.inbox.receiver"

    @api.model
    def _store_items(self, backend_id, lanes, messages, source="api"):
        """Store messages and return their receipts, in their order. The caller commits.

        The transaction is READ COMMITTED: after a violated index what the other one stored can be
        read. What is new goes in under one savepoint; if somebody was faster, one by one.
        """
        if len(messages) > 1:
            self.env.cr.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, backend_id])
        rows = [self._insert_values(backend_id, lanes, message, source) for message in messages]
        known = self._known_events(backend_id, [row["event_id"] for row in rows])
        fresh = {}
        for index, row in enumerate(rows):
            if (row["topic"], row["event_id"]) not in known:
                fresh.setdefault((row["topic"], row["event_id"]), index)
        first = set(fresh.values())
        if not self._insert_all([rows[index] for index in sorted(first)]):
            return [self._store_one(row) for row in rows]
        return [
            self._receipt(row) if index in first else self._store_known(row)
            for index, row in enumerate(rows)
        ]

    def _insert_all(self, rows):
        """Insert rows that are new by all we know; tell whether they were."""
        try:
            with self.env.cr.savepoint(flush=False):
                # Many statements to a round trip.
                execute_batch(self.env.cr._obj, INSERT, rows, page_size=100)
        except UniqueViolation:
            return False
        return True

    def _store_one(self, row):
        try:
            with self.env.cr.savepoint(flush=False):
                self._insert(row)
        except UniqueViolation:
            return self._store_known(row)
        return self._receipt(row)

    def _store_known(self, row):
        """Tell what was said before from what is said again after something else.

        A state that names neither event, key nor version is known by its content alone. A count
        that goes from 5 to 4 and back to 5 says 5 twice, and the second time is news.
        """
        if row["version"] == "0" and is_by_content(row["event_id"]):
            self.env.cr.execute(NEWEST, row)
            newest_id, event_id = self.env.cr.fetchone() or (None, row["event_id"])
            if event_id.partition("@")[0] != row["event_id"]:
                return self._store_one({**row, "event_id": f"{row['event_id']}@{newest_id}"})
            row = {**row, "event_id": event_id}
        return self._store_again(row)

    def _receipt(self, row):
        return Receipt(row["correlation_id"], ReceiptStatus.STORED, row["lane"], row["kind"])
