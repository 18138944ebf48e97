"""Companies, warehouses, charts of accounts and taxes: what a retailer has before our addons."""

from dataclasses import dataclass
from typing import Any

from .rpc import Odoo
from .world import Brand

ROLES = (
    "retail_connector_base.group_administrator",
    "retail_connector_base.group_accountant",
    "stock.group_stock_manager",
    "sales_team.group_sale_manager",
    "base.group_multi_company",
)

# The generic chart of accounts will do: installing a localisation would reload the server.
PLAIN = {"chart_template_load": True}


@dataclass(frozen=True)
class Company:
    """A company with its warehouse, and its taxes by (title, rate)."""

    id: int
    name: str
    warehouse: int
    stock_location: int
    taxes: dict[tuple[str, str], int]

    @property
    def context(self) -> dict[str, list[int]]:
        """The context in which the user works for this company."""
        return {"allowed_company_ids": [self.id]}


def found_companies(odoo: Odoo, brands: tuple[Brand, ...]) -> list[Company]:
    """Create one company per brand: the first takes the database's own, the user joins all."""
    own = odoo.search("res.company", [], limit=1, order="id")
    ids = [_found(odoo, brand, own.pop() if own else None) for brand in brands]
    _give_roles(odoo, ids)
    return [_equip(odoo, brand, number) for brand, number in zip(brands, ids, strict=True)]


def _found(odoo: Odoo, brand: Brand, own: int | None) -> int:
    country = odoo.search("res.country", [("code", "=", brand.country)])[0]
    values = {
        "name": brand.company,
        "country_id": country,
        "currency_id": _currency(odoo, brand.currency),
    }
    if own is None:
        return odoo.create("res.company", values, **PLAIN)
    odoo.write("res.company", own, values)
    return own


def _currency(odoo: Odoo, name: str) -> int:
    found = odoo.search("res.currency", [("name", "=", name)], context={"active_test": False})
    odoo.write("res.currency", found, {"active": True})
    return found[0]


def _give_roles(odoo: Odoo, companies: list[int]) -> None:
    """Let the administrator work in all companies, in both of our roles."""
    groups = [(4, odoo.reference(name)) for name in ROLES]
    user = odoo.context["uid"]
    odoo.write("res.users", user, {"company_ids": [(4, i) for i in companies], "group_ids": groups})
    odoo.context["allowed_company_ids"] = companies


def _equip(odoo: Odoo, brand: Brand, company: int) -> Company:
    context = {"allowed_company_ids": [company]}
    if not odoo.read("res.company", [("id", "=", company)], "chart_template")[0]["chart_template"]:
        _load_chart(odoo, context)
        # The generic chart brings dollars along.
        odoo.write("res.company", company, {"currency_id": _currency(odoo, brand.currency)})
    warehouse = _warehouse(odoo, brand, company)
    group = _tax_group(odoo, brand, company)
    taxes = {pair: _tax(odoo, company, brand, group, pair) for pair in brand.taxes}
    return Company(company, brand.company, warehouse["id"], warehouse["lot_stock_id"][0], taxes)


def _load_chart(odoo: Odoo, context: dict[str, list[int]]) -> None:
    """Choose the generic chart of accounts in the company's settings, and save them."""
    settings = odoo.create("res.config.settings", {"chart_template": "generic_coa"}, **context)
    odoo.call("res.config.settings", "execute", [settings], context=context)


def _warehouse(odoo: Odoo, brand: Brand, company: int) -> dict[str, Any]:
    """Return the company's warehouse; only the first company of a database gets one by itself."""
    domain = [("company_id", "=", company)]
    if not odoo.search("stock.warehouse", domain):
        values = {"name": brand.name, "code": brand.country, "company_id": company}
        odoo.create("stock.warehouse", values, allowed_company_ids=[company])
    return odoo.read("stock.warehouse", domain, "lot_stock_id")[0]


def _tax_group(odoo: Odoo, brand: Brand, company: int) -> int:
    """Say where the company is taxed, and make a group for the taxes of that country."""
    country = odoo.search("res.country", [("code", "=", brand.country)])[0]
    odoo.write("res.company", company, {"account_fiscal_country_id": country})
    values = {"name": "Sales taxes", "company_id": company, "country_id": country}
    return odoo.create("account.tax.group", values, allowed_company_ids=[company])


def _tax(odoo: Odoo, company: int, brand: Brand, group: int, pair: tuple[str, str]) -> int:
    title, rate = pair
    percent = float(rate) * 100
    return odoo.create(
        "account.tax",
        {
            "name": f"{title} {percent:g}%",
            "amount": percent,
            "amount_type": "percent",
            "type_tax_use": "sale",
            "company_id": company,
            "tax_group_id": group,
            "price_include_override": "tax_included" if brand.taxes_included else "tax_excluded",
        },
        allowed_company_ids=[company],
    )
