from lxml import etree

from odoo import api, fields, models


class RetailMappingTarget(models.AbstractModel):
    """Carriers, reasons and services: what warehouses call them."""

    _inherit = "retail.mapping.target"

    kind = fields.Selection(
        selection_add=[
            ("carrier", "Carrier"),
            ("return_reason", "Reason of a Return"),
            ("warehouse_service", "Service of a Warehouse"),
        ],
        ondelete={
            "carrier": "cascade",
            "return_reason": "cascade",
            "warehouse_service": "cascade",
        },
    )
    carrier_id = fields.Many2one("delivery.carrier", check_company=True)
    return_reason_id = fields.Many2one("retail.return.reason", string="Reason")
    service_account_id = fields.Many2one(
        "account.account",
        string="Expense Account",
        check_company=True,
        domain=[("account_type", "in", ("expense", "expense_direct_cost", "asset_prepayments"))],
        help="Where what a warehouse charges for this service is booked.",
    )

    @api.model
    def _kind_fields(self) -> dict[str, str]:
        """Override: add the kinds of this addon."""
        return {
            **super()._kind_fields(),
            "carrier": "carrier_id",
            "return_reason": "return_reason_id",
            "warehouse_service": "service_account_id",
        }

    @api.model
    def _financial_kinds(self) -> set[str]:
        """Override: where a service is booked is also an accountant's business."""
        return super()._financial_kinds() | {"warehouse_service"}

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Override: show the carrier, unless another addon of ours with that kind does it."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type in ("list", "form") and not arch.xpath("//field[@name='carrier_id']"):
            for place in arch.xpath("//field[@name='uom_id']"):
                place.addnext(self._carrier_node(view_type))
        return arch, view

    def _carrier_node(self, view_type):
        optional = {"optional": "show"} if view_type == "list" else {}
        return etree.Element(
            "field",
            name="carrier_id",
            invisible="kind != 'carrier'",
            options="{'no_quick_create': True}",
            **optional,
        )
