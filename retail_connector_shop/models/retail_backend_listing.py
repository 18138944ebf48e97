from odoo import api, fields, models

from odoo.addons.retail_connector_base.decisions.listing_difference import OWNED_FIELDS
from odoo.addons.retail_connector_base.decisions.ownership import Owner
from odoo.addons.retail_connector_base.decisions.ownership_table import group_of
from odoo.addons.retail_connector_base.providers import Capability


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
    publishes_products = fields.Boolean(compute="_compute_publishes_products")
    listing_count = fields.Integer(compute="_compute_listing_count", string="Published Products")

    @api.model
    def _selection_lang(self):
        return self.env["res.lang"].get_installed()

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
        """Return the fields of products that are Odoo's to write there.

        What another system owns is Odoo's to pass on.
        """
        self.ensure_one()
        rows = self.sudo().ownership_ids.filtered(lambda row: row.domain == "product")
        owners = {(row.field_group, row.field): row.owner for row in rows}
        return {name for name in OWNED_FIELDS if _owner_of(owners, name) == Owner.ODOO.value}

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


def _owner_of(owners, name):
    group = group_of("product", name).code
    return owners.get((group, name)) or owners.get((group, False), Owner.ODOO.value)
