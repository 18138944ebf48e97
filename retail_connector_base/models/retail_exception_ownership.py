from markupsafe import Markup

from odoo import api, models

from ..decisions.duties import Act
from .retail_refusal_decide import CODE


class RetailException(models.Model):
    """Conflicts between systems of record: a person takes theirs or keeps ours."""

    _inherit = "retail.exception"

    @api.model
    def _fix_labels(self):
        """Override: add how a conflict is decided."""
        return {**super()._fix_labels(), "take_theirs": self.env._("Take Theirs")}

    def _may(self, act):
        """Override: about prices an accountant decides."""
        values = self.sudo().fix_values or {}
        if self.sudo().code == CODE and values.get("money") and act is not Act.RETRY:
            accountant = "retail_connector_base.group_accountant"
            return self.env.su or self.env.user.has_group(accountant)
        return super()._may(act)

    def _refusal(self):
        self.ensure_one()
        refusals = self.env["retail.refusal"]
        return refusals.browse((self.sudo().fix_values or {}).get("refusal_id")).exists()

    def _fix_take_theirs(self):
        return self._refusal().action_take_theirs()

    def action_keep_ours(self):
        """Leave Odoo's value where two systems tell different ones."""
        for exception in self:
            exception._check_may(Act.FIX)
            exception._refusal().action_keep_ours()
        return True

    @api.depends("comparison")
    def _compute_comparison_html(self):
        """Override: rows with a fourth part show what was there before."""
        four = self.filtered(lambda each: each.comparison and len(each.comparison[0]) > 3)
        for exception in four:
            exception.comparison_html = exception._comparison_with_before()
        return super(RetailException, self - four)._compute_comparison_html()

    def _comparison_with_before(self):
        line = Markup("<tr><th>%s</th><td>%s</td><td>%s</td><td>%s</td></tr>")
        head = line % ("", self.env._("Before"), self.env._("Channel"), self.env._("Odoo"))
        body = Markup().join(
            line % (what, before, theirs, ours) for what, theirs, ours, before in self.comparison
        )
        return Markup('<table class="table table-sm">%s%s</table>') % (head, body)
