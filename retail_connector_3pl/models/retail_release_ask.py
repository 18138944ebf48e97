from odoo import api, fields, models

from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.release_progress import OPEN


class RetailRelease(models.Model):
    """What a warehouse is asked about orders that it has."""

    _inherit = "retail.release"

    def _stop(self, reason="", order_too=False):
        """See to it that releases are not sent; return those whose warehouse has to be asked.

        What no warehouse can have is cancelled at once. ``order_too``: their orders are to be
        cancelled as soon as all agree. Asking twice is asking once.
        """
        asked = self.browse()
        for release in self.sudo().filtered(lambda one: one.state in OPEN):
            if release.state == "rejected" or (release.state == "ready" and release._take_back()):
                release._end_unsent(reason)
            else:
                release._ask_to_cancel(reason, order_too)
                asked |= release
        return asked

    def _end_unsent(self, reason):
        """End a release that the warehouse never had, quietly."""
        now = fields.Datetime.now()
        self.write({"state": "cancelled", "reason": reason or False, "ended_at": now})
        self.request_ids._drop(self.env._("The warehouse did not have it."))
        self._solve_problems()

    def _ask_to_cancel(self, reason, order_too):
        known = self.request_ids.filtered(
            lambda one: one.kind == "cancel" and one.state in ("asked", "refused")
        )
        if order_too:
            known.order_too = True
        if not known.filtered(lambda one: one.state == "asked" or not self._may_ask_again(one)):
            changes = self.request_ids.filtered(lambda one: one.kind != "cancel")
            changes._drop(self.env._("It is to be cancelled."))
            self._ask("cancel", reason, order_too=order_too)

    def _may_ask_again(self, request):
        """Tell whether a refused cancellation is asked again: only when a person says so."""
        return bool(self.env.context.get("retail_ask_again"))

    def _ask(self, kind, reason="", **values):
        """Ask the warehouse; return the request. Where its system cannot be asked, a person is."""
        self.ensure_one()
        request = self.env["retail.release.request"].create(
            {
                "name": f"{self.name}/R{len(self.request_ids) + 1}",
                "release_id": self.id,
                "kind": kind,
                "reason": (reason or "")[:500] or False,
                **values,
            }
        )
        if self._can_ask(kind):
            self._owe_request(request)
        elif not self.warehouse_id._reads_by_itself():
            self._report_by_hand(request)
        return request

    def _owe_request(self, request):
        build = self._cancel_release if request.kind == "cancel" else self._change_release
        commands = self.env["retail.outbox.command"]
        key = f"request:{request.name}"
        request.command_id = commands._put(self.backend_id, build(request), key, request)

    def _report_by_hand(self, request):
        """Have a person call: the warehouse's system takes no such request."""
        what = dict(request._fields["kind"]._description_selection(self.env))[request.kind]
        self._report(
            "release_request_by_hand",
            self.env._(
                "%(warehouse)s has to be called: %(what)s, %(release)s",
                warehouse=self.warehouse_id.name,
                what=what,
                release=self.display_name,
            ),
            self.env._(
                "Its system takes no such request. Ask somebody there, then press “Accepted” or "
                "“Refused” on the request."
            ),
            subject=request.name,
        )

    # Refused

    def _report_cancel_refused(self, text):
        order = self.order_id
        self._report(
            "release_cancel_refused",
            self.env._(
                "%(warehouse)s does not cancel %(release)s any more",
                warehouse=self.warehouse_id.name,
                release=self.display_name,
            ),
            self.env._(
                "It says: %(reason)s\nThe goods leave, or have left, although %(order)s is to be "
                "cancelled. Agree on a return with the customer.",
                reason=text or self.env._("nothing"),
                order=order.name or self.picking_id.name,
            ),
            ErrorClass.CONFLICT,
        )

    def _report_change_refused(self, text, rows):
        self._report(
            "release_change_refused",
            self.env._(
                "%(warehouse)s does not change %(release)s any more",
                warehouse=self.warehouse_id.name,
                release=self.display_name,
            ),
            self.env._(
                "It says: %(reason)s\nIt sends what it has. Set Odoo to that, or ask again, or "
                "cancel the release and make a new one.",
                reason=text or self.env._("nothing"),
            ),
            ErrorClass.CONFLICT,
            rows,
        )

    def _answer_what_left(self):
        """Answer what is still asked about goods that have left: it came too late.

        A change of lines was accepted after all where just that has left.
        """
        for request in self.request_ids.filtered(lambda one: one.state == "asked"):
            followed = request.kind == "lines" and self._left_as(request.wanted["lines"])
            request._answer(followed, "" if followed else self.env._("The goods have left."))

    @api.model
    def _ask_again(self):
        """Return releases whose refused cancellations are asked again."""
        return self.with_context(retail_ask_again=True)
