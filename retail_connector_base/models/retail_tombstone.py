from odoo import api, fields, models


class RetailTombstone(models.Model):
    """The permanent mark of an entity that its channel deleted: no later message revives it."""

    _name = "retail.tombstone"
    _description = "Retail Tombstone"
    _order = "id desc"
    _rec_name = "external_id"

    backend_id = fields.Many2one("retail.backend", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="backend_id.company_id", store=True)
    kind = fields.Char(required=True)
    external_id = fields.Char(required=True)
    version = fields.Char(help="Microseconds since 1970-01-01 UTC.")

    _entity_unique = models.UniqueIndex(
        "(backend_id, kind, external_id)", "An entity is deleted once."
    )

    @api.model
    def _dead(self, backend, kind, external_ids):
        """Return those of the external ids that were deleted."""
        found = self.search(
            [
                ("backend_id", "=", backend.id),
                ("kind", "=", kind),
                ("external_id", "in", list(external_ids)),
            ]
        )
        return set(found.mapped("external_id"))

    @api.model
    def _bury(self, backend, kind, versions):
        """Mark entities, given as external id → version, as deleted."""
        new = versions.keys() - self._dead(backend, kind, versions)
        self.create(
            [
                {
                    "backend_id": backend.id,
                    "kind": kind,
                    "external_id": external_id,
                    "version": str(versions[external_id]),
                }
                for external_id in sorted(new)
            ]
        )
