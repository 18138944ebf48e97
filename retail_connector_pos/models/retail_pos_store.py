from zoneinfo import available_timezones

from odoo import api, fields, models


def _timezones(_self):
    return [(name, name) for name in sorted(available_timezones())]


class RetailPosStore(models.Model):
    """A store of an estate, and the warehouse that it sells from."""

    _name = "retail.pos.store"
    _description = "Retail Store"
    _inherit = ["retail.binding"]
    _order = "backend_id, name, id"
    _rec_name = "name"

    _canonical_kind = "pos_store"
    _person_writes = frozenset({"name", "odoo_id", "tz", "pricelist_id", "active"})

    name = fields.Char(help="What the estate calls it.")
    active = fields.Boolean(default=True)
    odoo_id = fields.Many2one(
        "stock.warehouse",
        string="Warehouse",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Whose stock is sold there. Empty: its tickets wait.",
    )
    tz = fields.Selection(_timezones, string="Time Zone", help="Empty: the company's.")
    pricelist_id = fields.Many2one(
        "product.pricelist", string="Prices", check_company=True, help="What its registers charge."
    )
    register_ids = fields.One2many("retail.pos.register", "store_id", string="Registers")

    def _timezone(self):
        """Return the name of the store's time zone."""
        self.ensure_one()
        return self.tz or self.company_id.partner_id.tz or "UTC"

    @api.depends("name", "external_id")
    def _compute_display_name(self):
        for store in self:
            store.display_name = store.name or store.external_id
