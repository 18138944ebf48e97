from odoo import api, fields, models


class ProductTemplate(models.Model):
    """In which channels a product is published."""

    _inherit = "product.template"

    retail_listing_ids = fields.One2many(
        "retail.listing",
        "product_tmpl_id",
        string="Channels",
        groups="retail_connector_base.group_operator,retail_connector_base.group_auditor",
    )
    retail_listing_count = fields.Integer(
        compute="_compute_retail_listing_count",
        string="Published In",
        groups="retail_connector_base.group_operator,retail_connector_base.group_auditor",
    )

    @api.depends("retail_listing_ids")
    def _compute_retail_listing_count(self):
        groups = self.env["retail.listing"]._read_group(
            [("product_tmpl_id", "in", self.ids)], ["product_tmpl_id"], ["__count"]
        )
        counts = {template.id: count for template, count in groups}
        for template in self:
            template.retail_listing_count = counts.get(template.id, 0)

    def action_open_retail_listings(self):
        """Open what channels are told of the product."""
        self.env["retail.listing"].check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "retail_connector_shop.action_retail_listing"
        )
        return {**action, "domain": [("product_tmpl_id", "in", self.ids)], "context": {}}
