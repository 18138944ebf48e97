"""At the end of the day, about the money: the books against the gateways and the bank."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal

from simulator_stripe.money import amount_of

from .books import AT_ONCE, AT_ONCE_AT_SHOPS, actual, compared, expected, expected_of_shop
from .money import Money
from .reading import Database
from .summary import Summary
from .telesales import CURRENCY, STRIPE
from .till import GATEWAY, Till

# I4 in every currency, of every gateway whose payouts are followed.
OPEN_BALANCES = """
    WITH lines AS (
        SELECT gateway.id, line.currency_id, sum(line.amount_currency) AS amount
          FROM retail_gateway gateway JOIN account_move_line line
            ON line.account_id = gateway.clearing_account_id AND line.parent_state = 'posted'
         WHERE gateway.booking = 'here' AND gateway.purpose = 'clearing' GROUP BY 1, 2),
    entries AS (
        SELECT gateway_id AS id, currency_id, sum(amount) AS amount
          FROM retail_ledger_entry WHERE state = 'posted' GROUP BY 1, 2)
    SELECT gateway.name, currency.name, coalesce(lines.amount, 0), coalesce(entries.amount, 0)
      FROM lines FULL JOIN entries USING (id, currency_id)
      JOIN retail_gateway gateway USING (id) JOIN res_currency currency ON currency.id = currency_id
     WHERE gateway.booking = 'here' AND gateway.purpose = 'clearing'
       AND coalesce(lines.amount, 0) <> coalesce(entries.amount, 0)
"""
UNBALANCED = """
    SELECT move.name FROM account_move move JOIN account_move_line line ON line.move_id = move.id
     WHERE move.state = 'posted' GROUP BY move.id HAVING sum(line.debit) <> sum(line.credit)
"""
BOOKED = """
    SELECT count(*) FROM retail_gateway gateway
      JOIN account_move_line line ON line.account_id = gateway.clearing_account_id
       AND line.journal_id = gateway.journal_id AND line.parent_state = 'posted'
      JOIN account_move move ON move.id = line.move_id AND move.retail_payout_id IS NULL
     WHERE gateway.backend_id = %s AND gateway.code = %s
"""
NOTED = """
    SELECT count(*), count(clearing_line_id) FROM retail_ledger_entry entry
      JOIN retail_gateway gateway ON gateway.id = entry.gateway_id
     WHERE gateway.backend_id = %s AND gateway.code = %s
"""
PAYOUTS = """
    SELECT external_id, amount, gateway_state, state FROM retail_payout WHERE backend_id = %s
"""
TRANSIT = """
    SELECT gateway.transit_account_id, (SELECT coalesce(sum(line.balance), 0)
           FROM account_move_line line WHERE line.account_id = gateway.transit_account_id
            AND line.parent_state = 'posted')
      FROM retail_gateway gateway WHERE gateway.backend_id = %s AND gateway.code = %s
"""
REFUND = """
    SELECT state, requested_by_id <> decided_by_id, amount FROM retail_refund WHERE id = %s
"""
RUNS = """
    SELECT run.state, run.different_count, run.matched_count, run.explained_count,
           (SELECT count(*) FROM retail_reconciliation_line line WHERE line.run_id = run.id)
      FROM retail_reconciliation run WHERE run.id = %s
"""
FIGURES = {
    "payments": "SELECT count(*) FROM retail_payment WHERE state = 'success' AND NOT test",
    "entries posted": "SELECT count(*) FROM retail_ledger_entry WHERE state <> 'to_post'",
    "payouts settled": "SELECT count(*) FROM retail_payout WHERE state = 'settled'",
    "their transactions": "SELECT count(*) FROM retail_payout_line",
    "payouts at the bank": "SELECT count(*) FROM retail_payout WHERE bank_state = 'deposited'",
    "payouts that came back": "SELECT count(*) FROM retail_payout WHERE gateway_state = 'failed'",
    "disputes": "SELECT count(*) FROM retail_dispute",
    "invoices": "SELECT count(*) FROM account_move WHERE move_type = 'out_invoice'"
    " AND state = 'posted'",
    "credit notes": "SELECT count(*) FROM account_move WHERE move_type = 'out_refund'"
    " AND state = 'posted'",
    "journal entries": "SELECT count(*) FROM account_move WHERE state = 'posted'",
}


def judge_money(summary: Summary, money: Money, database: Database) -> None:
    """Check what every gateway's money became, and count it."""
    checks = summary.invariants
    checks["I3: every journal entry balances"] = [
        f"{name} is unbalanced" for (name,) in database.rows(UNBALANCED)
    ]
    checks["I4: books equal the gateways"] = [*_against_truth(money, database), *_open(database)]
    checks["every movement is booked once"] = list(_booked_once(money, database))
    checks["payouts are settled"] = list(_payouts(money, database))
    checks["in transit as the bank says"] = list(_in_transit(money, database))
    checks["two people give money back"] = [*money.broken, *_refund(money, database)]
    checks["reconciliations are locked"] = list(_runs(money, database))
    summary.money = _figures(money, database)


