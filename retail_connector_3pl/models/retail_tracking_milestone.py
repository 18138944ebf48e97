from odoo import fields, models

from .retail_tracking import STATES


class RetailTrackingMilestone(models.Model):
    """Something that happened to a parcel; texts and places are the carrier's own words."""

    _name = "retail.tracking.milestone"
    _description = "Milestone of a Parcel"
    _order = "occurred_at desc, id desc"
    _rec_name = "state"

    tracking_id = fields.Many2one(
        "retail.tracking", string="Parcel", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="tracking_id.company_id", store=True)
    state = fields.Selection(STATES, required=True, readonly=True)
    occurred_at = fields.Datetime(string="When", required=True, readonly=True)
    text = fields.Char(string="What", readonly=True)
    place = fields.Char(string="Where", readonly=True)

    _once = models.UniqueIndex(
        "(tracking_id, state, occurred_at)", "A milestone of a parcel is kept once."
    )
