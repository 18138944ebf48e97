from odoo import models


class RetailReleaseRequest(models.Model):
    """Answers that a person got, on the phone say."""

    _inherit = "retail.release.request"

    def action_accepted(self):
        """Note that the warehouse agreed."""
        return self._answer_by_hand(True)

    def action_refused(self):
        """Note that the warehouse refused."""
        return self._answer_by_hand(False)

    def _answer_by_hand(self, accepted):
        self.release_id._check_may_operate()
        self.check_access("read")
        requests = self.sudo()
        name = self.env.user.name
        requests._answer(accepted, self.env._("As %(name)s was told", name=name))
        requests.release_id._log_act("release.answer_by_hand")
        return True
