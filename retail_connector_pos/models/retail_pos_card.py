from odoo import api, models

from odoo.addons.retail_connector_base.decisions.fingerprint import fingerprint_of
from odoo.addons.retail_connector_base.decisions.problem import ImportProblem, Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

OVERDRAWN = "card_overdrawn"


class RetailPosCard(models.AbstractModel):
    """Finds the cards that registers name, and tells who must know what is wrong with them."""

    _name = "retail.pos.card"
    _description = "Retail Connector: cards at registers"

    # Programs

    @api.model
    def _program(self, backend, program_type, currency):
        """Return the company's program of a type of payment cards, empty when it has none.

        Raises ``ImportProblem`` where several could be meant.
        """
        chosen = backend.gift_card_program_id
        if program_type == "gift_card" and chosen:
            return chosen if chosen.currency_id == currency else chosen.browse()
        found = self.env["loyalty.program"].search(
            [
                ("program_type", "=", program_type),
                ("company_id", "in", (False, backend.company_id.id)),
                ("currency_id", "=", currency.id),
                ("reward_ids", "!=", False),
            ]
        )
        own = found.filtered("company_id") or found
        if len(own) > 1:
            raise ImportProblem(self._several_programs(backend, own))
        return own

    def _several_programs(self, backend, programs):
        return Problem(
            error_class=ErrorClass.CONFIGURATION,
            code="gift_card_program",
            subject=programs[0].program_type,
            title=self.env._("Which gift card program do the registers use?"),
            cause=self.env._(
                "There are several: %(names)s. Choose one on the backend, then retry.",
                names=", ".join(programs.mapped("name")),
            ),
            fix="open_backend",
        )

    @api.model
    def _points_programs(self, backend, words):
        """Return ``{word: program}`` of what is known; what is ignored is empty.

        A new word that is the name of just one program is mapped to it.
        """
        mappings = self.env["retail.mapping"]
        known = mappings._resolve(backend, "loyalty_program", words)
        for word in [word for word in words if word not in known]:
            found = self._named(backend, word)
            if len(found) == 1:
                row = mappings._note_unmapped(
                    backend, [mappings._problem_values("loyalty_program", word)]
                )[0]
                row.write({"loyalty_program_id": found.id, "origin": "automatic"})
                known[word] = found
        return known

    def _named(self, backend, word):
        return self.env["loyalty.program"].search(
            [
                ("program_type", "in", ("loyalty", "ewallet")),
                ("company_id", "in", (False, backend.company_id.id)),
                ("name", "=ilike", word.replace("\\", "\\\\").replace("%", "\\%")
                    .replace("_", "\\_")),
            ]
        )  # fmt: skip

    # Cards

    @api.model
    def _by_code(self, codes):
        """Return cards by code, archived and other companies' too: a code is unique in Odoo."""
        cards = self.env["loyalty.card"].with_context(active_test=False)
        found = cards.search([("code", "in", list(codes))])
        return {card.code: card for card in found}

    @api.model
    def _make(self, wanted):
        """Create cards of (program, code, partner), empty; return them by code.

        Nothing is mailed: who sold the card has handed it out.
        """
        quiet = {"action_no_send_mail": True, "loyalty_no_mail": True, "tracking_disable": True}
        made = (
            self.env["loyalty.card"]
            .with_context(**quiet)
            .create(
                [
                    {"program_id": program.id, "code": code, "partner_id": partner.id, "points": 0}
                    for program, code, partner in wanted
                ]
            )
        )
        return {card.code: card.with_env(self.env) for card in made}

    @api.model
    def _is_usable(self, backend, card, types):
        """Tell whether a card is one of the company and of a program of these types."""
        company = card.program_id.company_id
        return card.program_type in types and (not company or company == backend.company_id)

    @api.model
    def _cards_of(self, backend, changes):
        """Return ``{change: card}`` of stored changes; cards of points that are new are made.

        What cannot be carried out is told, and left out of the answer.
        """
        known = self._by_code(set(changes.mapped("code")))
        money = changes.filtered(lambda change: not change.program)
        cards = {change: known[change.code] for change in money if change.code in known}
        return cards | self._cards_of_points(backend, changes - money, known)

    def _cards_of_points(self, backend, changes, known):
        programs = self._points_programs(backend, sorted(set(changes.mapped("program"))))
        changes.filtered(
            lambda change: change.program in programs and not programs[change.program]
        ).state = "left_out"
        pending = changes.filtered(lambda change: change.state == "waiting")
        mapped = pending.filtered(lambda change: change.program in programs)
        self._tell_unmapped(backend, pending - mapped)
        wrong = mapped.filtered(
            lambda change: (
                change.code in known and known[change.code].program_id != programs[change.program]
            )
        )
        self._tell_wrong(backend, wrong)
        new = {}
        for change in mapped - wrong:
            if change.code not in known:
                partner = change.order_id.partner_id
                new.setdefault(change.code, (programs[change.program], change.code, partner))
        known = known | self._make(list(new.values()))
        return {change: known[change.code] for change in mapped - wrong}

    # What a person must know

    def _tell_unmapped(self, backend, changes):
        words = {change.program_key: change.program for change in changes}
        reports = [(self._unmapped(key, words[key]), (), None) for key in sorted(words)]
        if reports:
            self.env["retail.exception"]._report_many(backend, reports)

    def _unmapped(self, key, word):
        return Problem(
            error_class=ErrorClass.MAPPING,
            code="unmapped_loyalty_program",
            subject=key,
            title=self.env._("The loyalty program “%(word)s” is not mapped", word=word),
            cause=self.env._(
                "Tickets are imported, their points wait. Choose which program of Odoo it is: the "
                "points are given and taken then."
            ),
            fix="map_value",
            fix_values=self.env["retail.mapping"]._problem_values("loyalty_program", word),
        )

    def _tell_wrong(self, backend, changes):
        for change in changes:
            card = self._by_code([change.code])[change.code]
            problem = Problem(
                error_class=ErrorClass.DATA,
                code="card_of_another_program",
                subject=str(change.id),
                title=self.env._(
                    "Points of ticket %(ticket)s are for a card of another program",
                    ticket=change.ticket_id.display_name,
                ),
                cause=self.env._(
                    "Card %(card)s belongs to “%(program)s”, and the ticket says “%(word)s”. The "
                    "ticket is imported, its points are not.",
                    card=card._retail_label(),
                    program=card.program_id.name,
                    word=change.program,
                ),
                fix="open_record",
            )
            self.env["retail.exception"]._report(backend, problem, record=change.ticket_id)

    @api.model
    def _tell_overdrafts(self, backend, before):
        """Report cards that are overdrawn now, and resolve what was: ``before`` are balances."""
        for card, was in before.items():
            now = card._retail_balance()
            problem = self._overdrawn(card, now)
            if now.overdrawn > was.overdrawn:
                exception = self.env["retail.exception"]._report(backend, problem, record=card)
                exception.sudo().write(
                    {"amount_at_risk": self._in_company(backend, problem), "cause": problem.cause}
                )
            elif was.overdrawn and not now.overdrawn:
                self.env["retail.exception"]._solved(backend, [fingerprint_of(problem)])

    def _in_company(self, backend, problem):
        rates = self.env["retail.exception"]._rates(backend, {problem.currency})
        return float(problem.amount or 0) * rates.get(problem.currency, 1.0)

    def _overdrawn(self, card, balance):
        money = card.program_id.is_payment_program
        return Problem(
            error_class=ErrorClass.FINANCE if money else ErrorClass.DATA,
            code=OVERDRAWN,
            subject=str(card.id),
            title=self.env._(
                "Card %(card)s of “%(program)s” was spent beyond its balance",
                card=card._retail_label(),
                program=card.program_id.name,
            ),
            cause=self.env._(
                "Registers took %(amount)s more than was on it, e.g. while they were offline, or "
                "the sale of the card is not imported yet. The sales are recorded. What is charged "
                "next pays it first; otherwise ask the card's owner, or write it off by charging "
                "the card.",
                amount=f"{balance.overdrawn.normalize():f}",
            ),
            fix="open_record",
            amount=balance.overdrawn if money else None,
            currency=card.currency_id.name if money else None,
        )
