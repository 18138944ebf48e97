from odoo import api, fields, models


class RetailPosRegister(models.Model):
    """A register of a store, and the point of sale that it is in Odoo.

    Its ``external_id`` is unique in the backend: the store's id, a colon, the register's.
    """

    _name = "retail.pos.register"
    _description = "Retail Register"
    _inherit = ["retail.binding"]
    _order = "store_id, name, id"
    _rec_name = "name"

    _canonical_kind = "pos_register"
    _person_writes = frozenset({"name", "odoo_id", "active"})

    name = fields.Char(help="What the estate calls it.")
    active = fields.Boolean(default=True)
    store_id = fields.Many2one(
        "retail.pos.store", required=True, readonly=True, index=True, ondelete="restrict"
    )
    odoo_id = fields.Many2one(
        "pos.config",
        string="Point of Sale",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Where its tickets go. Empty: its tickets wait.",
    )
    day_ids = fields.One2many("retail.pos.day", "register_id", string="Days")

    # One register, one point of sale: sessions, drawers and journals would mix otherwise.
    _config_unique = models.UniqueIndex(
        "(odoo_id) WHERE odoo_id IS NOT NULL", "A point of sale belongs to one register."
    )

    @api.depends("name", "external_id", "store_id")
    def _compute_display_name(self):
        for register in self:
            own = register.name or register.external_id.partition(":")[2]
            register.display_name = f"{register.store_id.display_name} / {own}"

    @api.model
    def _key(self, store_external_id, register_external_id):
        """Return the identity of a register in its backend."""
        return f"{store_external_id}:{register_external_id}"
