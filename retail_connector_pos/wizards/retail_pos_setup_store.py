from odoo import api, fields, models

CHOICES = [("existing", "Take"), ("new", "Make"), ("later", "Decide Later")]


class RetailPosSetupStore(models.TransientModel):
    """The warehouse of one store: an existing one, a new one, or none yet."""

    _name = "retail.pos.setup.store"
    _description = "Set Up Stores: a store"
    _order = "name, external_id, id"
    _check_company_auto = True

    setup_id = fields.Many2one("retail.pos.setup", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="setup_id.company_id")
    external_id = fields.Char(string="Id", required=True, help="As registers send it.")
    name = fields.Char(string="Store")
    tz = fields.Char(string="Time Zone", readonly=True, help="As the estate tells it.")
    what = fields.Selection(CHOICES, string="Warehouse", required=True, default="new")
    warehouse_id = fields.Many2one(
        "stock.warehouse", string="Existing Warehouse", check_company=True
    )
    warehouse_name = fields.Char(string="New Name")
    code = fields.Char(string="New Code", size=5)

    @api.onchange("warehouse_id")
    def _onchange_warehouse_id(self):
        if self.warehouse_id:
            self.what = "existing"

    def _title(self):
        return self.name or self.external_id or self.env._("A store")

    def _problems(self):
        """Return in words what is missing."""
        if self.what == "existing" and not self.warehouse_id:
            return [self.env._("choose the warehouse, make a new one, or decide later.")]
        if self.what != "new":
            return []
        if not (self.warehouse_name and self.code):
            return [self.env._("a new warehouse needs a name and a code of five characters.")]
        return self._name_problems()

    def _name_problems(self):
        """Return whether its name or code is taken, here or by another warehouse."""
        others = self.setup_id.store_ids.filtered(lambda line: line.what == "new") - self
        houses = self.env["stock.warehouse"].with_context(active_test=False)
        own = [("company_id", "=", self.company_id.id)]
        told = []
        for field, value in (("name", self.warehouse_name), ("code", self.code)):
            ours = others.mapped("warehouse_name" if field == "name" else "code")
            if value in ours or houses.sudo().search_count([*own, (field, "=", value)], limit=1):
                told.append(self.env._("“%(value)s” is another warehouse's.", value=value))
        return told
