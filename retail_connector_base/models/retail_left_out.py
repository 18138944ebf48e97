from psycopg2.extras import execute_values

from odoo import api, fields, models

from ..decisions.version import Seen

REMEMBER = """
    INSERT INTO retail_left_out
           (backend_id, company_id, kind, external_id, version, observed_at, content_hash,
            create_uid, write_uid, create_date, write_date)
    VALUES %s
    ON CONFLICT (backend_id, kind, external_id) DO UPDATE
       SET version = excluded.version, observed_at = excluded.observed_at,
           content_hash = excluded.content_hash, write_date = excluded.write_date
"""


class RetailLeftOut(models.Model):
    """The last state of an entity that was left out on purpose, and so has no binding.

    Older states that come later are superseded by it; a newer one is judged anew, and the row goes
    when that one is imported.
    """

    _name = "retail.left.out"
    _description = "Retail: Left Out on Purpose"
    _order = "id desc"
    _rec_name = "external_id"

    backend_id = fields.Many2one("retail.backend", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True)
    kind = fields.Char(required=True)
    external_id = fields.Char(required=True)
    version = fields.Char(required=True, help="Microseconds since 1970-01-01 UTC.")
    observed_at = fields.Char(required=True, help="When the sender took it, in microseconds.")
    content_hash = fields.Char(required=True)

    _entity_unique = models.UniqueIndex(
        "(backend_id, kind, external_id)", "What was left out is remembered once."
    )

    @api.model
    def _of(self, backend, kind, external_ids):
        """Return the rows of these entities by external id, in one query."""
        if not external_ids:
            return {}
        found = self.search(
            [
                ("backend_id", "=", backend.id),
                ("kind", "=", kind),
                ("external_id", "in", list(external_ids)),
            ]
        )
        return {row.external_id: row for row in found}

    def _seen(self):
        """Return the state that was left out, for the version guard."""
        self.ensure_one()
        return Seen(int(self.version), int(self.observed_at), self.content_hash)

    @api.model
    def _remember(self, backend, items):
        """Remember the states of these items instead of older ones, in one statement."""
        if not items:
            return
        now, uid = fields.Datetime.now(), self.env.uid
        rows = [
            (backend.id, backend.company_id.id, item.canonical.kind, item.canonical.external_id,
             str(item.version), str(item.observed_at), item.content_hash, uid, uid, now, now)
            for item in sorted(items, key=lambda item: item.canonical.external_id)
        ]  # fmt: skip
        execute_values(self.env.cr._obj, REMEMBER, rows)
        self.invalidate_model()
