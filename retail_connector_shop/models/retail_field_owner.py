from odoo import api, fields, models

from odoo.addons.retail_connector_base.decisions.listing_difference import OWNED_FIELDS

LABELS = [
    ("title", "Title"),
    ("description_html", "Description"),
    ("state", "On Sale or Not"),
    ("vendor", "Vendor"),
    ("product_type", "Type"),
    ("tags", "Tags"),
    ("images", "Images"),
    ("sku", "SKU"),
    ("barcode", "Barcode"),
    ("weight_grams", "Weight"),
]
# What a shop's people like to write themselves.
CONTENT = ("title", "description_html", "product_type", "tags", "images", "vendor")


class RetailFieldOwner(models.Model):
    """Who writes a field of products after their first publication: Odoo or the channel.

    A product is published with all of its fields; those that the channel owns are left alone from
    then on.
    """

    _name = "retail.field.owner"
    _description = "Retail Field Owner"
    _order = "backend_id, id"
    _rec_name = "field"

    backend_id = fields.Many2one(
        "retail.backend", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="backend_id.company_id", store=True, index=True)
    field = fields.Selection(LABELS, required=True, readonly=True)
    owner = fields.Selection(
        [("odoo", "Odoo"), ("channel", "The Channel")], required=True, default="odoo"
    )

    _field_unique = models.UniqueIndex("(backend_id, field)", "A field has one owner.")

    def write(self, vals):
        """Override: other fields are to be told now."""
        result = super().write(vals)
        if "owner" in vals:
            for backend in self.backend_id:
                self.env["retail.audit"]._log(
                    "field_owner", backend=backend, detail=backend._owners_told()
                )
                backend._compare_all("product")
        return result

    @api.model
    def _add_missing(self, backends):
        """Add the rows of backends that publish products and have none yet."""
        rows = self.search([("backend_id", "in", backends.ids)])
        known = {(row.backend_id, row.field) for row in rows}
        self.create(
            [
                {"backend_id": backend.id, "field": name}
                for backend in backends
                for name in OWNED_FIELDS
                if (backend, name) not in known
            ]
        )
