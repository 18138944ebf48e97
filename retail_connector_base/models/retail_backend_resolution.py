from odoo import api, fields, models

from ..providers import Capability

# What comes in with lines that have to be found in Odoo.
SELLING = {Capability.ORDERS_IN, Capability.TICKETS_IN}


class RetailBackend(models.Model):
    """How the channel's products, customers and taxes are found in Odoo."""

    _inherit = "retail.backend"

    product_match = fields.Selection(
        [
            ("sku_barcode", "SKU, then Barcode"),
            ("barcode_sku", "Barcode, then SKU"),
            ("sku", "SKU only"),
            ("barcode", "Barcode only"),
            ("binding", "Neither"),
        ],
        string="Find Products by",
        required=True,
        default="sku_barcode",
        help="How variants without a binding are found.",
    )
    guest_partner_id = fields.Many2one(
        "res.partner",
        string="Guest Customer",
        check_company=True,
        help="Who buys when the channel tells nothing about the customer; made when needed.",
    )

    tax_policy = fields.Selection(
        [("match", "Find by Rate"), ("mapped", "Only as Mapped")],
        required=True,
        default="match",
        help="What to do about a tax that is not mapped: map it to the only sale tax of the same "
        "rate, country and price inclusion, or ask.",
    )

    sells = fields.Boolean(compute="_compute_sells", help="Whether sales come from it.")

    @api.depends("provider")
    def _compute_sells(self):
        for backend in self:
            provider = backend._provider_class()
            backend.sells = bool(provider) and not SELLING.isdisjoint(provider.capabilities)

    def _guest_partner(self):
        """Return who buys when nothing is known; make him when there is none yet."""
        self.ensure_one()
        if not self.guest_partner_id:
            name = self.env._("Guests of %(backend)s", backend=self.name)
            values = {"name": name, "company_id": self.company_id.id}
            self.sudo().guest_partner_id = self.env["res.partner"].create(values)
        return self.guest_partner_id

    def _governed_fields(self):
        """Override: how things are found is configuration, too."""
        return super()._governed_fields() | {"product_match", "tax_policy"}
