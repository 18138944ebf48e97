from odoo import fields, models
from odoo.exceptions import UserError

from ..decisions.release_progress import AT_WAREHOUSE
from .retail_release_send import NOT_GONE


class RetailRelease(models.Model):
    """Deliveries that somebody validates in Odoo although a warehouse is to send them."""

    _inherit = "retail.release"

    by_hand = fields.Boolean(
        string="May Be Validated by Hand",
        readonly=True,
        copy=False,
        tracking=True,
        help="An operator decided that the delivery may be validated in Odoo, once, although the "
        "warehouse has it.",
    )

    def action_allow_by_hand(self):
        """Let the deliveries of releases be validated by hand, once."""
        self._check_may_operate()
        releases = self.sudo()
        for release in releases:
            if not release._may_be_there():
                raise UserError(
                    self.env._(
                        "%(name)s is not with its warehouse: its delivery can be validated as it "
                        "is.",
                        name=release.name,
                    )
                )
        releases.by_hand = True
        releases._log_act("release.by_hand_allowed")
        return self._notify(
            self.env._(
                "%(deliveries)s may be validated in Odoo now. What the warehouse tells of it later "
                "does not move goods twice.",
                deliveries=", ".join(releases.picking_id.mapped("name")),
            )
        )

    def _may_be_there(self):
        """Tell whether the warehouse has a release, or may have it."""
        command = self.command_id
        under_way = command and (command.state not in (*NOT_GONE, "cancelled") or command.in_doubt)
        return self.state in AT_WAREHOUSE or bool(self.state == "ready" and under_way)

    def _check_by_hand(self):
        """Raise ``UserError`` where goods would leave twice: here, and at their warehouse."""
        for release in self:
            if not release.by_hand and release._may_be_there():
                raise UserError(release._words_on_by_hand())

    def _words_on_by_hand(self):
        return self.env._(
            "%(warehouse)s sends %(delivery)s: it was told to, and Odoo validates the delivery "
            "when it says that the goods have left. Validated here as well, they would leave "
            "twice.\n\n"
            "If it should not send them, press “Withdraw” on the release %(release)s: the delivery "
            "is cancelled when the warehouse agrees. If it has sent them and does not say so, an "
            "operator presses “Allow Validation by Hand” there.",
            warehouse=self.warehouse_id.name,
            delivery=self.picking_id.name,
            release=self.name,
        )

    def _leave_by_hand(self):
        """See to it that no warehouse is told of what leaves by hand now."""
        for release in self.filtered(lambda one: one.state == "ready" and not one.by_hand):
            if not release._take_back():
                raise UserError(release._words_on_by_hand())

    def _left_by_hand(self):
        """Note that goods of these releases left by hand; the rest is compared in the lane."""
        self.filtered("by_hand")._log_act("release.validated_by_hand")
        self.filtered("by_hand").by_hand = False
        rejected = self.filtered(lambda one: one.state == "rejected")
        for release in rejected.filtered(lambda one: not one._moves_of(one.picking_id)):
            release._end_unsent(self.env._("Its delivery was validated by hand."))
        self._mark_changed(self.picking_id)
