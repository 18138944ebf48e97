from odoo import api, fields, models

from ..canonical.event import CustomerUpdated
from ..decisions.customer_match import e164

# What of a customer subscribers are told.
TOLD = frozenset(
    {
        *("name", "email", "phone", "lang", "street", "street2", "city", "zip"),
        *("state_id", "country_id", "company_name", "parent_id"),
    }
)


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
    retail_binding_ids = fields.One2many(
        "retail.partner.binding",
        "odoo_id",
        string="Customers of Channels",
        groups="retail_connector_base.group_operator,retail_connector_base.group_auditor",
    )

    @api.depends("phone", "country_id.code")
    def _compute_retail_phone_e164(self):
        home = self.env.company.country_id.code
        for partner in self:
            phone = partner.phone
            partner.retail_phone_e164 = phone and e164(phone, partner.country_id.code or home)

    def write(self, vals):
        """Override: tell subscribers when a customer of a channel is another than before."""
        if TOLD.isdisjoint(vals) or not self.env["retail.event"]._is_heard(CustomerUpdated.type):
            return super().write(vals)
        customers = self.filtered(lambda partner: partner.sudo().retail_binding_ids)
        before = [customers._retail_told(partner) for partner in customers]
        result = super().write(vals)
        after = [customers._retail_told(partner) for partner in customers]
        changed = [
            partner.id
            for partner, then, now in zip(customers, before, after, strict=True)
            if then != now
        ]
        self.env["retail.event"]._note(CustomerUpdated.type, self.browse(changed))
        return result

    @api.model
    def _retail_told(self, partner):
        """Return what subscribers are told of a partner, to be compared."""
        return [partner.sudo()[name] for name in sorted(TOLD)]
