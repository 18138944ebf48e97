from odoo import api, models


class RetailInboxFailure(models.AbstractModel):
    """Stores and registers that tickets and reports name for the first time."""

    _inherit = "retail.inbox.failure"

    @api.model
    def _record_of(self, problem):
        """Override: note places that nobody knows, outside of the import that failed with them."""
        notes = {"unknown_store": self._note_store, "unknown_register": self._note_register}
        note = notes.get(problem.code)
        return note(problem.fix_values) if note else super()._record_of(problem)

    def _note_store(self, values):
        """Return the store of these ``fix_values``, made without a warehouse when it is new."""
        return self._place("retail.pos.store", values, values["store"], {})

    def _note_register(self, values):
        """Return the register of these ``fix_values``, made without a point of sale if new."""
        store = self._note_store(values)
        registers = self.env["retail.pos.register"]
        key = registers._key(values["store"], values["register"])
        return self._place(registers._name, values, key, {"store_id": store.id})

    def _place(self, model, values, external_id, row):
        """Return a place by its identity. Two transactions that make it at the same moment: one
        violates the unique index, and its chunk is run again."""
        backend = self.env["retail.backend"].browse(values["backend_id"])
        places = self.env[model].sudo().with_context(active_test=False)
        found = places._by_external_id(backend, [external_id])
        return found.get(external_id) or places.create(
            {"backend_id": backend.id, "external_id": external_id, **row}
        )
