from odoo import fields, models


class StockPackage(models.Model):
    """Parcels that left a third party's warehouse, with the number that their carrier knows."""

    _inherit = "stock.package"

    retail_shipment_id = fields.Many2one(
        "retail.warehouse.shipment", string="Shipment", readonly=True, index="btree_not_null",
        ondelete="set null", copy=False,
        groups="retail_connector_base.group_operator,retail_connector_base.group_auditor,"
        "stock.group_stock_user",
    )  # fmt: skip
    retail_external_id = fields.Char(
        string="Warehouse's Number", readonly=True, copy=False, help="The warehouse's id of it."
    )
    retail_tracking_ref = fields.Char(
        string="Tracking Reference", readonly=True, index="btree_not_null", copy=False
    )
    retail_tracking_url = fields.Char(string="Tracking Link", readonly=True, copy=False)
    retail_carrier = fields.Char(string="Carrier", readonly=True, copy=False)

    _retail_parcel_unique = models.UniqueIndex(
        "(retail_shipment_id, retail_external_id) WHERE retail_shipment_id IS NOT NULL",
        "A parcel of a shipment is one package.",
    )
