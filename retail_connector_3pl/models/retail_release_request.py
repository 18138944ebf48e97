from odoo import fields, models


class RetailReleaseRequest(models.Model):
    """Something a warehouse was asked about an order it has: a change, or not to send it."""

    _name = "retail.release.request"
    _description = "Request about a Release"
    _order = "id desc"

    name = fields.Char(string="Reference", required=True, readonly=True)
    release_id = fields.Many2one(
        "retail.release", required=True, readonly=True, index=True, ondelete="cascade"
    )
    backend_id = fields.Many2one(related="release_id.backend_id", store=True)
    company_id = fields.Many2one(related="release_id.company_id", store=True)
    kind = fields.Selection(
        [("cancel", "Cancel"), ("address", "Change Address"), ("lines", "Change Lines")],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [("asked", "Asked"), ("accepted", "Accepted"), ("refused", "Refused"),
         ("dropped", "No Longer Wanted")],
        required=True,
        default="asked",
        readonly=True,
    )  # fmt: skip
    reason = fields.Char(readonly=True, help="Why we asked.")
    answer = fields.Char(readonly=True, help="What the warehouse said.")
    answered_at = fields.Datetime(readonly=True)

    _reference_unique = models.UniqueIndex("(backend_id, name)", "A reference names one request.")
