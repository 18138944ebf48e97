from odoo import models
from odoo.tools.sql import table_exists

from odoo.addons.retail_connector_base.decisions.listing_difference import OWNED_FIELDS
from odoo.addons.retail_connector_base.decisions.ownership_table import GROUPS

# What decided before about single fields of published products. A group whose fields agreed is one
# row; the others keep a row of each field. The channel's own texts were never taken: apart.
FORMER = "SELECT backend_id, field FROM retail_field_owner WHERE owner = 'channel'"


class RetailOwnership(models.Model):
    """Who writes what of published products, and whose prices count."""

    _inherit = "retail.ownership"

    def init(self):
        """Override: take over the table of field owners that this one replaces."""
        result = super().init()
        if table_exists(self.env.cr, "retail_field_owner"):
            self.env.cr.execute(FORMER)
            apart = {}
            for backend_id, field in self.env.cr.fetchall():
                apart.setdefault(backend_id, set()).add(field)
            for backend_id, fields in apart.items():
                self._take_over(backend_id, fields)
        return result

    def _take_over(self, backend_id, apart):
        """Let the fields of a backend be each side's own. In SQL: the registry is not loaded."""
        for group in GROUPS:
            told = {name for name in group.fields if name in OWNED_FIELDS}
            if group.domain != "product" or not told & apart:
                continue
            if told <= apart:
                self.env.cr.execute(
                    "UPDATE retail_ownership SET owner = 'separate' WHERE backend_id = %s "
                    "AND domain = %s AND field_group = %s AND owner = 'odoo'",
                    [backend_id, *group.key],
                )
                continue
            for name in group.fields:
                self.env.cr.execute(
                    """
                    INSERT INTO retail_ownership
                           (backend_id, company_id, domain, field_group, field, owner, policy,
                            rank, sequence)
                    SELECT backend_id, company_id, domain, field_group, %s, %s, policy, rank,
                           sequence + 1
                      FROM retail_ownership known
                     WHERE backend_id = %s AND domain = %s AND field_group = %s AND field IS NULL
                       AND NOT EXISTS (
                           SELECT FROM retail_ownership other
                            WHERE other.backend_id = known.backend_id AND other.field = %s
                              AND other.field_group = known.field_group)
                    """,
                    [name, "separate" if name in apart else "odoo", backend_id, *group.key, name],
                )

    def _on_changed(self):
        """Override: what is told of products and prices may be another thing now."""
        result = super()._on_changed()
        for kind in ("product", "price"):
            for backend in self.filtered(lambda row, of=kind: row.domain == of).backend_id:
                backend._compare_all(kind)
        return result
