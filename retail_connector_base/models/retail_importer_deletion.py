from odoo import api, models

from ..decisions.outcome import ImportResult, Outcome


class RetailImporterDeletion(models.AbstractModel):
    """Marks what a channel deleted, for good, and tells the importer of its kind."""

    _name = "retail.importer.deletion"
    _inherit = "retail.importer"
    _description = "Retail Importer: deletions"

    @api.model
    def _import_batch(self, backend, items):
        """Bury the entities of the items; what has an importer decides about its record."""
        return {item.message_id: self._delete(backend, item) for item in items}

    def _delete(self, backend, item):
        kind, external_id = item.canonical.deleted_kind, item.canonical.external_id
        self.env["retail.tombstone"]._bury(backend, kind, {external_id: item.version})
        importer = self.env["retail.inbox.processor"]._importer(kind)
        if importer is None or not importer._binding_model:
            return ImportResult(Outcome.DONE)
        binding = self.env[importer._binding_model]._by_external_id(backend, [external_id])
        if not binding:
            return ImportResult(Outcome.DONE, self.env._("It was never imported."))
        importer.with_env(self.env)._on_deleted(binding[external_id])
        record = binding[external_id]
        return ImportResult(Outcome.DONE, record=(record._name, record.id))
