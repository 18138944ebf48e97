from odoo import api, models

ACCEPTED = "accepted_by"


class RetailException(models.Model):
    """A return that names no ticket: somebody who may decide about money takes it once."""

    _inherit = "retail.exception"

    @api.model
    def _fix_labels(self):
        """Override: add the fix of this file."""
        return {**super()._fix_labels(), "accept_return": self.env._("Take the Goods Back")}

    def _fix_accept_return(self):
        """Accept this return and import it. The button's caller checked the role."""
        self.ensure_one()
        values = {**(self.fix_values or {}), ACCEPTED: self.env.uid}
        self.sudo().fix_values = values
        self.env["retail.audit"]._log("return.accepted", self, detail={"code": self.code})
        return self.action_retry()

    @api.model
    def _is_return_accepted(self, backend, fingerprint):
        """Tell whether somebody accepted the return of this problem."""
        found = self.sudo()._by_fingerprint(backend, [fingerprint])
        return any((each.fix_values or {}).get(ACCEPTED) for each in found.values())
