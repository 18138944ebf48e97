from odoo import api, fields, models

from odoo.addons.retail_connector_base.decisions.listing_difference import OWNED_FIELDS
from odoo.addons.retail_connector_base.providers import Capability

from .retail_field_owner import CONTENT, LABELS


class RetailBackend(models.Model):
    """What a shop is told of products, and by whom they are published."""

    _inherit = "retail.backend"

    approve_publication = fields.Boolean(
        string="Publications Are Approved",
        help="A product that somebody wants to publish waits until an administrator who is "
        "somebody else approves it.",
    )
    listing_state = fields.Selection(
        [("active", "On Sale"), ("draft", "Draft")],
        string="Publish as",
        required=True,
        default="active",
        help="Whether a new product can be bought at once, or is finished in the shop first.",
    )
    listing_lang = fields.Selection(
        selection="_selection_lang",
        string="Language of Products",
        help="In which titles and descriptions are published; empty: the company's.",
    )
    field_owner_ids = fields.One2many("retail.field.owner", "backend_id", string="Who Writes What")
    publishes_products = fields.Boolean(compute="_compute_publishes_products")
    listing_count = fields.Integer(compute="_compute_listing_count", string="Published Products")

    @api.model
    def _selection_lang(self):
        return self.env["res.lang"].get_installed()

    def _sync_with_provider(self):
        """Override: say who writes the fields of products, where those are published."""
        result = super()._sync_with_provider()
        publishing = self.filtered(lambda backend: backend._can_publish_products())
        self.env["retail.field.owner"].sudo()._add_missing(publishing)
        return result

    def write(self, vals):
        """Override: all products may be told in another way now."""
        result = super().write(vals)
        if {"listing_lang", "brand_id"} & vals.keys():
            self._compare_all("product")
        return result

    def _can_publish_products(self):
        provider = self._provider_class()
        return bool(provider and Capability.PRODUCTS_OUT in provider.capabilities)

    @api.depends("provider")
    def _compute_publishes_products(self):
        for backend in self:
            backend.publishes_products = backend._can_publish_products()

    def _compute_listing_count(self):
        groups = self.env["retail.listing"]._read_group(
            [("backend_id", "in", self.ids)], ["backend_id"], ["__count"]
        )
        counts = {backend.id: count for backend, count in groups}
        for backend in self:
            backend.listing_count = counts.get(backend.id, 0)

    # Who writes what

    def _owned_fields(self):
        """Return the fields of products that are Odoo's to write."""
        self.ensure_one()
        owners = {row.field: row.owner for row in self.sudo().field_owner_ids}
        return {name for name in OWNED_FIELDS if owners.get(name, "odoo") == "odoo"}

    def _owners_told(self):
        labels = dict(LABELS)
        return {labels[row.field]: row.owner for row in self.sudo().field_owner_ids}

    def action_odoo_owns_all(self):
        """Let Odoo write every field of products."""
        return self._set_owners(())

    def action_channel_owns_content(self):
        """Leave texts and images to the people of the shop."""
        return self._set_owners(CONTENT)

    def _set_owners(self, channel):
        self._check_administrator()
        for name, owners in self.field_owner_ids.grouped("field").items():
            owners.owner = "channel" if name in channel else "odoo"

    # Buttons

    def action_open_listings(self):
        """Open the products that are published here, or shall be."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "retail_connector_shop.action_retail_listing"
        )
        return {
            **action,
            "domain": [("backend_id", "=", self.id)],
            "context": {"default_backend_id": self.id},
        }

    def action_open_prices(self):
        """Open the prices that are published here."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "retail_connector_shop.action_retail_price_state"
        )
        return {**action, "domain": [("backend_id", "=", self.id)], "context": {}}
