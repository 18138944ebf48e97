import hashlib
from decimal import Decimal

from odoo import models

from odoo.addons.retail_connector_base.canonical.pos_ticket import TenderKind
from odoo.addons.retail_connector_base.decisions.problem import ImportProblem, Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.card_change import is_by_card, money_changes, point_changes
from .ticket_draft import TicketLineDraft

# The program of Odoo's whose cards a tender stands for.
PROGRAM_TYPES = {TenderKind.GIFT_CARD: "gift_card", TenderKind.STORE_CREDIT: "ewallet"}
PAYMENT_TYPES = tuple(PROGRAM_TYPES.values())


class RetailImporterPosTicket(models.AbstractModel):
    """Gift cards, store credit and points, as Odoo's own point of sale keeps them.

    A card that pays is no payment in Odoo: a negative line of its program's product lowers the
    order's total. What a card is charged with is a line as well. Where the company has no program,
    gift cards are an ordinary tender.
    """

    _inherit = "retail.importer.pos_ticket"

    # Finding

    def _find_cards(self, backend, drafts):
        """Find the cards that tickets name, lock them, and add the lines that they make."""
        concerned = [draft for draft in drafts if not draft.is_void and money_changes(draft.ticket)]
        programs = {draft.item.message_id: self._programs(backend, draft) for draft in concerned}
        cards = self._lock_cards(backend, concerned, programs)
        for draft in concerned:
            if not draft.error:
                self._use_cards(backend, draft, programs[draft.item.message_id], cards)

    def _programs(self, backend, draft):
        """Return the programs of a draft by type; note it where nobody knows which."""
        currency = self._currency_of(draft)
        try:
            return {
                kind: self.env["retail.pos.card"]._program(backend, kind, currency)
                for kind in self._types_of(draft.ticket)
            }
        except ImportProblem as error:
            draft.fail(error.problem)
            return {}

    def _currency_of(self, draft):
        currencies = self.env["res.currency"].with_context(active_test=False)
        return draft.currency or currencies.search([("name", "=", draft.ticket.currency)])

    def _types_of(self, ticket):
        """Return the types of programs that a ticket's lines and tenders need."""
        sold = {"gift_card"} if any(line.gift_card_code for line in ticket.lines) else set()
        paid = {PROGRAM_TYPES[each.kind] for each in ticket.tenders if is_by_card(each)}
        return sorted(sold | paid)

    def _lock_cards(self, backend, drafts, programs):
        """Return by code the cards of drafts, locked; those that are new are made.

        A code that is not known was sold before Odoo knew of it, or its sale is still on its way.
        """
        wanted = {}
        for draft in drafts:
            found = programs[draft.item.message_id]
            for code, kind in self._codes_of(draft.ticket):
                if found.get(kind):
                    partner = self.env["res.partner"]
                    wanted.setdefault(code, (found[kind], code, partner))
        if not wanted:
            return {}
        cards = self.env["retail.pos.card"]
        known = cards._by_code(wanted)
        self.env["loyalty.card"].union(*known.values())._retail_lock()
        return known | cards._make([row for code, row in wanted.items() if code not in known])

    def _codes_of(self, ticket):
        """Yield (code, type of program) of all cards of money."""
        for line in ticket.lines:
            if line.gift_card_code:
                yield line.gift_card_code, "gift_card"
        for tender in ticket.tenders:
            if is_by_card(tender):
                yield tender.gift_card_code, PROGRAM_TYPES[tender.kind]

    # Using

    def _use_cards(self, backend, draft, programs, cards):
        usable = self.env["retail.pos.card"]._is_usable
        for code, kind in self._codes_of(draft.ticket):
            if programs.get(kind) and not usable(backend, cards[code], PAYMENT_TYPES):
                draft.fail(self._not_a_payment_card(draft, cards[code]))
                return
        if programs.get("gift_card"):
            self._split_discounts(backend, draft)
        for tender in draft.ticket.tenders:
            if is_by_card(tender) and programs.get(PROGRAM_TYPES[tender.kind]):
                draft.settled.add(tender.external_id)
                self._add_card_line(backend, draft, tender, cards[tender.gift_card_code])

    def _split_discounts(self, backend, draft):
        """Let a card that was sold at a discount be owed in full: the discount is another line."""
        for line in list(draft.lines):
            told = line.source
            if told and told.gift_card_code and told.discount and not told.taxes:
                line.source = told.model_copy(update={"discount": Decimal(0)})
                product = backend.discount_product_id
                draft.lines.append(
                    self._own_line(f"discount:{told.external_id}", product, -told.discount)
                )

    def _own_line(self, external_id, product, amount, **values):
        """Return a line that no register told: one unit, without taxes."""
        return TicketLineDraft(
            external_id=external_id,
            title=product.display_name,
            quantity=Decimal(1),
            product=product,
            taxes=self.env["account.tax"],
            price_unit=float(amount),
            values=values,
        )

    def _add_card_line(self, backend, draft, tender, card):
        if tender.amount < 0:
            # Money that is given back to a card: the card is charged, and owed again.
            product = self._charged_product(backend, card)
            draft.lines.append(self._own_line(_line_id(tender), product, -tender.amount))
            return
        reward = card.program_id.reward_ids[:1]
        product = reward.discount_line_product_id
        problem = self._align_accounts(backend, draft, card, product)
        if problem:
            draft.fail(problem)
            return
        values = self._reward_values(draft, tender, card, reward)
        draft.lines.append(self._own_line(_line_id(tender), product, -tender.amount, **values))

    def _reward_values(self, draft, tender, card, reward):
        """Return what Odoo's own point of sale keeps on the line of a card that pays."""
        seed = f"{draft.ticket.external_id}:{tender.external_id}"
        return {
            "is_reward_line": True,
            "reward_id": reward.id,
            "coupon_id": card.id,
            "points_cost": float(tender.amount),
            "reward_identifier_code": hashlib.sha256(seed.encode()).hexdigest()[:12],
        }

    def _charged_product(self, backend, card):
        program = card.program_id
        own = program.trigger_product_ids[:1] if program.program_type == "ewallet" else None
        return own or backend.gift_card_product_id

    # Accounts

    def _align_accounts(self, backend, draft, card, product):
        """Let a card be spent from the account that it was sold to; return a problem if not so.

        The product that spends follows the one that is sold as long as nobody gave it an account.
        """
        sold = self._charged_product(backend, card)
        liability, spent = (self._income_account(backend, each) for each in (sold, product))
        if liability == spent or not liability:
            return None
        own = product.with_company(backend.company_id).property_account_income_id
        if own:
            return self._two_accounts(draft, sold, product, liability, spent)
        product = product.with_company(backend.company_id)
        product.product_tmpl_id.property_account_income_id = liability
        detail = {"to": liability.display_name, "as": sold.display_name}
        self.env["retail.audit"]._log("card.account", product, backend=backend, detail=detail)
        return None

    def _income_account(self, backend, product):
        return product.with_company(backend.company_id)._get_product_accounts()["income"]

    def _two_accounts(self, draft, sold, product, liability, spent):
        names = (sold.display_name, product.display_name)
        return Problem(
            error_class=ErrorClass.CONFIGURATION,
            code="card_accounts",
            subject=str(product.id),
            title=self.env._("Cards are sold to one account and spent from another"),
            cause=self.env._(
                "What is sold and not spent yet is a liability: “%(sold)s” and “%(spent)s” need "
                "the same income account. Correct one of them, then retry.",
                sold=names[0],
                spent=names[1],
            ),
            fix="open_record",
            fix_values={"res_model": "product.product", "res_id": product.id},
            amount=abs(draft.ticket.total),
            currency=draft.ticket.currency,
            comparison=(
                (names[0], "", liability.display_name),
                (names[1], "", spent.display_name or "–"),
            ),
        )

    def _not_a_payment_card(self, draft, card):
        return Problem(
            error_class=ErrorClass.DATA,
            code="card_code_taken",
            subject=str(card.id),
            title=self.env._(
                "Card %(card)s of ticket %(ticket)s is not a gift card of this company",
                card=card._retail_label(),
                ticket=draft.ticket.number,
            ),
            cause=self.env._(
                "Another card bears its code in Odoo. Give that one another code, then retry."
            ),
            fix="open_record",
            fix_values={"res_model": "loyalty.card", "res_id": card.id},
            amount=sum(abs(each.amount) for each in money_changes(draft.ticket)),
            currency=draft.ticket.currency,
        )

    # Afterwards

    def _after_import(self, backend, drafts):
        """Override: carry out what new tickets do to cards."""
        result = super()._after_import(backend, drafts)
        changes = self.env["retail.pos.card.change"]
        for draft in drafts:
            wanted = self._changes_of(backend, draft) if draft.order else []
            if wanted:
                changes |= changes._keep(draft.binding, draft.order, wanted)
        changes._carry_out()
        self._name_sources(changes)
        return result

    def _changes_of(self, backend, draft):
        """Return the changes of a ticket; those of cards that Odoo does not keep are nobody's."""
        money = money_changes(draft.ticket)
        if money:
            sold = bool(self._programs(backend, draft).get("gift_card"))
            kept = {
                _line_id(one) for one in draft.ticket.tenders if one.external_id in draft.settled
            }
            money = [
                change
                for change in money
                if change.reference in kept or (sold and change.reference.startswith("line:"))
            ]
        return money + point_changes(draft.ticket)

    def _name_sources(self, changes):
        """Tie cards to the order that sold them first, as Odoo's own point of sale does."""
        for change in changes.filtered(
            lambda one: one.state == "done" and one.amount > 0 and not one.program
        ):
            card = change.card_id
            if not card._has_source_order():
                partner = card.partner_id or change.order_id.partner_id
                card.write({"source_pos_order_id": change.order_id.id, "partner_id": partner.id})


def _line_id(tender):
    return f"tender:{tender.external_id}"
