"""What Odoo holds of an estate's day, by plain SQL, against what its registers really did."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from simulator_estate import CASH, GIFT_CARD, Life, Truth, truth_of

from .reading import Database

Morning = Mapping[tuple[str, str], Decimal]
TICKETS = """
    SELECT ticket.external_id, ticket.voided, ticket.odoo_id, orders.state, ticket.amount_total,
           ticket.stock_state, register.external_id, day.business_date,
           coalesce(posted.id, day.id) <> day.id
      FROM retail_pos_ticket ticket
      JOIN retail_pos_register register ON register.id = ticket.register_id
      JOIN retail_pos_day day ON day.id = ticket.day_id
      LEFT JOIN retail_pos_day posted ON posted.id = ticket.posted_day_id
      LEFT JOIN pos_order orders ON orders.id = ticket.odoo_id
     WHERE ticket.backend_id = %s
"""
# What was paid at each register and day, cash and all else that is a payment.
PAID = """
    SELECT register.external_id, day.business_date, method.is_cash_count, sum(payment.amount)
      FROM retail_pos_ticket ticket
      JOIN retail_pos_register register ON register.id = ticket.register_id
      JOIN retail_pos_day day ON day.id = ticket.day_id
      JOIN pos_payment payment ON payment.pos_order_id IN (ticket.odoo_id, ticket.reversal_id)
      JOIN pos_payment_method method ON method.id = payment.payment_method_id
     WHERE ticket.backend_id = %s AND method.name->>'en_US' NOT LIKE 'Gift Card%%'
     GROUP BY 1, 2, 3
"""
STRANGERS = """
    SELECT count(*) FROM pos_order orders JOIN pos_session session ON session.id = orders.session_id
      JOIN retail_pos_day day ON day.id = session.retail_day_id
     WHERE day.backend_id = %s
       AND NOT EXISTS (SELECT FROM retail_pos_ticket ticket WHERE ticket.odoo_id = orders.id
                           OR ticket.reversal_id = orders.id)
"""
ON_HAND = """
    SELECT store.external_id, product.default_code, sum(quant.quantity)
      FROM retail_pos_store store JOIN stock_warehouse warehouse ON warehouse.id = store.odoo_id
      JOIN stock_quant quant ON quant.location_id = warehouse.lot_stock_id
      JOIN product_product product ON product.id = quant.product_id
     WHERE store.backend_id = %s GROUP BY 1, 2
"""
SESSIONS = """
    SELECT session.id, session.name, session.state, move.state,
           (SELECT coalesce(sum(line.balance), 0) FROM account_move_line line
             WHERE line.move_id = move.id),
           (SELECT coalesce(sum(line.balance), 0) FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
             WHERE line.move_id = move.id AND account.account_type = 'asset_receivable'),
           (SELECT coalesce(sum(payment.amount), 0) FROM pos_payment payment
              JOIN pos_order orders ON orders.id = payment.pos_order_id
             WHERE orders.session_id = session.id)
      FROM pos_session session JOIN retail_pos_day day ON day.id = session.retail_day_id
      LEFT JOIN account_move move ON move.id = session.move_id
     WHERE day.backend_id = %s
"""
DAYS = """
    SELECT register.external_id, day.business_date, day.state
      FROM retail_pos_day day JOIN retail_pos_register register ON register.id = day.register_id
     WHERE day.backend_id = %s
