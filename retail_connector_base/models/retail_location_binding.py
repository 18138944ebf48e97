from odoo import api, fields, models


class RetailLocationBinding(models.Model):
    """A place where a channel keeps stock, and the location it is in Odoo."""

    _name = "retail.location.binding"
    _description = "Retail Location Binding"
    _inherit = ["retail.binding"]

    _rec_name = "name"
    _order = "backend_id, name, id"

    _canonical_kind = "location"
    _person_writes = frozenset({"odoo_id", "also_ids"})

    name = fields.Char(readonly=True, help="The location's name in the channel.")
    odoo_id = fields.Many2one(
        "stock.location",
        string="Location",
        help="Whose stock, with that of the locations below it, is offered there. Empty: nothing.",
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=[("usage", "=", "internal")],
    )
    also_ids = fields.Many2many(
        "stock.location",
        "retail_location_binding_also",
        "binding_id",
        "location_id",
        string="Also Counts",
        check_company=True,
        domain=[("usage", "=", "internal")],
        help="Locations whose stock is offered there too, beside those below the location.",
    )
    warehouse_id = fields.Many2one(related="odoo_id.warehouse_id")

    @api.model_create_multi
    def create(self, vals_list):
        """Override: everything is published there once."""
        bindings = super().create(vals_list)
        bindings._compare_again()
        return bindings

    def write(self, vals):
        """Override: another location has another stock."""
        result = super().write(vals)
        if {"odoo_id", "also_ids"} & vals.keys():
            self._compare_again()
        return result

    def _compare_again(self):
        self.backend_id._compare_stock_again()
