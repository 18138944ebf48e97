from odoo import api, models
from odoo.exceptions import UserError

DROPPED = """
    DELETE FROM retail_ledger_entry entry USING retail_gateway gateway
     WHERE gateway.id = entry.gateway_id AND gateway.booking IN ('elsewhere', 'none')
       AND entry.state = 'to_post' AND entry.move_id IS NULL
"""


class RetailGateway(models.Model):
    """Where the journal entries of a gateway come from. Nothing is ever booked twice."""

    _inherit = "retail.gateway"

    def _start_booking(self):
        """Book what this gateway reports: what waits is posted, and what was not noted before.

        Raises ``UserError`` that names what is missing.
        """
        self._check_may_set_up()
        for gateway in self.sudo():
            if told := gateway._setup_problems():
                raise UserError(
                    self.env._(
                        "%(gateway)s cannot be booked yet:\n%(problems)s",
                        gateway=gateway.name,
                        problems="\n".join(told),
                    )
                )
            gateway.with_env(self.env)._book("here")
            gateway._note_missed()
            self.env["retail.ledger"]._wake_after_commit(gateway.id)

    def _book_elsewhere(self, other):
        """Leave the booking to another gateway's own reports; what waits here is dropped."""
        self._check_may_set_up()
        other.with_env(self.env).check_access("read")
        for gateway in self:
            gateway._check_can_lean_on(other)
            gateway._check_nothing_posted()
            gateway._book("elsewhere", other)
        self._drop()

    def _do_not_book(self):
        """Book nothing of it; what waits is dropped, the reports are still kept."""
        self._check_may_set_up()
        for gateway in self:
            gateway._check_nothing_posted()
            gateway._check_nobody_leans()
            gateway._book("none")
        self._drop()

    def _set_purpose(self, purpose):
        """Say what its clearing account is. Raises ``UserError`` once something is posted."""
        if purpose != self.purpose:
            self._check_nothing_posted()
            self.purpose = purpose

    def _book(self, booking, other=None):
        before = self.booking
        self.sudo().write({"booking": booking, "booked_by_id": other.id if other else False})
        detail = {"before": before, "after": booking, "purpose": self.sudo().purpose}
        if other:
            detail["booked_by"] = other.sudo().name
        self.env["retail.audit"]._log("gateway.booking", self, detail=detail)

    def _note_missed(self):
        """Note what facts say that no entry was made of while it was not booked here."""

    def _drop(self):
        """Delete what waits, and forget why it could not be posted."""
        self._drop_unposted()
        for gateway in self.sudo():
            self.env["retail.ledger.poster"].sudo()._report_troubles(gateway)

    @api.model
    def _drop_unposted(self):
        """Delete the entries of gateways that are not booked here; posted ones are not touched."""
        self.env["retail.ledger.entry"].flush_model()
        self.flush_model(["booking"])
        self.env.cr.execute(DROPPED)
        self.env["retail.ledger.entry"].invalidate_model()

    # What hinders

    def _check_nothing_posted(self):
        """Raise ``UserError`` if something of it is in the books: it would be left half done."""
        if self._has_posted():
            raise UserError(
                self.env._(
                    "%(gateway)s: entries are posted already. It stays booked from its own "
                    "reports; archive it once it reports nothing any more.",
                    gateway=self.name,
                )
            )

    def _check_can_lean_on(self, other):
        wrong = not other or other == self or other.company_id != self.company_id
        if wrong or other.booking not in ("here", "unset"):
            raise UserError(
                self.env._(
                    "Choose the gateway whose own reports are booked: another one of the same "
                    "company."
                )
            )
        self._check_nobody_leans()

    def _check_nobody_leans(self):
        others = self.sudo().search([("booked_by_id", "in", self.ids)])
        if others:
            raise UserError(
                self.env._(
                    "%(gateway)s has to be booked: %(others)s lean on its reports.",
                    gateway=self.name,
                    others=", ".join(others.mapped("name")),
                )
            )

    # Buttons

    def action_start_booking(self):
        """Book from this gateway's reports from now on, and what waits."""
        self._start_booking()
        return True

    def action_do_not_book(self):
        """Keep what it reports without journal entries."""
        self._do_not_book()
        return True


class RetailInboxSweeper(models.AbstractModel):
    """Sweeps entries that came in just while a gateway was switched."""

    _inherit = "retail.inbox.sweeper"

    @api.model
    def _sweep(self):
        """Override: drop what is booked elsewhere."""
        result = super()._sweep()
        self.env["retail.gateway"]._drop_unposted()
        return result
