"""What takes two people: a refund that one asks for, a reconciliation that one explains."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from .company import Company
from .rpc import Odoo, RpcError

APPROVER = ("controller", "controller-of-the-demo")
ROLES = ("retail_connector_base.group_accountant", "base.group_multi_company")
DAYS = 7
CENT = Decimal("0.01")
GOODWILL = "Given back out of goodwill; its credit note waits for a person."
SENT_BACK = "The customer's bank sent it back: it is owed still, as its credit note says."
CORRECTED = "The shop corrected its taxes after it had been paid."
# What may differ, by leg and what was found, and why.
KNOWN = {("bank", "missing_there"): "On the next statement of the bank."}
BY_TELEPHONE = {("orders", "missing_here"): "Paid by telephone: invoiced by the sales team."}


def hire(
    odoo: Odoo, url: str, database: str, companies: list[Company],
    named: tuple[str, str] = APPROVER,
) -> Odoo:  # fmt: skip
    """Make a user who decides about money, by login and password, and log in as him."""
    login, password = named
    ids = [company.id for company in companies]
    groups = [odoo.reference(name) for name in ROLES]
    odoo.create(
        "res.users",
        {
            "name": login.capitalize(), "login": login, "password": password, "company_id": ids[0],
            "company_ids": [(6, 0, ids)], "group_ids": [(4, group) for group in groups],
        },
    )  # fmt: skip
    controller = Odoo(url, login, password).log_in(database)
    controller.context["allowed_company_ids"] = ids
    return controller


# A refund


def ask_back(odoo: Odoo, backend: int, order: int, amount: Decimal) -> int:
    """Ask to give a part of an order's money back; return the request."""
    domain = [("backend_id", "=", backend), ("external_id", "=", str(order))]
    binding = odoo.search("retail.order.binding", domain)
    wizard = odoo.call("retail.order.binding", "action_give_money_back", binding)["res_id"]
    rows = odoo.search("retail.refund.wizard.line", [("wizard_id", "=", wizard)])
    amounts = [float(amount), *(0.0 for _row in rows[1:])]
    parts = [(1, row, {"amount": part}) for row, part in zip(rows, amounts, strict=True)]
    values = {"amount": float(amount), "reason": "A scratch on the lid", "line_ids": parts}
    odoo.write("retail.refund.wizard", wizard, values)
    return odoo.call("retail.refund.wizard", "action_request", [wizard])["res_id"]


def approve(requester: Odoo, approver: Odoo, refund: int) -> list[str]:
    """Let the other one approve it; return what is wrong if the requester himself could."""
    try:
        requester.call("retail.refund", "action_approve", [refund])
    except RpcError:
        approver.call("retail.refund", "action_approve", [refund])
        return []
    return ["the requester could approve his own refund"]


# Reconciliation


@dataclass
class Run:
    """A reconciliation: its record, its backend, and the differences that nobody could name."""

    id: int
    gateway: str
    backend: int
    unnamed: list[str] = field(default_factory=list)


def compute(odoo: Odoo, gateways: list[int]) -> list[Run]:
    """Ask for a run of each gateway over these days."""
    today = date.today()
    period = {
        "date_from": str(today - timedelta(days=DAYS)), "date_to": str(today + timedelta(days=DAYS))
    }  # fmt: skip
    runs = []
    for row in odoo.read("retail.gateway", [("id", "in", gateways)], "name", "backend_id"):
        number = odoo.create("retail.reconciliation", {"gateway_id": row["id"], **period})
        odoo.call("retail.reconciliation", "action_compute", [number])
        runs.append(Run(number, row["name"], row["backend_id"][0]))
    return runs


def work_through(
    odoo: Odoo, run: Run, differences: Mapping[str, tuple[Decimal, str]], *,
    by_telephone: bool = False,
) -> None:  # fmt: skip
    """Explain what is known to differ; keep what is not.

    ``differences`` are how much more orders say than their payments, and why, by their names.
    """
    known = KNOWN | BY_TELEPHONE if by_telephone else KNOWN
    domain = [("run_id", "=", run.id), ("status", "=", "different")]
    names = ("leg", "verdict", "label", "amount_here", "amount_there")
    for line in odoo.read("retail.reconciliation.line", domain, *names):
        if text := cause_of(line, differences, known):
            odoo.write("retail.reconciliation.line", line["id"], {"explanation": text})
        else:
            run.unnamed.append(_words(run, line))


def cause_of(
    line: Mapping[str, Any], differences: Mapping[str, tuple[Decimal, str]],
    known: Mapping[tuple[str, str], str] = KNOWN,
) -> str | None:  # fmt: skip
    """Return why a line differs, ``None`` if nobody knows."""
    if (line["leg"], line["verdict"]) == ("orders", "amount"):
        more = Decimal(str(line["amount_here"])) - Decimal(str(line["amount_there"]))
        amount, why = differences.get(line["label"], (None, None))
        return why if amount == more.quantize(CENT) else None
    return known.get((line["leg"], line["verdict"]))


def sign(signer: Odoo, locker: Odoo, run: Run) -> None:
    """Let somebody else sign it, then lock it for good."""
    signer.call("retail.reconciliation", "action_review", [run.id])
    locker.call("retail.reconciliation", "action_lock", [run.id])


def _words(run: Run, line: dict[str, Any]) -> str:
    return (
        f"{run.gateway}: {line['leg']} {line['verdict']} {line['label']}:"
        f" {line['amount_here']} here, {line['amount_there']} there"
    )
