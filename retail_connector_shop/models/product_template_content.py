from odoo import fields, models

READERS = "retail_connector_base.group_operator,retail_connector_base.group_auditor"


class ProductTemplate(models.Model):
    """What other systems tell of a product beside Odoo's own fields."""

    _inherit = "product.template"

    retail_attribute_ids = fields.One2many(
        "retail.product.attribute", "product_tmpl_id", string="Statements", groups=READERS
    )
    retail_picture_ids = fields.One2many(
        "retail.product.picture", "product_tmpl_id", string="Pictures", groups=READERS
    )
