from odoo import models


class RetailException(models.Model):
    """Trying again, and dismissing, what did not move."""

    _inherit = "retail.exception"

    def _retry(self, user):
        """Override: goods that did not move are tried again; the lane resolves what moved."""
        tasks = self._blocked_tasks()
        tasks._try_now()
        moving = tasks.exception_id
        tied = moving & (
            self._waiting_messages().exception_id | self._waiting_commands().exception_id
        )
        return super(RetailException, self - moving + tied)._retry(user)

    def action_dismiss(self, reason):
        """Override: goods that somebody has put right by hand do not move any more."""
        result = super().action_dismiss(reason)
        self.sudo()._blocked_tasks()._give_up((reason or "").strip()[:200])
        return result

    def _still_waited_for(self):
        """Override: goods that have not moved wait, too."""
        return super()._still_waited_for() | self._waiting_tasks().exception_id

    def _waiting_tasks(self):
        return self.env["retail.goods.task"].search(
            [("exception_id", "in", self.ids), ("state", "in", ("waiting", "blocked"))]
        )

    def _blocked_tasks(self):
        return self._waiting_tasks().filtered(lambda task: task.state == "blocked")
