from odoo import api, models


class RetailMapping(models.Model):
    """Mappings are governed: what a word of a channel means decides about money and goods."""

    _name = "retail.mapping"
    _inherit = ["retail.mapping", "retail.governed.mixin"]

    def write(self, vals):
        """Override: changes are noted, and may have to wait."""
        return self._write_governed(vals, lambda records, values: super().write(values))

    @api.model_create_multi
    def create(self, vals_list):
        """Override: new words are noted. The system itself adds them when they are met."""
        if not self.env.su:
            backends = {vals["backend_id"] for vals in vals_list if vals.get("backend_id")}
            for backend in self.env["retail.backend"].browse(backends):
                reasons = {vals.get("change_reason") for vals in vals_list} - {None, False}
                self.env["retail.config.version"]._note(backend, "; ".join(sorted(reasons)))
        return super().create(vals_list)

    def _governed_prefix(self):
        return "mapping"

    def _governed_fields(self):
        return {"ignored", "active", *self._kind_fields().values()}

    def _governed_records(self, backend):
        return self.with_context(active_test=False).search([("backend_id", "=", backend.id)])

    def _governed_parts(self):
        return (self.kind, self.external_key)

    def _can_be_made(self, item):
        kind = item.split("/")[1:2]
        return bool(kind) and kind[0] in self._kind_fields() and item.count("/") >= 2

    def _make_governed(self, backend, item):
        _prefix, kind, key = item.split("/", 2)
        return self._note_unmapped(backend, [self._problem_values(kind, key)])[0]


class RetailFlow(models.Model):
    """How flows run. Pausing one is operation, not configuration."""

    _name = "retail.flow"
    _inherit = ["retail.flow", "retail.governed.mixin"]

    def write(self, vals):
        """Override: changes are noted, and may have to wait."""
        return self._write_governed(vals, lambda records, values: super().write(values))

    def _governed_prefix(self):
        return "flow"

    def _governed_fields(self):
        return {"tier", "priority", "interval", "overlap", "active"}

    def _governed_records(self, backend):
        return self.with_context(active_test=False).search([("backend_id", "=", backend.id)])

    def _governed_parts(self):
        return (self.kind, self.direction)


class RetailSetting(models.Model):
    """Connection settings, by name. Secrets are credentials, and no part of it."""

    _name = "retail.setting"
    _inherit = ["retail.setting", "retail.governed.mixin"]

    def write(self, vals):
        """Override: changes are noted, and may have to wait."""
        return self._write_governed(vals, lambda records, values: super().write(values))

    def _governed_prefix(self):
        return "setting"

    def _governed_fields(self):
        return {"value"}

    def _governed_records(self, backend):
        return self.search([("backend_id", "=", backend.id)])

    def _governed_parts(self):
        return (self.name,)
