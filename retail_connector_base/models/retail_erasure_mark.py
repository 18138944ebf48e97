import secrets
from datetime import timezone

from odoo import api, fields, models

from ..canonical import version_of
from ..decisions.erasure import Erased, Trace, digest

KEY = "retail_connector.erasure_key"
MARK = """
    INSERT INTO retail_erasure_mark (company_id, backend_id, kind, digest, erased_at, create_uid,
           write_uid, create_date, write_date)
    SELECT %(company)s, %(backend)s, %(kind)s, %(digest)s, %(at)s, %(uid)s, %(uid)s,
           now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
        ON CONFLICT (company_id, coalesce(backend_id, 0), kind, digest) DO UPDATE
       SET erased_at = excluded.erased_at, returned_at = NULL, write_date = excluded.write_date
"""
FOUND = """
    SELECT digest, max(erased_at::bigint), min(returned_at::bigint) FROM retail_erasure_mark
     WHERE company_id = %s AND (backend_id IS NULL OR backend_id = %s) AND digest = ANY(%s)
     GROUP BY digest
"""
# A shop that was erased as a whole.
SHOP = Trace("shop", "")


class RetailErasureMark(models.Model):
    """The permanent mark of what identified an erased person, as a keyed digest.

    The digests' key is random and stored sealed by the server's key: a copy of the database alone
    cannot be searched for a person. Marks are never deleted.
    """

    _name = "retail.erasure.mark"
    _description = "Retail Erasure Mark"
    _order = "id desc"
    _rec_name = "kind"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    backend_id = fields.Many2one("retail.backend", readonly=True, ondelete="cascade")
    kind = fields.Char(required=True, readonly=True)
    digest = fields.Char(required=True, readonly=True)
    erased_at = fields.Char(required=True, readonly=True, help="Microseconds since 1970, UTC.")
    returned_at = fields.Char(readonly=True, help="When the first order after it was placed.")

    _digest_unique = models.UniqueIndex(
        "(company_id, coalesce(backend_id, 0), kind, digest)", "A trace is marked once."
    )

    @api.model
    def _key(self):
        """Return the digests' key; make it with the first erasure.

        Raises ``ConfigurationError`` without the server's key.
        """
        box = self.env["retail.credential"]._box()
        parameters = self.env["ir.config_parameter"].sudo()
        sealed = parameters.get_param(KEY)
        if not sealed:
            sealed = box.seal(secrets.token_hex(32))
            parameters.set_param(KEY, sealed)
        return bytes.fromhex(box.open(sealed))

    @api.model
    def _mark(self, company, backend, traces, at=None):
        """Mark traces as erased now. External ids are a backend's own: it has to be given."""
        key, moment = self._key(), at or self._now()
        for trace in sorted(traces):
            self.env.cr.execute(
                MARK,
                {
                    "company": company.id,
                    "backend": backend.id if backend else None,
                    "kind": trace.kind,
                    "digest": digest(key, trace),
                    "at": str(moment),
                    "uid": self.env.uid,
                },
            )
        self.invalidate_model()

    @api.model
    def _exist(self, backend):
        """Tell whether anything of a backend's company was erased: most have nothing to compare."""
        self.env.cr.execute(
            "SELECT EXISTS (SELECT FROM retail_erasure_mark WHERE company_id = %s)",
            [backend.company_id.id],
        )
        return self.env.cr.fetchone()[0]

    @api.model
    def _companies(self):
        """Return the ids of the companies that erased anything, in one query."""
        self.env.cr.execute(
            "SELECT id FROM res_company company WHERE EXISTS "
            "(SELECT FROM retail_erasure_mark WHERE company_id = company.id)"
        )
        return [row[0] for row in self.env.cr.fetchall()]

    @api.model
    def _of(self, backend, traces):
        """Return the marks of those traces that were erased, in one query."""
        key = self._key()
        digests = {digest(key, trace): trace for trace in {*traces, SHOP}}
        self.env.cr.execute(FOUND, [backend.company_id.id, backend.id, list(digests)])
        return {digests[row[0]]: Erased(row[1], row[2]) for row in self.env.cr.fetchall()}

    @api.model
    def _note_return(self, backend, traces, moment):
        """Note that a person bought again: what he tells from then on is his to tell."""
        key = self._key()
        self.env.cr.execute(
            """
            UPDATE retail_erasure_mark SET returned_at = %s
             WHERE company_id = %s AND (backend_id IS NULL OR backend_id = %s)
               AND digest = ANY(%s) AND kind != 'shop'
               AND (returned_at IS NULL OR returned_at::bigint > %s)
            """,
            [
                str(moment),
                backend.company_id.id,
                backend.id,
                [digest(key, trace) for trace in traces],
                moment,
            ],
        )
        self.invalidate_model()

    @api.model
    def _now(self):
        return version_of(fields.Datetime.now().replace(tzinfo=timezone.utc))


class RetailCredential(models.Model):
    """The digests' key goes with the secrets when the server's key is replaced."""

    _inherit = "retail.credential"

    def _reseal(self):
        """Override: encrypt the digests' key anew as well."""
        result = super()._reseal()
        parameters = self.env["ir.config_parameter"].sudo()
        sealed = parameters.get_param(KEY)
        if sealed:
            parameters.set_param(KEY, self._box().reseal(sealed))
        return result
