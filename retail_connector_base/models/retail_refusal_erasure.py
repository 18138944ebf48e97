from odoo import models


class RetailErasure(models.Model):
    """What was told of a person and not taken is his as well."""

    _inherit = "retail.erasure"

    def _step_partners(self, after):
        """Override: forget the values that were not taken, those of long ago included."""
        subject = self._subject()
        refusals = self.env["retail.refusal"].search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "in", [*subject.partner_ids, *subject.address_ids]),
            ]
        )
        refusals.unlink()
        return super()._step_partners(after)
