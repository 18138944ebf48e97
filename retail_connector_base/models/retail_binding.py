from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..decisions.version import Seen


class RetailBinding(models.AbstractModel):
    """Ties an entity of a channel to an Odoo record, with the state of it that was applied last.

    Concrete bindings declare ``odoo_id`` and ``_canonical_kind``.
    """

    _name = "retail.binding"
    _description = "Retail Binding"
    _order = "id desc"
    _rec_name = "external_id"
    _check_company_auto = True

    _canonical_kind = None
    # What an administrator may write where rights allow him to; all else is the connector's.
    _person_writes = frozenset()

    backend_id = fields.Many2one(
        "retail.backend", required=True, ondelete="restrict", index=True, readonly=True
    )
    company_id = fields.Many2one(related="backend_id.company_id", store=True, index=True)
    external_id = fields.Char(required=True, readonly=True, help="The channel's own identity.")
    external_version = fields.Char(readonly=True, help="Version that was applied last.")
    external_observed_at = fields.Char(readonly=True)
    external_hash = fields.Char(readonly=True)
    last_seen_at = fields.Datetime(readonly=True)
    correlation_id = fields.Char(readonly=True, index=True)

    _external_unique = models.UniqueIndex(
        "(backend_id, external_id)", "An entity of a channel is bound once."
    )

    def write(self, vals):
        """Override: people decide about little; what ties a binding is the connector's."""
        if not self.env.su and not self._person_writes.issuperset(vals):
            names = ", ".join(sorted(set(vals) - self._person_writes))
            raise AccessError(self.env._("%(names)s: only the connector writes this.", names=names))
        return super().write(vals)

    @api.model
    def _by_external_id(self, backend, external_ids):
        """Return the bindings of a backend by external id, in one query."""
        found = self.search(
            [("backend_id", "=", backend.id), ("external_id", "in", list(set(external_ids)))]
        )
        return {binding.external_id: binding for binding in found}

    def _seen(self):
        """Return the state that was applied last, for the version guard."""
        self.ensure_one()
        return Seen(
            version=int(self.external_version or 0),
            observed_at=int(self.external_observed_at or 0),
            content_hash=self.external_hash or "",
        )

    def _observe(self, item):
        """Note that the applied state was seen again: what was seen in between is older."""
        self.ensure_one()
        if item.observed_at > int(self.external_observed_at or 0):
            self.external_observed_at = str(item.observed_at)

    @api.model
    def _state_values(self, item):
        """Return the values that record an applied item."""
        return {
            "external_version": str(item.canonical.version or item.observed_at),
            "external_observed_at": str(item.observed_at),
            "external_hash": item.content_hash,
            "last_seen_at": fields.Datetime.now(),
            "correlation_id": item.correlation_id,
        }
