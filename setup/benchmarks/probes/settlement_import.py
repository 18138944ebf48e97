"""Payouts from the message to the last reconciled line, and payments made by Odoo's own model."""

import time

from odoo import Command, api
from odoo.modules.registry import Registry

from .payment_world import World, found_world, item, note_payments, payout_of, price
from .timing import environment, maintain

TABLES = (
    "account_move",
    "account_move_line",
    "account_partial_reconcile",
    "account_full_reconcile",
    "retail_ledger_entry",
    "retail_payout_line",
)
DAY = "2026-05-07"


def measure(
    registry: Registry, lines: int, few: int, foreign: int, payments: int
) -> dict[str, list[float]]:
    """Return milliseconds of a line of each kind of payout, of a payment, and of its posting."""
    with environment(registry) as env:
        world = found_world(env)
        own = env["res.company"].browse(world.company_id).currency_id.name
    found = {
        "payment": [_by_odoo(registry, world, own, payments)],
        "foreign_payment": [_by_odoo(registry, world, world.foreign, payments)],
    }
    for name, currency, size in (
        ("few", own, few),
        ("many", own, lines),
        ("foreign", world.foreign, foreign),
    ):
        keys, posting = _post(registry, world, currency, size)
        found[name] = [_settle(registry, world, keys, currency)]
        if name == "many":
            found["posting"] = [posting]
    return found


# Ours


def _post(registry: Registry, world: World, currency: str, size: int) -> tuple[list[str], float]:
    """Post so many charges; return their keys and the milliseconds of one."""
    with environment(registry) as env:
        keys = note_payments(env, world, currency, size)
    begin = time.perf_counter()
    _run_lane(registry, world)
    spent = time.perf_counter() - begin
    maintain(registry, *TABLES)
    return keys, spent * 1000 / size


def _settle(registry: Registry, world: World, keys: list[str], currency: str) -> float:
    """Import a payout and settle it; return the milliseconds of a line."""
    message = payout_of(keys, currency)
    begin = time.perf_counter()
    with environment(registry) as env:
        backend = env["retail.backend"].browse(world.backend_id)
        importer = env["retail.importer.payout"].with_company(backend.company_id)
        importer = importer.with_context(allowed_company_ids=backend.company_id.ids)
        importer._import_batch(backend, [item(message)])
    _run_lane(registry, world)
    spent = time.perf_counter() - begin
    _check(registry, world, message.external_id)
    maintain(registry, *TABLES)
    return spent * 1000 / len(keys)


def _run_lane(registry: Registry, world: World) -> None:
    """Do every chunk in a transaction of its own, as the lane's job does."""
    with environment(registry) as env:
        ledger = env["retail.ledger"]
        while ledger._run_chunk(world.gateway_id):
            pass


def _check(registry: Registry, world: World, external_id: str) -> None:
    """Raise unless the payout is settled and nothing is left on the clearing account."""
    with environment(registry) as env:
        payout = env["retail.payout"].search([("external_id", "=", external_id)])
        left = world.gateway(env)._clearing_difference()
        if payout.state != "settled" or left:
            raise RuntimeError(f"{payout.state}: {payout.problem} {left}")
        if env["retail.ledger.entry"].search_count(
            [("gateway_id", "=", world.gateway_id), ("state", "!=", "settled")]
        ):
            raise RuntimeError("entries are left unsettled")


# Odoo's own


def _by_odoo(registry: Registry, world: World, currency: str, payments: int) -> float:
    """Make and reconcile payments one by one; return the milliseconds of one."""
    with environment(registry) as env:
        invoices = _invoices(env, world, currency, payments).ids
    begin = time.perf_counter()
    for number, invoice_id in enumerate(invoices):
        with environment(registry) as env:
            _pay(_in_company(env, world), invoice_id, number)
    return (time.perf_counter() - begin) * 1000 / payments


def _in_company(env: api.Environment, world: World) -> api.Environment:
    return env(context={"allowed_company_ids": [world.company_id], "tracking_disable": True})


def _invoices(env: api.Environment, world: World, currency: str, amount: int):
    """Post what customers owe, one invoice each."""
    env = _in_company(env, world)
    partners = env["res.partner"].create([{"name": f"Payer {n}"} for n in range(amount)])
    found = env["res.currency"].search([("name", "=", currency)])
    income = env["account.account"].search([("account_type", "=", "income")], limit=1)
    moves = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "currency_id": found.id,
                "invoice_date": "2026-05-04",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Thing",
                            "quantity": 1,
                            "price_unit": float(price(number)),
                            "account_id": income.id,
                            "tax_ids": [],
                        }
                    )
                ],
            }
            for number, partner in enumerate(partners)
        ]
    )
    moves.action_post()
    return moves


def _pay(env: api.Environment, invoice_id: int, number: int) -> None:
    invoice = env["account.move"].browse(invoice_id)
    journal = env["account.journal"].search([("type", "=", "bank")], limit=1)
    payment = env["account.payment"].create(
        {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": invoice.partner_id.id,
            "amount": float(price(number)),
            "currency_id": invoice.currency_id.id,
            "date": DAY,
            "journal_id": journal.id,
        }
    )
    payment.action_post()
    lines = (payment.move_id | invoice).line_ids
    lines.filtered(lambda line: line.account_id.account_type == "asset_receivable").reconcile()
