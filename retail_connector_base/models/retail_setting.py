from odoo import api, fields, models


class RetailSetting(models.Model):
    """One plain setting of a backend's connection, as its provider declares it."""

    _name = "retail.setting"
    _description = "Retail Connection Setting"
    _order = "backend_id, id"

    backend_id = fields.Many2one("retail.backend", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="backend_id.company_id", store=True)
    name = fields.Char(required=True, readonly=True)
    label = fields.Char(readonly=True)
    help = fields.Char(readonly=True)
    required = fields.Boolean(readonly=True)
    value = fields.Char()

    _name_unique = models.UniqueIndex("(backend_id, name)", "A setting exists once per backend.")

    @api.model_create_multi
    def create(self, vals_list):
        settings = super().create(vals_list)
        self.env.registry.clear_cache()
        return settings

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result
