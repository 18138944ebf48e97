from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers import ErrorClass

OPERATOR = "retail_connector_base.group_operator"
LATE = "labels_late"


class RetailLabelRequest(models.Model):
    """What people do with labels, and what is shown of them."""

    _inherit = "retail.label.request"

    waiting_hours = fields.Float(
        compute="_compute_waiting_hours", string="Waits (h)", digits=(12, 1)
    )
    is_late = fields.Boolean(compute="_compute_waiting_hours", search="_search_is_late")
    command_state = fields.Selection(related="command_id.state", string="Purchase")
    command_error = fields.Char(related="command_id.error", string="Why It Waits")
    next_try_at = fields.Datetime(related="command_id.next_attempt_at", string="Next Try")
    order_id = fields.Many2one(related="picking_id.sale_id", string="Order")

    @api.depends("asked_at", "state", "backend_id.label_patience_hours")
    def _compute_waiting_hours(self):
        now = fields.Datetime.now()
        for request in self:
            waits = request.state == "waiting" and request.asked_at
            hours = (now - request.asked_at).total_seconds() / 3600 if waits else 0.0
            request.waiting_hours = hours
            request.is_late = hours > request.backend_id.label_patience_hours

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = [("id", "in", self._late().ids)]
        return late if True in value else ["!", *late]

    @api.model
    def _late(self, backend=None):
        """Return the labels that wait longer than they should."""
        found = self.browse()
        waiting = [("state", "=", "waiting")] + (
            [("backend_id", "=", backend.id)] if backend else []
        )
        for (service,) in self._read_group(waiting, ["backend_id"]):
            since = fields.Datetime.now() - timedelta(hours=service.label_patience_hours)
            found |= self.search(
                [("backend_id", "=", service.id), ("state", "=", "waiting"),
                 ("asked_at", "<", since)]
            )  # fmt: skip
        return found

    # Buttons

    def action_buy(self):
        """Buy the label, as soon as the service works."""
        self._check_operator()
        self._ask()
        return self._notify(self.env._("Labels asked for: %(n)s.", n=len(self)))

    def action_try_now(self):
        """Try to buy now; what may have been bought is looked up first."""
        self._check_operator()
        commands = self.sudo().filtered(lambda one: one.state == "waiting").command_id
        commands._check_not_leased()
        commands._replay()
        return self._notify(self.env._("Labels put back in the queue: %(n)s.", n=len(commands)))

    def action_give_up(self):
        """Cancel labels that were not bought for sure."""
        self._check_operator()
        for request in self.sudo():
            if request.state == "draft":
                request.state = "cancelled"
            elif request.state != "waiting" or request.command_id.in_doubt:
                raise UserError(
                    self.env._("It is bought, or may be. Look it up at the service first.")
                )
            elif not request.command_id._cancel(self.env._("The label was given up.")):
                raise UserError(self.env._("It is being bought right now."))
        return self._notify(self.env._("Labels cancelled: %(n)s.", n=len(self)))

    def action_note_void(self):
        """Note that a label was voided at the service: the parcel may get another one."""
        self._check_operator()
        for request in self.sudo().filtered(lambda one: one.state == "bought"):
            request.state = "cancelled"
            request._take_number_away()
            self.env["retail.audit"]._log(
                "label.voided", request, request.backend_id, detail={"label": request.name}
            )
        return self._notify(self.env._("Noted."))

    def action_fetch_document(self):
        """Ask for the label's document again."""
        self._check_operator()
        waiting = self.sudo().filtered(lambda one: one.url and not one.attachment_id)
        waiting.write({"document_state": "waiting", "attempts": 0, "next_attempt_at": False})
        for backend in waiting.backend_id:
            self.env["retail.label.fetcher"]._wake_after_commit(backend.id)
        return self._notify(self.env._("The label is fetched."))

    def action_print_label(self):
        """Open the label's document."""
        self.ensure_one()
        self.check_access("read")
        target = f"/web/content/{self.sudo().attachment_id.id}?download=true"
        return {"type": "ir.actions.act_url", "url": target, "target": "new"}

    def _check_operator(self):
        if not self.env.user.has_group(OPERATOR):
            raise AccessError(self.env._("Only an operator buys labels."))
        self.check_access("write")

    def _take_number_away(self):
        number, picking = self.tracking_number, self.picking_id
        known = [part.strip() for part in (picking.carrier_tracking_ref or "").split(",")]
        if number in known:
            kept = [part for part in known if part and part != number]
            picking.carrier_tracking_ref = ",".join(kept) or False

    # What people hear of

    @api.model
    def _sweep_late(self):
        """Show services whose labels wait for long; take that back when they are bought."""
        late = self._late()
        exceptions = self.env["retail.exception"]
        known = exceptions.search([("code", "=", LATE), ("state", "=", "open")])
        for backend in late.backend_id - known.backend_id:
            count = len(late.filtered(lambda one, backend=backend: one.backend_id == backend))
            exceptions._report(backend, self._lateness(backend, count), record=backend)
        for backend in known.backend_id - late.backend_id:
            exceptions._solved(backend, [f"{LATE}|{backend.id}"])

    def _lateness(self, backend, count):
        return Problem(
            error_class=ErrorClass.TRANSIENT,
            code=LATE,
            subject=str(backend.id),
            title=self.env._(
                "%(count)s labels wait for more than %(hours)s hours",
                count=count,
                hours=backend.label_patience_hours,
            ),
            cause=self.env._(
                "“%(name)s” does not sell them now; the orders are kept and the labels are bought "
                "as soon as it works. Open Warehouses / Labels: urgent parcels can be labelled by "
                "hand at the carrier, and their labels cancelled here.",
                name=backend.name,
            ),
        )

    def _report_document(self, error):
        problem = Problem(
            error_class=error.error_class,
            code="label_document",
            subject=str(self.id),
            title=self.env._("The label of %(name)s cannot be fetched", name=self.display_name),
            cause=self.env._(
                "%(error)s It is bought: print it from the service's own page, or fetch it again.",
                error=error,
            ),
            fix="open_record",
        )
        self.env["retail.exception"]._report(self.backend_id, problem, record=self)

    def _solve_document(self):
        self.env["retail.exception"]._solved(self.backend_id, [f"label_document|{self.id}"])
