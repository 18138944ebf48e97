from odoo import fields, models


class ResPartner(models.Model):
    """What customers allowed to be sent to them."""

    _inherit = "res.partner"

    retail_consent_ids = fields.One2many(
        "retail.consent",
        "partner_id",
        string="Consents",
        groups="retail_connector_base.group_operator,retail_connector_base.group_auditor",
    )


class RetailBackend(models.Model):
    """Whether consents bear upon Odoo's own mailings."""

    _inherit = "retail.backend"

    consent_blacklist = fields.Boolean(
        string="Keep the E-mail Blacklist in Step",
        default=True,
        help="Who refuses e-mail there gets no mailing from Odoo either, until he agrees again. "
        "The blacklist is one for all companies.",
    )
