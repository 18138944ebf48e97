from datetime import timezone

from odoo import api, models

from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.day_clock import clock_skew

DECLINED = "offline_card_declined"
SKEW = "register_clock"


class RetailPosOffline(models.AbstractModel):
    """What comes of sales while a register had no connection: cards whose money never came, and
    clocks that nobody set."""

    _name = "retail.pos.offline"
    _description = "Retail Connector: registers without connection"

    # Cards

    @api.model
    def _declined(self, ticket, tenders):
        """Show that cards of an imported ticket were declined: goods are gone, money is not ours.

        Its payments stay as they were posted until an accountant books what happened.
        """
        problem = self._declined_problem(ticket, tenders)
        self.env["retail.exception"]._report(ticket.backend_id, problem, record=ticket)
        detail = {"tenders": ", ".join(f"{each.method} {each.amount}" for each in tenders)}
        self.env["retail.audit"]._log("ticket.card_declined", ticket, detail=detail)

    @api.model
    def _settled(self, ticket):
        """Note that a ticket's cards were accepted after all, or that it was paid otherwise."""
        fingerprint = f"{DECLINED}|{ticket.external_id}"
        self.env["retail.exception"]._solved(ticket.backend_id, [fingerprint])

    def _declined_problem(self, ticket, tenders):
        currency = ticket.currency_id.name
        amount = sum(abs(each.amount) for each in tenders)
        return Problem(
            error_class=ErrorClass.FINANCE,
            code=DECLINED,
            subject=ticket.external_id,
            title=self.env._(
                "A card of ticket %(number)s was declined after the sale",
                number=ticket.number or ticket.external_id,
            ),
            cause=self.env._(
                "It was taken offline at %(register)s on %(date)s; the goods have left. Ask the "
                "customer for the money, or write it off: the payment is in the books of that day.",
                register=ticket.register_id.display_name,
                date=ticket.day_id.business_date,
            ),
            fix="open_record",
            amount=amount,
            currency=currency,
            comparison=tuple(
                (each.method, f"{each.amount} {currency}", each.reference or "") for each in tenders
            ),
        )

    # Clocks

    @api.model
    def _check_clocks(self, drafts):
        """Note registers whose clock is wrong, once until it is right again."""
        received = self._received(drafts)
        for register, of_register in _by_register(drafts).items():
            newest = max(of_register, key=lambda draft: draft.ticket.sold_at)
            at = received.get(newest.item.message_id)
            if at:
                told = newest.ticket
                skew = clock_skew(told.sold_at, at, told.offline)
                self._note_clock(register, skew)

    def _received(self, drafts):
        """Return when messages were received, in UTC: not when they are imported."""
        ids = [draft.item.message_id for draft in drafts]
        messages = self.env["retail.inbox.message"].sudo()
        found = messages.search_fetch([("id", "in", ids)], ["received_at"])
        return {each.id: each.received_at.replace(tzinfo=timezone.utc) for each in found}

    def _note_clock(self, register, skew):
        minutes = int(skew.total_seconds() // 60) if skew else 0
        if bool(minutes) == bool(register.clock_skew):
            return
        register.sudo().clock_skew = minutes
        if skew:
            problem = self._skew_problem(register, minutes)
            self.env["retail.exception"]._report(register.backend_id, problem, record=register)
        else:
            self.env["retail.exception"]._solved(
                register.backend_id, [f"{SKEW}|{register.external_id}"]
            )

    def _skew_problem(self, register, minutes):
        ahead = self.env._("%(minutes)s minutes ahead", minutes=minutes)
        behind = self.env._("%(minutes)s minutes behind", minutes=-minutes)
        return Problem(
            error_class=ErrorClass.DATA,
            code=SKEW,
            subject=register.external_id,
            title=self.env._("The clock of %(name)s is wrong", name=register.display_name),
            cause=self.env._(
                "It is %(off)s. Its tickets count for the business date that they name; correct "
                "the clock in the store.",
                off=ahead if minutes > 0 else behind,
            ),
            fix="open_record",
        )


def _by_register(drafts):
    found = {}
    for draft in drafts:
        if draft.register:
            found.setdefault(draft.register, []).append(draft)
    return found
