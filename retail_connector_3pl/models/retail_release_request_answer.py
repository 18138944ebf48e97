from odoo import fields, models

from ..decisions.release_progress import AT_WAREHOUSE

# Context key: the warehouse agreed (or never had it), so that Odoo may cancel without asking.
AGREED = "retail_release_agreed"


class RetailReleaseRequest(models.Model):
    """What follows from an answer: it decides what counts here."""

    _inherit = "retail.release.request"

    wanted = fields.Json(
        readonly=True,
        help="What was asked for: the recipient, or the quantities by the release's lines.",
    )
    order_too = fields.Boolean(
        readonly=True, string="Cancel the Order", help="The whole order is to be cancelled."
    )
    command_id = fields.Many2one(
        "retail.outbox.command", readonly=True, ondelete="set null", index="btree_not_null"
    )
    asked_at = fields.Datetime(readonly=True, default=fields.Datetime.now)

    _open_index = models.Index("(release_id, kind) WHERE state = 'asked'")

    def _answer(self, accepted, text=""):
        """Take the warehouse's answer to requests, with its words; the first one counts.

        Accepted: what was asked for is what counts now (the order is cancelled, the release holds
        the new address or lines). Refused: an exception shows what Odoo and the warehouse hold.
        A request that is answered or dropped already is left alone.
        """
        for request in self.sudo().filtered(lambda one: one.state == "asked"):
            request._close("accepted" if accepted else "refused", text)
            follow = request._on_accepted if accepted else request._on_refused
            follow(text)

    def _drop(self, reason):
        """Note that nobody wants these any more; what has not gone out does not go."""
        for request in self.sudo().filtered(lambda one: one.state == "asked"):
            request._close("dropped", reason)
            request._cancel_command(reason)

    def _close(self, state, text):
        self.write(
            {
                "state": state,
                "answer": (text or "")[:500] or False,
                "answered_at": fields.Datetime.now(),
            }
        )
        self.env["retail.exception"]._solved(
            self.backend_id, [f"release_request_by_hand|{request.name}" for request in self]
        )

    def _cancel_command(self, reason):
        """Give a command up that has surely not gone out; what has gone is only not waited for."""
        command = self.command_id
        if command and command.state in ("pending", "retry", "blocked") and not command.in_doubt:
            command._cancel(reason)

    # Accepted

    def _on_accepted(self, text):
        if self.kind == "cancel" and self.release_id.state == "partly_shipped":
            self._carry_out_cancellation()
            self.release_id._take_state("shipped")
        elif self.kind == "cancel":
            # Cancels the delivery, too: see ``retail.release._on_cancelled``.
            self.release_id._take_state("cancelled", text)
        elif self.kind == "address":
            self.release_id.recipient = self.wanted["recipient"]
            self.release_id._solve_problems(["release_change_refused"])
        else:
            self.release_id._take_quantities(self.wanted["lines"])
            self.release_id._solve_problems(["release_change_refused"])

    def _carry_out_cancellation(self):
        """Cancel the deliveries that the warehouse will not send, and orders that are to go."""
        agreed = self.sudo().with_context(**{AGREED: True})
        pickings = agreed.release_id.picking_id
        pickings.filtered(lambda picking: picking.state not in ("done", "cancel")).action_cancel()
        for request in agreed.filtered("order_too"):
            request._cancel_order_if_free()

    def _cancel_order_if_free(self):
        """Cancel the order once no warehouse has anything of it, and nothing of it left."""
        order, releases = self.release_id.order_id, self.release_id._of_order()
        if not order or order.state == "cancel":
            return
        there = releases.filtered(lambda release: release.state in AT_WAREHOUSE)
        if there or (releases - there)._stop(self.reason, order_too=True):
            return
        if any(move.state == "done" for move in order.order_line.move_ids):
            self.release_id._report_cancel_refused(self.env._("A part of the order has left."))
            return
        bindings = order.retail_binding_ids
        if bindings:
            bindings._cancel(self.reason or "")
        else:
            order.action_unlock()
            order.action_cancel()
        for release in releases:
            release._solve_problems(["release_cancel_refused"])

    # Refused

    def _on_refused(self, text):
        release = self.release_id
        if self.kind == "cancel":
            release._report_cancel_refused(text)
        elif self.kind == "address":
            release._report_change_refused(text, release._address_rows(self.wanted["recipient"]))
        else:
            # More than the warehouse takes becomes a delivery of its own.
            self.wanted = {"lines": release._without_more(self.wanted["lines"])}
            rows = release._line_rows(self.wanted["lines"])
            if rows:
                release._report_change_refused(text, rows)
