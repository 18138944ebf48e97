from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.retail_connector_base.providers import Capability


class RetailBackend(models.Model):
    """What a service that follows parcels or sells labels is used for."""

    _inherit = "retail.backend"

    follow_parcels = fields.Boolean(
        help="Have this service follow every parcel that leaves, whoever carries it. Labels that "
        "are bought here are followed in any case.",
    )
    buy_labels = fields.Selection(
        [("manual", "By Hand"), ("automatic", "When Goods Leave")],
        string="Labels",
        default="manual",
        required=True,
        help="When goods leave: for deliveries without a parcel's number whose carrier is mapped "
        "here as carrier/service. Warehouses of third parties buy their own.",
    )
    parcel_silence_days = fields.Integer(
        string="Days without News",
        default=5,
        required=True,
        help="A parcel on its way that nobody has told of for so long is shown to people.",
    )
    label_patience_hours = fields.Integer(
        string="Hours for a Label",
        default=4,
        required=True,
        help="A label that could not be bought for so long is shown to people; it is bought as "
        "soon as the service works again.",
    )
    follows_parcels = fields.Boolean(compute="_compute_carrier_abilities")
    sells_labels = fields.Boolean(compute="_compute_carrier_abilities")
    tells_of_parcels = fields.Boolean(compute="_compute_carrier_abilities")

    def _governed_fields(self):
        """Override: what is followed and bought by itself costs money."""
        return super()._governed_fields() | {
            "follow_parcels", "buy_labels", "parcel_silence_days", "label_patience_hours"
        }  # fmt: skip

    @api.depends("provider")
    def _compute_carrier_abilities(self):
        for backend in self:
            provider = backend._provider_class()
            able = provider.capabilities if provider else frozenset()
            backend.follows_parcels = Capability.TRACK_PARCEL in able
            backend.sells_labels = Capability.BUY_LABEL in able
            backend.tells_of_parcels = Capability.TRACKINGS_IN in able

    @api.constrains("parcel_silence_days", "label_patience_hours")
    def _check_patience(self):
        for backend in self:
            if backend.parcel_silence_days < 1 or backend.label_patience_hours < 1:
                raise ValidationError(self.env._("Wait for at least one day, and one hour."))
