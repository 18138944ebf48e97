"""The companies' bank accounts: their journals, and statements that somebody imports."""

from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime, timezone
from decimal import Decimal

from environment import Failure

from .company import Company
from .rpc import Odoo
from .statement import Movement, statement

OPENING = Decimal("12500.00")
# What has nothing to do with payouts.
RENT = Movement("RENT-01", Decimal("-1800.00"), "Rent of the warehouse", "Estates Ltd.")


def open_account(odoo: Odoo, company: Company, number: str) -> None:
    """Name the number of its bank account in a company's bank journal."""
    domain = [("type", "=", "bank"), ("company_id", "=", company.id)]
    journals = odoo.search("account.journal", domain, limit=1, order="id")
    if not journals:
        raise Failure(f"{company.name} has no bank journal")
    partner = odoo.read("res.company", [("id", "=", company.id)], "partner_id")[0]["partner_id"]
    values = {"acc_number": number, "partner_id": partner[0], "company_id": company.id}
    account = odoo.create("res.partner.bank", values, **company.context)
    odoo.write("account.journal", journals[0], {"bank_account_id": account})


def import_statement(
    odoo: Odoo, company: Company, number: str, currency: str, movements: Sequence[Movement]
) -> None:
    """Import the bank's file as an accountant does: choose it, look at it, take it."""
    file = statement(number, currency, [*movements, RENT], datetime.now(timezone.utc), OPENING)
    values = {"file": b64encode(file).decode(), "file_name": f"{number}.xml"}
    model = "retail.bank.statement.import"
    wizard = odoo.create(model, values, **company.context)
    odoo.call(model, "action_read", [wizard], context=company.context)
    odoo.call(model, "action_import", [wizard], context=company.context)