def _against_truth(money: Money, database: Database) -> Iterable[str]:
    for till in money.tills:
        wanted = expected_of_shop(till.channel.simulator.account.entries)
        for words in compared(database, till.channel.backend.id, wanted, GATEWAY):
            yield f"{till.channel.brand.name}: {words}"
    wanted = expected(money.telesales.simulator.truth(), CURRENCY)
    for words in compared(database, money.telesales.backend.id, wanted, STRIPE):
        yield f"Telesales: {words}"


def _open(database: Database) -> list[str]:
    return [
        f"{name}: {booked} {currency} on the clearing account, {noted} is unsettled"
        for name, currency, booked, noted in database.rows(OPEN_BALANCES)
    ]


def _booked_once(money: Money, database: Database) -> Iterable[str]:
    wanted = {till.channel.backend.id: (GATEWAY, _moved(till)) for till in money.tills}
    rows = money.telesales.simulator.truth().transactions
    known = sum(row["reporting_category"] in AT_ONCE for row in rows)
    wanted[money.telesales.backend.id] = (STRIPE, known)
    for backend, (code, there) in wanted.items():
        booked = database.value(BOOKED, backend, code)
        noted, posted = database.rows(NOTED, backend, code)[0]
        if not there == booked == noted == posted:
            yield (
                f"backend {backend}: {there} movements at the gateway, {noted} known,"
                f" {posted} posted, {booked} lines"
            )


def _moved(till: Till) -> int:
    entries = till.channel.simulator.account.entries
    return sum(entry.kind in AT_ONCE_AT_SHOPS for entry in entries)


def _truth_of_payouts(money: Money) -> dict[int, dict[str, tuple[Decimal, str]]]:
    """Return amount and state of all payouts, by backend and id."""
    found = {
        till.channel.backend.id: {
            key: (one.amount, one.status)
            for key, one in till.channel.simulator.settlement().payouts.items()
        }
        for till in money.tills
    }
    account = money.telesales.simulator.account
    found[money.telesales.backend.id] = {
        key: (amount_of(row["amount"], row["currency"]), row["status"])
        for key, row in account.payouts.items()
    }
    return found


def _payouts(money: Money, database: Database) -> Iterable[str]:
    for backend, payouts in _truth_of_payouts(money).items():
        stored = {row[0]: row[1:] for row in database.rows(PAYOUTS, backend)}
        for key in payouts.keys() | stored.keys():
            amount, state = payouts.get(key, (None, None))
            wanted, found = (amount, state, "settled"), stored.get(key)
            if found != wanted:
                yield f"payout {key}: {found}, {wanted} is right"


def _in_transit(money: Money, database: Database) -> Iterable[str]:
    """Gateways of a company may share the account of what is on its way."""
    wanted: dict[int, Decimal] = defaultdict(Decimal)
    found: dict[int, Decimal] = {}
    for backend, amount in money.outstanding.items():
        code = STRIPE if backend == money.telesales.backend.id else GATEWAY
        account, balance = database.rows(TRANSIT, backend, code)[0]
        wanted[account] += amount
        found[account] = balance
    for account, amount in wanted.items():
        if found[account] != amount:
            yield f"{found[account]} is in transit, {amount} is not on a statement yet"


def _refund(money: Money, database: Database) -> Iterable[str]:
    order, amount = money.refunded
    rows = database.rows(REFUND, money.refund)
    if rows != [("confirmed", True, amount)]:
        yield f"the refund is {rows}"
    payments = money.tills[0].channel.simulator.shop.histories[order].current.payments
    back = [one for one in payments if one.kind == "refund"]
    given = Counter((one.status, one.amount.presentment) for one in back)
    if given != Counter([("success", amount)]):
        yield f"the gateway gave back {dict(given)}"


def _runs(money: Money, database: Database) -> Iterable[str]:
    for run in money.runs:
        yield from run.unnamed
        state, different, *_rest = database.rows(RUNS, run.id)[0]
        if state != "locked" or different:
            yield f"{run.gateway} is {state}, {different} differences are open"


def _figures(money: Money, database: Database) -> dict[str, float]:
    runs = [database.rows(RUNS, run.id)[0] for run in money.runs]
    figures: dict[str, float] = {
        **money.counts,
        **{name: database.value(query) for name, query in FIGURES.items()},
        "payouts that were parked": len(money.parked),
        "lines reconciled": sum(row[4] for row in runs),
        "of them explained": sum(row[3] for row in runs),
    }
    for till in money.tills:
        name, backend = till.channel.brand.name, till.channel.backend.id
        figures |= _amounts(name, backend, GATEWAY, money, database)
    figures |= _amounts("Telesales", money.telesales.backend.id, STRIPE, money, database)
    return figures


def _amounts(
    name: str, backend: int, code: str, money: Money, database: Database
) -> dict[str, float]:
    books = actual(database, backend, code)
    return {
        f"{name}: unsettled": float(books.clearing),
        f"{name}: paid out": float(books.transit),
        f"{name}: fees": float(books.fees),
        f"{name}: in transit": float(money.outstanding.get(backend, 0)),
    }
