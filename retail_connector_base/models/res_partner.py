from odoo import api, fields, models

from ..decisions.customer_match import e164


class ResPartner(models.Model):
    """Partners can be found by their telephone number, however it is written."""

    _inherit = "res.partner"

    retail_phone_e164 = fields.Char(
        string="International Phone",
        compute="_compute_retail_phone_e164",
        store=True,
        index="btree_not_null",
        help="By which customers of channels are recognised.",
    )

    @api.depends("phone", "country_id.code")
    def _compute_retail_phone_e164(self):
        home = self.env.company.country_id.code
        for partner in self:
            phone = partner.phone
            partner.retail_phone_e164 = phone and e164(phone, partner.country_id.code or home)
