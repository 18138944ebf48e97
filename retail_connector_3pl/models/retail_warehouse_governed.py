from odoo import api, models

# Single values that mean the same in every database; relations to many are not governed.
GOVERNED_TYPES = ("boolean", "integer", "float", "char", "selection", "many2one")


class RetailWarehouse(models.Model):
    """How a third party's warehouse is used is configuration: kept as versions, approved."""

    _name = "retail.warehouse"
    _inherit = ["retail.warehouse", "retail.governed.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        """Override: what a person adds is noted."""
        if not self.env.su:
            self._note_added(vals_list)
        return super().create(vals_list)

    def _note_added(self, vals_list):
        backends = {vals["backend_id"] for vals in vals_list if vals.get("backend_id")}
        reasons = {vals.get("change_reason") for vals in vals_list} - {None, False}
        for backend in self.env["retail.backend"].browse(backends):
            self.env["retail.config.version"]._note(backend, "; ".join(sorted(reasons)))

    def write(self, vals):
        """Override: changes are noted, and may have to wait."""
        return self._write_governed(vals, lambda records, values: super().write(values))

    def _governed_prefix(self):
        return "warehouse"

    def _governed_fields(self):
        """Every policy, whichever file adds it, but the name, which the third party may change."""
        names = self._person_writes - {"name"}
        return {
            name
            for name in names
            if self._fields[name].type in GOVERNED_TYPES and self._fields[name].store
        }

    def _governed_records(self, backend):
        return self.with_context(active_test=False).search([("backend_id", "=", backend.id)])

    def _governed_parts(self):
        return (self.external_id,)

    def _can_be_made(self, item):
        return bool(item.partition("/")[2])

    def _make_governed(self, backend, item):
        external_id = item.partition("/")[2]
        return self.create(
            {"backend_id": backend.id, "external_id": external_id, "name": external_id}
        )

    @api.model
    def _governed_title(self, parts):
        """Override."""
        return self.env._("Warehouse %(name)s", name="/".join(parts))
