from odoo import api, fields, models


class RetailMappingTarget(models.AbstractModel):
    """Carriers: what a channel calls them, for what it is told of deliveries."""

    _inherit = "retail.mapping.target"

    kind = fields.Selection(selection_add=[("carrier", "Carrier")], ondelete={"carrier": "cascade"})
    carrier_id = fields.Many2one("delivery.carrier", check_company=True)

    @api.model
    def _kind_fields(self) -> dict[str, str]:
        """Override: add the carriers."""
        return {**super()._kind_fields(), "carrier": "carrier_id"}