"""


def wrong(
    database: Database, backend: int, life: Life, morning: Morning, *, closed: bool = True
) -> dict[str, list[str]]:
    """Return what is not as it must be, by what was checked. ``morning`` is the stock then.

    ``closed``: the registers have reported, and nothing hinders their days from being closed.
    """
    truth, tickets = truth_of([life]), database.rows(TICKETS, backend)
    strangers = database.value(STRANGERS, backend)
    found = {
        "every ticket once": [*_once(truth, tickets), *_no_strangers(strangers)],
        "tenders tie with the registers": list(_paid(truth, database.rows(PAID, backend))),
        "stores hold what is left": list(_on_hand(morning, truth, database, backend)),
        "sessions tie": list(_sessions(database.rows(SESSIONS, backend))),
    }
    if closed:
        found["days are closed"] = list(_days(life, database.rows(DAYS, backend)))
    return found


def tickets_of(database: Database, backend: int) -> list[tuple]:
    """Return the tickets of an estate, see ``TICKETS``."""
    return database.rows(TICKETS, backend)


def days_of(database: Database, backend: int) -> list[tuple]:
    """Return register, date and state of an estate's days."""
    return database.rows(DAYS, backend)


def _once(truth: Truth, rows: Iterable[tuple]) -> Iterable[str]:
    found = {row[0]: row for row in rows}
    count = Counter(row[0] for row in rows)
    yield from (f"ticket {key} is there {n} times" for key, n in count.items() if n > 1)
    yield from (f"ticket {key} is not there" for key in sorted(truth.tickets.keys() - found.keys()))
    yield from (f"ticket {key} is nobody's" for key in sorted(found.keys() - truth.tickets.keys()))
    orders = Counter(row[2] for row in rows if row[2])
    yield from (f"order {key} is {n} tickets" for key, n in orders.items() if n > 1)
    for key in sorted(truth.tickets.keys() & found.keys()):
        ticket = truth.tickets[key]
        _id, voided, order, state, total, stock, *_rest = found[key]
        if order is None and ticket.counts or voided != ticket.voided:
            yield f"ticket {key} has no order"
        elif ticket.counts and (total != ticket.total or state not in ("paid", "done", "invoiced")):
            yield f"ticket {key} is {state} with {total} instead of {ticket.total}"
        elif stock in ("waiting", "failed"):
            yield f"the goods of ticket {key} are {stock}"


def _no_strangers(count: int) -> list[str]:
    return [f"{count} orders of the stores are no tickets"] if count else []


def _paid(truth: Truth, rows: Iterable[tuple]) -> Iterable[str]:
    """Gift cards that pay may be lines of the order: they are left out on both sides."""
    found: dict[tuple, Decimal] = defaultdict(Decimal)
    for register, day, is_cash, amount in rows:
        found[register, day, bool(is_cash)] += amount
    wanted: dict[tuple, Decimal] = defaultdict(Decimal)
    for (register, day), sums in truth.tenders.items():
        for method, amount in sums.items():
            if method != GIFT_CARD:
                wanted[register, day, method == CASH] += amount
    for key in sorted(found.keys() | wanted.keys()):
        if found.get(key, Decimal(0)) != wanted.get(key, Decimal(0)):
            yield f"{key}: {found.get(key, 0)} paid here, {wanted.get(key, 0)} at the register"


def _on_hand(morning: Morning, truth: Truth, database: Database, backend: int) -> Iterable[str]:
    found = {(store, sku): units for store, sku, units in database.rows(ON_HAND, backend)}
    for (store, sku), units in morning.items():
        left = units - truth.moved[store][sku]
        here = Decimal(str(found.get((store, sku), 0)))
        if here != left:
            yield f"{store} holds {here} of {sku}, {left} are left"


def _sessions(rows: Iterable[tuple]) -> Iterable[str]:
    for _id, name, state, posted, balance, receivable, paid in rows:
        if state == "closed" and posted not in ("posted", None):
            yield f"the entry of {name} is {posted}"
        if balance:
            yield f"the entry of {name} is {balance} out of balance"
        if state == "closed" and receivable != paid:
            yield f"the entry of {name} takes {receivable}, its tickets were paid {paid}"


def _days(life: Life, rows: Iterable[tuple]) -> Iterable[str]:
    """Of the true day all registers are closed; late tickets wait on the next one."""
    states = {(register, day): state for register, day, state in rows}
    for place, counter in life.counters.items():
        state = states.get((place, counter.day))
        if state != "closed" and counter.tickets:
            yield f"the day of {place} is {state}"
