from odoo import fields, models


class RetailBackend(models.Model):
    """What is done about the authorisations that a backend reports."""

    _inherit = "retail.backend"

    capture_on = fields.Selection(
        [
            ("manual", "By the Gateway or by Hand"),
            ("shipment", "When Goods Leave"),
            ("confirmation", "When the Order Is Confirmed"),
        ],
        string="Capture Payments",
        required=True,
        default="manual",
        help="When authorised money is taken. Unless it is left to the gateway, authorisations of "
        "cancelled orders are set free as well.",
    )
    authorization_warning = fields.Integer(
        string="Warn of Lapsing Authorisations",
        default=48,
        help="How many hours before; 0: never.",
    )

    _authorization_warning_positive = models.Constraint(
        "CHECK (authorization_warning >= 0)", "The hours of warning are not negative."
    )
