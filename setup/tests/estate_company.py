"""A company with stores in a real Odoo, and an account of its own for everything that is booked."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from random import Random
from typing import Any

from estate_books import Balances, Shelves
from simulator_estate import CARD, CASH, ON_ACCOUNT, Good, Life, Store, Terms

from odoo.addons.retail_connector_pos.tests import estate

ON_SHELF = 1_000
BALANCES = """
    SELECT line.account_id, line.journal_id, line.tax_line_id,
           (SELECT array_agg(tax.account_tax_id) FROM account_move_line_account_tax_rel tax
             WHERE tax.account_move_line_id = line.id) AS taxes,
           account.account_type, sum(line.amount_currency)::text
      FROM account_move_line line JOIN account_account account ON account.id = line.account_id
     WHERE line.company_id = %s AND line.parent_state = 'posted'
     GROUP BY line.id, line.account_id, line.journal_id, line.tax_line_id, account.account_type
"""
UNBALANCED = """
    SELECT move.name FROM account_move_line line JOIN account_move move ON move.id = line.move_id
     WHERE line.company_id = %s GROUP BY move.id HAVING sum(line.balance) <> 0
"""


class Company:
    """Stores with their registers, goods on their shelves, and who is asked for what was booked."""

    def __init__(
        self, env: Any, terms: Terms, places: Sequence[Store], goods: Sequence[Good], random: Random
    ) -> None:
        company = estate.make_company(env, currency=terms.currency, country=terms.country.lower())
        # Before a commit Odoo would load the chart of the company's country over the one it has.
        env.flush_all()
        env.cr.precommit.clear()
        self.env = env(context={**env.context, "allowed_company_ids": company.ids})
        self.company, self.terms = company.with_env(self.env), terms
        self.random = random
        # Goods are weighed in grams.
        env["decimal.precision"].search([("name", "=", "Product Unit")]).digits = 3
        self.accounts: dict[int, str] = {}
        self.backend = estate.make_backend(
            self.env, self.company, allows_unreferenced_returns=True,
            gift_card_product_id=self._service("Gift card", "gift_cards", "liability_current").id,
            tip_product_id=self._service("Tip", "tips").id,
            rounding_product_id=self._service("Rounding", "rounding").id,
        )  # fmt: skip
        self._programs()
        self.taxes = self._make_taxes()
        self.card = estate.make_method(self.env, self.company, "bank", CARD)
        self.later = estate.make_method(
            self.env, self.company, "pay_later", ON_ACCOUNT, split_transactions=True
        )
        self.drawers: dict[int, str] = {}
        self.houses = {store.id: self._open(store) for store in places}
        # Any drawer will do for cash: each register has its own.
        drawer = self.env["pos.payment.method"].search(
            [("company_id", "=", self.company.id), ("is_cash_count", "=", True)], limit=1
        )
        for word, method in ((CASH, drawer), (CARD, self.card), (ON_ACCOUNT, self.later)):
            estate.map_tender(self.backend, word, method)
        self.products = {good.sku: self._product(good) for good in goods}
        self.morning: Shelves = {
            (store, sku): Decimal(ON_SHELF) for store in self.houses for sku in self.products
        }

    # What is there before the first customer

    def _account(self, name: str, role: str, kind: str) -> Any:
        number = f"9{len(self.accounts):05d}"
        values = {
            "name": name, "code": number, "account_type": kind,
            "company_ids": [(6, 0, self.company.ids)],
        }  # fmt: skip
        account = self.env["account.account"].create(values)
        self.accounts[account.id] = role
        return account

    def _service(self, name: str, role: str, kind: str = "income_other") -> Any:
        account = self._account(name, role, kind)
        values = {
            "name": name, "type": "service", "taxes_id": [(5,)], "available_in_pos": True,
            "company_id": self.company.id, "property_account_income_id": account.id,
        }  # fmt: skip
        return self.env["product.product"].with_company(self.company).create(values)

    def _programs(self) -> None:
        """Keep gift cards as Odoo does."""
        product = self.backend.gift_card_product_id
        values = {
            "name": "Gift cards", "program_type": "gift_card", "applies_on": "future",
            "trigger": "auto", "company_id": self.company.id, "portal_visible": True,
            "currency_id": self.company.currency_id.id,
            "rule_ids": [
                (0, 0, {
                    "reward_point_mode": "money", "reward_point_amount": 1,
                    "reward_point_split": True, "product_ids": [(6, 0, product.ids)],
                })
            ],
            "reward_ids": [
                (0, 0, {
                    "reward_type": "discount", "discount_mode": "per_point", "discount": 1,
                    "discount_applicability": "order", "required_points": 1,
                })
            ],
        }  # fmt: skip
        self.env["loyalty.program"].with_company(self.company).create(values)

    def _make_taxes(self) -> dict[int, str]:
        found = {}
        for tax in {tax for group in self.terms.taxes for tax in group}:
            name = f"{tax.title} {tax.rate.normalize():f}"
            made = estate.make_tax(
                self.env, self.company, float(tax.rate * 100), self.terms.taxes_included, name=name
            )
            found[made.id] = name
        return found

    def _open(self, store: Store) -> Any:
        house = estate.make_warehouse(self.env, self.company, store.name)
        house.partner_id.country_id = self.company.country_id
        place = estate.make_store(self.backend, store.id, house, tz=self.terms.timezone)
        for register in store.registers:
            # Coins are rounded by Odoo, or by a line of the order.
            by_odoo = self.terms.rounds_cash and self.random.random() < 0.5
            values = self._rounding() if by_odoo else {}
            config = estate.make_config(
                self.env, self.company, house, self.card | self.later, **values
            )
            journal = config.payment_method_ids.filtered("is_cash_count").journal_id
            journal.profit_account_id = self._account("Over", "over_short", "income_other")
            journal.loss_account_id = self._account("Short", "over_short", "expense")
            self.accounts[journal.suspense_account_id.id] = "movements"
            self.drawers[journal.default_account_id.id] = f"{store.id}:{register}"
            estate.make_register(place, register, config)
        return house

    def _rounding(self) -> dict[str, Any]:
        method = self.env["account.cash.rounding"].create(
            {
                "name": "Coins", "rounding": float(self.terms.coin),
                "strategy": "add_invoice_line", "rounding_method": "HALF-UP",
                "profit_account_id": self._account("Up", "rounding", "income_other").id,
                "loss_account_id": self._account("Down", "rounding", "expense").id,
            }
        )  # fmt: skip
        return {
            "cash_rounding": True, "rounding_method": method.id, "only_round_cash_method": True,
        }  # fmt: skip

    def _product(self, good: Good) -> Any:
        unit = self.env.ref("uom.product_uom_kgm" if good.weighed else "uom.product_uom_unit")
        product = estate.make_product(
            self.env, self.company, good.sku, lst_price=float(good.price), barcode=good.barcode,
            uom_id=unit.id,
        )  # fmt: skip
        for house in self.houses.values():
            self.env["stock.quant"]._update_available_quantity(
                product, house.lot_stock_id, ON_SHELF
            )
        return product

    def round_taxes(self, by_line: bool) -> None:
        """Choose how Odoo rounds taxes: as the registers do, or over a whole ticket."""
        way = "round_per_line" if by_line else "round_globally"
        self.company.tax_calculation_rounding_method = way

    # What is there in the end

    def balances(self) -> Balances:
        """Return what the accounts show. What only Odoo needs in between has to be nothing."""
        self.env.flush_all()
        found: Balances = defaultdict(Decimal)
        self.env.cr.execute(BALANCES, [self.company.id])
        for account, _journal, tax, taxes, kind, amount in self.env.cr.fetchall():
            found[self._role(account, tax, taxes, kind)] += Decimal(amount)
        return {role: amount for role, amount in found.items() if amount}

    def _role(
        self, account: int, tax: int | None, taxes: list[int] | None, kind: str
    ) -> tuple[str, ...]:
        if tax:
            return "tax", self.taxes[tax]
        if account in self.drawers:
            return "cash", self.drawers[account]
        if account in self.accounts:
            return (self.accounts[account],)
        if kind == "income":
            return "sales", *sorted(self.taxes[one] for one in taxes or ())
        if account == self.company.account_default_pos_receivable_account_id.id:
            return ("card",)
        return ("customers",) if kind == "asset_receivable" else ("card",)

    def unbalanced(self) -> list[str]:
        """Return the entries whose sides differ."""
        self.env.cr.execute(UNBALANCED, [self.company.id])
        return [f"{name} is not balanced" for (name,) in self.env.cr.fetchall()]

    def shelves(self) -> Shelves:
        """Return what lies in the stores."""
        return {
            (store, sku): self._on_hand(product, house)
            for store, house in self.houses.items()
            for sku, product in self.products.items()
        }

    def _on_hand(self, product: Any, house: Any) -> Decimal:
        domain = [("product_id", "=", product.id), ("location_id", "=", house.lot_stock_id.id)]
        units = sum(self.env["stock.quant"].search(domain).mapped("quantity"))
        return Decimal(str(round(units, 6)))

    def unposted(self, lives: Sequence[Life]) -> set[str]:
        """Return the tickets whose session is not closed."""
        known = {ticket.id for life in lives for ticket in life.tickets}
        tickets = self.env["retail.pos.ticket"].search([("backend_id", "=", self.backend.id)])
        return known - {
            ticket.external_id for ticket in tickets
            if ticket.odoo_id.session_id.state == "closed"
        }  # fmt: skip
