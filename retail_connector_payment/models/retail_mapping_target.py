from odoo import api, fields, models


class RetailMappingTarget(models.AbstractModel):
    """Types of transactions that gateways list in payouts: which account each is booked on."""

    _inherit = "retail.mapping.target"

    kind = fields.Selection(
        selection_add=[("balance_type", "Type of Transaction")],
        ondelete={"balance_type": "cascade"},
    )
    account_id = fields.Many2one("account.account", check_company=True)

    @api.model
    def _kind_fields(self) -> dict[str, str]:
        """Override: add the kind of this addon."""
        return {**super()._kind_fields(), "balance_type": "account_id"}

    @api.model
    def _financial_kinds(self) -> set[str]:
        """Override: which account is an accountant's business."""
        return super()._financial_kinds() | {"balance_type"}


class RetailMapping(models.Model):
    """A type that is mapped: the payouts that waited for it go on."""

    _inherit = "retail.mapping"

    def _retry_what_waited(self):
        """Override: let parked payouts that hold this type be tied out again."""
        result = super()._retry_what_waited()
        types = self.filtered(
            lambda mapping: (
                mapping.kind == "balance_type" and mapping.state == "mapped" and mapping.active
            )
        )
        for backend, mappings in types.grouped("backend_id").items():
            words = set(mappings.mapped("external_key"))
            self.env["retail.payout"].sudo()._wake_mapped(backend, words)
        return result
