from odoo import fields, models


class RetailBackend(models.Model):
    """What a backend does when its channel asks for a person to be erased."""

    _inherit = "retail.backend"

    erasure_by_itself = fields.Boolean(
        string="Erase by Itself",
        default=True,
        tracking=True,
        help="Requests of the channel about one person are carried out without an approval. "
        "A whole shop is never erased without one.",
    )
    erasure_after_days = fields.Integer(
        string="After (days)",
        default=0,
        tracking=True,
        help="How long a request rests before that, for somebody to refuse it.",
    )

    _erasure_after_days_possible = models.Constraint(
        "CHECK (erasure_after_days BETWEEN 0 AND 29)",
        "The channel's rules give 30 days: wait 29 days at most.",
    )
