from odoo import api, fields, models


class RetailMappingTarget(models.AbstractModel):
    """Programs of points: what registers call them."""

    _inherit = "retail.mapping.target"

    kind = fields.Selection(
        selection_add=[("loyalty_program", "Loyalty Program")],
        ondelete={"loyalty_program": "cascade"},
    )
    loyalty_program_id = fields.Many2one(
        "loyalty.program",
        check_company=True,
        domain=[("program_type", "in", ("loyalty", "ewallet"))],
    )

    @api.model
    def _kind_fields(self) -> dict[str, str]:
        """Override: add the kind of this file."""
        return {**super()._kind_fields(), "loyalty_program": "loyalty_program_id"}


class RetailMapping(models.Model):
    """A program that is mapped: the points that waited for it are given and taken."""

    _inherit = "retail.mapping"

    def _retry_what_waited(self):
        """Override: carry out what waited for these programs."""
        result = super()._retry_what_waited()
        programs = self.filtered(
            lambda mapping: (
                mapping.kind == "loyalty_program" and mapping.state != "unmapped" and mapping.active
            )
        )
        for backend, mappings in programs.grouped("backend_id").items():
            words = set(mappings.mapped("external_key"))
            self.env["retail.pos.card.change"].sudo()._resume(backend, words)
        return result
