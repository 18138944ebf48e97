from odoo import api, models


class RetailPosStore(models.Model):
    """Where a store's goods come from is configuration: kept as versions, exported, approved."""

    _name = "retail.pos.store"
    _inherit = ["retail.pos.store", "retail.governed.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        """Override: what a person adds is noted. The system adds stores when they are met."""
        _note_people(self, vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """Override: changes are noted, and may have to wait."""
        return self._write_governed(vals, lambda records, values: super().write(values))

    def _governed_prefix(self):
        return "store"

    def _governed_fields(self):
        return {"odoo_id", "tz", "pricelist_id", "active"}

    def _governed_records(self, backend):
        return self.with_context(active_test=False).search([("backend_id", "=", backend.id)])

    def _governed_parts(self):
        return (self.external_id,)

    def _can_be_made(self, item):
        return bool(item.partition("/")[2])

    def _make_governed(self, backend, item):
        return self.create({"backend_id": backend.id, "external_id": item.partition("/")[2]})

    @api.model
    def _governed_title(self, parts):
        """Override."""
        return self.env._("Store %(name)s", name="/".join(parts))


class RetailPosRegister(models.Model):
    """Where a register's tickets go is configuration, too."""

    _name = "retail.pos.register"
    _inherit = ["retail.pos.register", "retail.governed.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        """Override: what a person adds is noted."""
        _note_people(self, vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """Override: changes are noted, and may have to wait."""
        return self._write_governed(vals, lambda records, values: super().write(values))

    def _governed_prefix(self):
        return "register"

    def _governed_fields(self):
        return {"odoo_id", "active"}

    def _governed_records(self, backend):
        return self.with_context(active_test=False).search([("backend_id", "=", backend.id)])

    def _governed_parts(self):
        return (self.external_id,)

    def _can_be_made(self, item):
        return ":" in item.partition("/")[2]

    def _make_governed(self, backend, item):
        """Override: its store is made where that is missing, too."""
        external_id = item.partition("/")[2]
        stores = self.env["retail.pos.store"].with_context(active_test=False)
        known = stores.search([("backend_id", "=", backend.id)])
        own = known.filtered(lambda store: external_id.startswith(f"{store.external_id}:"))
        # Ids may hold colons themselves: the longest one is the store's.
        store = own.sorted(lambda store: len(store.external_id))[-1:] or stores.create(
            {"backend_id": backend.id, "external_id": external_id.partition(":")[0]}
        )
        return self.create(
            {"backend_id": backend.id, "store_id": store.id, "external_id": external_id}
        )

    @api.model
    def _governed_title(self, parts):
        """Override."""
        return self.env._("Register %(name)s", name="/".join(parts))


def _note_people(model, vals_list):
    if model.env.su:
        return
    backends = {vals["backend_id"] for vals in vals_list if vals.get("backend_id")}
    reasons = {vals.get("change_reason") for vals in vals_list} - {None, False}
    for backend in model.env["retail.backend"].browse(backends):
        model.env["retail.config.version"]._note(backend, "; ".join(sorted(reasons)))
