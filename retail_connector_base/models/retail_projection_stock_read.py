import uuid
from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from ..providers import Answer, ConnectorError, Verdict

# Everything that is published is to be read. What the channel does not know is only looked for
# again when a person wants it.
READ_ALL = """
    UPDATE retail_stock_state state SET read_due_at = %(since)s
      FROM retail_location_binding place
     WHERE place.id = state.location_binding_id AND place.odoo_id IS NOT NULL
       AND state.backend_id = %(backend_id)s AND state.is_known AND state.verdict <> 'missing'
"""
# What was refused is told again.
FORGIVE = """
    UPDATE retail_stock_state state
       SET is_known = false, pending = true, held_until = NULL, verdict = 'pending', error = NULL
      FROM retail_location_binding place
     WHERE place.id = state.location_binding_id AND place.odoo_id IS NOT NULL
       AND state.backend_id = %(backend_id)s AND state.verdict IN ('refused', 'missing')
       AND state.attempt_key IS NULL
"""
# A mark that was made after the question was asked stays: the answer may be older.
WAS_READ = """
    UPDATE retail_stock_state SET read_due_at = NULL WHERE id = ANY(%s) AND read_due_at < %s
"""


class RetailProjectionStock(models.AbstractModel):
    """Reads what a channel really holds, and decides anew where that is not what is known.

    Rows are marked with ``read_due_at``: by the flow for all of them, or where the channel tells of
    another quantity. They are read when there is nothing to tell, a batch in each pass. What comes
    out is treated as a comparison that the channel refused: see ``_stale``.
    """

    _inherit = "retail.projection.stock"

    _read_every = 24

    def _read_again(self, backend, forgive=False):
        """Override: mark what is published; it is read in batches by the passes that follow."""
        since = fields.Datetime.now() - timedelta(seconds=1)
        states = self.env[self._state_model]
        states.flush_model()
        self.env.cr.execute(READ_ALL, {"backend_id": backend.id, "since": since})
        if forgive:
            self.env.cr.execute(FORGIVE, {"backend_id": backend.id})
        states.invalidate_model()

    def _owing(self, flows, now):
        """Override: what is to be read is owed as well."""
        owing = super()._owing(flows, now)
        self.env[self._state_model].flush_model(["backend_id", "read_due_at", "attempt_key"])
        return owing | (flows - owing)._of_which(
            SQL(
                """EXISTS (SELECT FROM retail_stock_state
                            WHERE backend_id = wanted.id AND read_due_at < %s
                              AND attempt_key IS NULL)""",
                now,
            )
        )

    def _to_read(self, backend_id, now, limit):
        """Return the next rows to read. Those with an open attempt wait for their answer."""
        return self.env[self._state_model].search(
            [
                ("backend_id", "=", backend_id),
                ("read_due_at", "<", now),
                ("attempt_key", "=", False),
            ],
            order="read_due_at, id",
            limit=limit,
        )

    def _run_chunk(self, backend_id):
        """Override: when there is nothing to tell, read what is to be read."""
        return super()._run_chunk(backend_id) or self._read_chunk(backend_id)

    def _read_chunk(self, backend_id):
        asked = self._again("_begin_reading", backend_id)
        if not asked:
            return False
        try:
            provider = self.env["retail.backend"]._build_provider(backend_id, uuid.uuid4().hex)
            found = provider.read_stock(list(asked["keys"].values()))
        except ConnectorError as error:
            return self._again("_note_failure", backend_id, asked, error)
        return self._again("_keep_read", backend_id, asked, found)

    def _begin_reading(self, backend_id):
        """Return what is to be read next, and from when on."""
        flow = self._ready_flow(backend_id)
        if not flow:
            return None
        now = fields.Datetime.now()
        rows = self._to_read(backend_id, now, self._batch_of(flow.backend_id._provider_class()))
        return rows and {"begun": now, "keys": {row.id: self._key_of(row) for row in rows}}

    def _keep_read(self, backend_id, asked, found):
        """Decide anew where the channel holds something else than is known; return to go on."""
        keys = asked["keys"]
        for row in self.env[self._state_model].browse(keys).exists():
            if not row.attempt_key:
                self._hear(row, found.get(keys[row.id]))
        self.env.flush_all()
        self.env.cr.execute(WAS_READ, [list(keys), asked["begun"]])
        self._flow(backend_id)._note_success()
        return True

    def _hear(self, row, actual):
        if row.verdict == "missing" and actual is None:
            return
        if row.is_known and actual == row._count_of().expected:
            return
        self._stale(row, Answer(Verdict.STALE, actual=actual))
