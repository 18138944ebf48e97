from odoo import models

from ..decisions.ownership_table import BY_KEY


class RetailOwnership(models.Model):
    """Who owns what is governed: it decides whose value is overwritten."""

    _name = "retail.ownership"
    _inherit = ["retail.ownership", "retail.governed.mixin"]

    def write(self, vals):
        """Override: changes are noted, and may have to wait."""
        return self._write_governed(vals, lambda records, values: super().write(values))

    def _governed_prefix(self):
        return "ownership"

    def _governed_fields(self):
        return {"owner", "policy", "rank"}

    def _governed_records(self, backend):
        return self.search([("backend_id", "=", backend.id)])

    def _governed_parts(self):
        return (self.domain, self.field_group, self.field or "all")

    def _can_be_made(self, item):
        """Override: a field of a known group may get a row of its own."""
        _prefix, *key = item.split("/")
        group = BY_KEY.get(tuple(key[:2]))
        return bool(group) and len(key) == 3 and key[2] in group.fields

    def _make_governed(self, backend, item):
        """Override: split the group."""
        _prefix, domain, code, field = item.split("/")
        backend._ownership(domain, code).sudo().action_split()
        return backend._ownership(domain, code, field)


class RetailBackend(models.Model):
    """What goes with ownership is governed as well."""

    _inherit = "retail.backend"

    def _governed_fields(self):
        """Override: add the policies of consents and of other platforms' stock."""
        return super()._governed_fields() | {
            "consent_blacklist",
            "stock_silence_hours",
            "stock_lag",
        }
