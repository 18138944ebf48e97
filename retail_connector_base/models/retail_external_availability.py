from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..decisions.version import Seen


class RetailExternalAvailability(models.Model):
    """What another inventory platform can sell of an item at one of its places.

    Where the platform owns stock (``retail.ownership``), this is what other channels are told
    instead of Odoo's own count: see ``retail.availability``. An item that is not in Odoo is kept
    and shown; it counts as soon as its product exists.
    """

    _name = "retail.external.availability"
    _description = "Retail External Availability"
    _order = "backend_id, item, location_binding_id"
    _rec_name = "item"

    backend_id = fields.Many2one(
        "retail.backend", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="backend_id.company_id", store=True, index=True)
    location_binding_id = fields.Many2one(
        "retail.location.binding",
        string="Place",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    item = fields.Char(required=True, readonly=True, help="The platform's name of the item.")
    product_id = fields.Many2one(
        "product.product", readonly=True, ondelete="set null", index="btree_not_null"
    )
    quantity = fields.Float(
        digits=0, readonly=True, help="Units that can be sold there, as told. Below zero: none."
    )
    is_counted = fields.Boolean(
        string="Counted",
        readonly=True,
        help="The platform counts the item and stocks it there. Otherwise none is offered.",
    )
    observed_at = fields.Datetime(
        string="As Of",
        required=True,
        readonly=True,
        help="When the platform counted (UTC). Orders that came later are subtracted.",
    )
    heard_at = fields.Datetime(string="Heard", required=True, readonly=True)
    external_version = fields.Char(readonly=True)
    external_observed_at = fields.Char(readonly=True)
    external_hash = fields.Char(readonly=True)

    _item_unique = models.UniqueIndex(
        "(backend_id, item, location_binding_id)", "An item is counted once at each place."
    )
    _heard_index = models.Index("(backend_id, heard_at)")

    def write(self, vals):
        """Override: quantities are the platform's."""
        if not self.env.su:
            raise AccessError(self.env._("Only the platform tells these quantities."))
        return super().write(vals)

    def _seen(self):
        """Return the state that was taken last, for the version guard."""
        self.ensure_one()
        return Seen(
            version=int(self.external_version or 0),
            observed_at=int(self.external_observed_at or 0),
            content_hash=self.external_hash or "",
        )

    def action_match_again(self):
        """Look for the products of items that are not in Odoo."""
        self.check_access("read")
        self.env["retail.external.availability"].check_access("read")
        for backend, rows in (
            self.sudo().filtered(lambda row: not row.product_id).grouped("backend_id").items()
        ):
            rows._match(backend)
        return True

    @api.model
    def _products(self, backend, items):
        """Return the product of each item: by binding, then SKU, then barcode; unique ones only."""
        wanted = list(set(items))
        bindings = self.env["retail.product.binding"].search(
            [
                ("backend_id", "=", backend.id),
                "|",
                "|",
                ("inventory_item_external_id", "in", wanted),
                ("external_id", "in", wanted),
                ("sku", "in", wanted),
            ]
        )
        found = {}
        for name in ("sku", "external_id", "inventory_item_external_id"):
            found |= {bound[name]: bound.odoo_id for bound in bindings if bound[name]}
        for name in ("default_code", "barcode"):
            missing = [item for item in wanted if item not in found]
            found |= self._products_by(backend, name, missing)
        return {item: found[item] for item in wanted if item in found}

    def _products_by(self, backend, name, values):
        if not values:
            return {}
        companies = (False, backend.company_id.id)
        products = self.env["product.product"].search(
            [(name, "in", values), ("company_id", "in", companies)]
        )
        return {value: each for value, each in products.grouped(name).items() if len(each) == 1}

    def _match(self, backend):
        products = self._products(backend, self.mapped("item"))
        for row in self:
            if row.item in products:
                row.product_id = products[row.item]
        self.env["retail.change"]._note_stock(self.product_id.ids)
