from odoo import fields, models


class RetailBackend(models.Model):
    """Which of Odoo's programs the gift cards of an estate belong to."""

    _inherit = "retail.backend"

    gift_card_program_id = fields.Many2one(
        "loyalty.program",
        check_company=True,
        domain=[("program_type", "=", "gift_card")],
        help="Where cards that registers sell, charge and take are kept. Empty: the company's only "
        "one. Where it has none, gift cards are an ordinary tender and nobody counts their balance "
        "here.",
    )

    def _governed_fields(self):
        """Override: where gift cards are kept is configuration, too."""
        return super()._governed_fields() | {"gift_card_program_id"}
