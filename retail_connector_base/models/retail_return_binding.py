from odoo import api, fields, models

from ..canonical import Return
from ..canonical.goods_return import ReturnState
from ..decisions.return_number import plain


class RetailReturnBinding(models.Model):
    """A return as one system tells of it."""

    _name = "retail.return.binding"
    _description = "Return of a Channel"
    _inherit = ["retail.binding"]

    _canonical_kind = "return"

    odoo_id = fields.Many2one(
        "retail.return", string="Return", required=True, readonly=True, index=True,
        ondelete="restrict",
    )  # fmt: skip
    name = fields.Char(string="Their Number", readonly=True)
    name_key = fields.Char(compute="_compute_name_key", store=True, index="btree_not_null")
    state = fields.Selection(
        [(state.value, state.value.replace("_", " ").title()) for state in ReturnState],
        string="Told",
        readonly=True,
    )
    snapshot = fields.Json(readonly=True, help="The return as it was told last.")
    lines = fields.Json(readonly=True, help="Our line by the line's id there.")

    @api.depends("name")
    def _compute_name_key(self):
        for binding in self:
            binding.name_key = plain(binding.name) or False

    def _told(self) -> Return | None:
        """Return what was told last, ``None`` where the system only knows of it."""
        self.ensure_one()
        return Return.model_validate(self.snapshot) if self.snapshot else None
