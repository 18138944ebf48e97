"""A company with a gift card program and a loyalty program, and what its registers do to cards."""

from .common import PosCase
from .tickets import cash, custom, line, tender, ticket


def make_gift_cards(env, company, **values):
    """Create a gift card program of the company, as Odoo's own wizard does."""
    product = env["product.product"].create(
        {"name": "Gift Card", "type": "service", "taxes_id": [(5,)], "available_in_pos": True}
    )
    program = env["loyalty.program"].create(
        {
            **env["loyalty.program"]._program_type_default_values()["gift_card"],
            "name": "Gift Cards",
            "program_type": "gift_card",
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            **values,
        }
    )
    program.rule_ids.product_ids = product
    return program


def make_points(env, company, name="Club"):
    """Create a program of points of the company."""
    return env["loyalty.program"].create(
        {
            "name": name,
            "program_type": "loyalty",
            "company_id": company.id,
            "currency_id": company.currency_id.id,
        }
    )


def gift(amount, code="GC-0001", **values):
    """Return a line of a gift card that is sold or charged."""
    return custom("gift_card", amount, gift_card_code=code, **values)


def by_gift(amount, code="GC-0001", **values):
    """Return a payment by gift card."""
    return tender(amount, "gift", "gift_card", gift_card_code=code, **values)


class CardCase(PosCase):
    """Gift cards are sold to an account of liabilities; points belong to the program Club."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = make_gift_cards(cls.env, cls.company)
        cls.club = make_points(cls.env, cls.company)
        cls.liability = cls.env["account.account"].create(
            {
                "name": "Gift Cards Owed",
                "code": "239900",
                "account_type": "liability_current",
                "company_ids": [(6, 0, cls.company.ids)],
            }
        )
        sold = cls.backend.gift_card_product_id.with_company(cls.company)
        sold.product_tmpl_id.property_account_income_id = cls.liability

    def card_of(self, code="GC-0001"):
        """Return a card by its code."""
        return self.env["loyalty.card"].search([("code", "=", code)])

    def balance(self, code="GC-0001"):
        """Return (points, overdrawn) of a card."""
        card = self.card_of(code)
        return card.points, card.retail_overdrawn

    def charge(self, amount=50, code="GC-0001", **values):
        """Sell or charge a gift card for cash; return the ticket."""
        message = ticket(gift(amount, code), tenders=[cash(amount)], **values)
        self.drain(message)
        return message

    def spend(self, amount=20, code="GC-0001", price=None, tenders=(), **values):
        """Sell a thing that is paid by gift card; return the ticket."""
        price = amount if price is None else price
        paid = [by_gift(amount, code), *tenders]
        message = ticket(line("A", 1, price=price), tenders=paid, **values)
        self.drain(message)
        return message

    def exceptions(self, code):
        """Return the backend's exceptions of a kind."""
        return self.env["retail.exception"].search(
            [("backend_id", "=", self.backend.id), ("code", "=", code)]
        )
