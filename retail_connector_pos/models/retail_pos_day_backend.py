from odoo import fields, models


class RetailBackend(models.Model):
    """How long an estate may take to report its days."""

    _inherit = "retail.backend"

    pos_report_days = fields.Integer(
        string="Report Within (Days)",
        default=2,
        help="A business day that is older and not reported is shown as an exception. 0: never.",
    )

    def _governed_fields(self):
        """Override: when somebody is told is configuration, too."""
        return super()._governed_fields() | {"pos_report_days"}
