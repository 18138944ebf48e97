from odoo import api, fields, models

from .retail_pos_setup_store import CHOICES


class RetailPosSetupRegister(models.TransientModel):
    """The point of sale of one register: an existing one, a new one, or none yet."""

    _name = "retail.pos.setup.register"
    _description = "Set Up Stores: a register"
    _order = "store_name, name, id"
    _check_company_auto = True

    setup_id = fields.Many2one("retail.pos.setup", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="setup_id.company_id")
    store_external_id = fields.Char(string="Id of the Store", required=True, readonly=True)
    store_name = fields.Char(string="Store", readonly=True)
    external_id = fields.Char(
        string="Id", required=True, readonly=True, help="The register's own, inside its store."
    )
    name = fields.Char(string="Register")
    what = fields.Selection(CHOICES, string="Point of Sale", required=True, default="new")
    config_id = fields.Many2one(
        "pos.config",
        string="Existing Point of Sale",
        check_company=True,
        domain="[('company_id', '=', company_id)]",
    )
    config_name = fields.Char(string="New Name")

    @api.onchange("config_id")
    def _onchange_config_id(self):
        if self.config_id:
            self.what = "existing"

    def _title(self):
        return f"{self.store_name or self.store_external_id} / {self.name or self.external_id}"

    def _store_line(self):
        """Return the line of its store, empty when that has its warehouse already."""
        own = self.store_external_id
        return self.setup_id.store_ids.filtered(lambda line: line.external_id == own)[:1]

    def _effective(self):
        """Return what is done: a register waits for its store, whatever is chosen for it."""
        return "later" if self._store_line().what == "later" else self.what

    def _problems(self):
        """Return in words what is missing."""
        what = self._effective()
        if what == "existing":
            return self._config_problems()
        if what == "new" and not self.config_name:
            return [self.env._("a new point of sale needs a name.")]
        return []

    def _config_problems(self):
        config = self.config_id.sudo()
        if not config:
            return [self.env._("choose the point of sale, make a new one, or decide later.")]
        taken = self._taken_by(config)
        if taken:
            return [
                self.env._("“%(name)s” is the register %(other)s.", name=config.name, other=taken)
            ]
        house, own = self._warehouse(), config.picking_type_id.warehouse_id
        if own and house and own != house or own and self._store_line().what == "new":
            return [
                self.env._(
                    "“%(name)s” sells from %(other)s, which is not its store's warehouse.",
                    name=config.name,
                    other=own.name,
                )
            ]
        return []

    def _taken_by(self, config):
        registers = self.env["retail.pos.register"].sudo().with_context(active_test=False)
        key = registers._key(self.store_external_id, self.external_id)
        domain = [("odoo_id", "=", config.id)]
        taken = registers.search(domain, limit=1)
        own = taken.backend_id == self.setup_id.backend_id and taken.external_id == key
        return "" if not taken or own else taken.display_name

    def _warehouse(self):
        """Return the warehouse that its store will have; empty if that is still to be made."""
        line = self._store_line()
        if line:
            return line.warehouse_id if line.what == "existing" else line.warehouse_id.browse()
        return self.setup_id._known_store(self.store_external_id).odoo_id
