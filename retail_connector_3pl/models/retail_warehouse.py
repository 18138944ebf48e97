from zoneinfo import available_timezones

from odoo import api, fields, models


def _timezones(_self):
    return [(name, name) for name in sorted(available_timezones())]


class RetailWarehouse(models.Model):
    """A third party's warehouse, the one that it is in Odoo, and the policies between them."""

    _name = "retail.warehouse"
    _description = "Third-Party Warehouse"
    _inherit = ["retail.binding"]
    _order = "backend_id, name, id"
    _rec_name = "name"

    _canonical_kind = "warehouse"

    name = fields.Char(required=True, help="What the third party calls it.")
    active = fields.Boolean(default=True)
    odoo_id = fields.Many2one(
        "stock.warehouse",
        string="Warehouse",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Whose deliveries are released there. Empty: nothing is sent, and what comes waits.",
    )
    tz = fields.Selection(_timezones, string="Time Zone", help="Empty: the company's.")
    release_ids = fields.One2many(
        "retail.release", "warehouse_id", string="Releases", readonly=True
    )

    _one_per_warehouse = models.UniqueIndex(
        "(odoo_id) WHERE odoo_id IS NOT NULL AND active", "A warehouse is run by one third party."
    )

    @property
    def _person_writes(self):
        """What an administrator decides: all policies, whichever file adds them."""
        return frozenset(name for name in self._fields if self._is_decided(self._fields[name]))

    @api.model
    def _is_decided(self, field):
        is_kept = field.store or field.inverse
        return bool(is_kept and not field.readonly)

    def _timezone(self):
        """Return the name of the warehouse's time zone."""
        self.ensure_one()
        return self.tz or self.company_id.partner_id.tz or "UTC"
