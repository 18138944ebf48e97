"""Money of a gateway: events come twice and in any order, workers and connections die."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

from simulator_stripe import Faults

from .. import places
from ..processes import standing_still, terminate
from ..run import Run
from ..till import CURRENCY, Till

PAYMENTS, MORE = 8, 4
SHUFFLED = Faults(duplicate=0.5, disorder=0.6, forged=0.1)
ASLEEP = 1.5
LOST, AMONG = 3, 50
SECONDS = 60.0
ORDERS, REFUNDED = 4, Decimal("1.00")
# One person is enough for these: how two decide is no matter of faults.
APPROVED_BELOW = 1_000
MISHAPS = Faults(accept_then_fail=0.4, hang=0.1, hang_seconds=1, server_error=0.1)


def killed(run: Run) -> None:
    """Workers die where events are stored, imported and posted."""
    till = run.till()
    points = [places.one_of(places.WEB, run.seed), places.one_of(places.MONEY, run.seed)]
    for point in points:
        run.charges.arm(point, "kill", hit=run.hit_of(point))
    _day(run, till)
    run.require(run.charges.wait(2, 30), f"not all of {points} were reached")
    run.notes.append(" and ".join(points))
    run.finish()


def cut(run: Run) -> None:
    """Sessions end while entries are imported and posted, and answers to COMMIT are lost."""
    till = run.till()
    run.stage.proxy.lost.arm(*run.rng.sample(range(1, AMONG), LOST))
    point = places.one_of(places.MONEY_MIDDLE, run.seed)
    run.charges.arm(point, "sleep", hit=1, seconds=ASLEEP)
    with ThreadPoolExecutor(1) as pool:
        day = pool.submit(_day, run, till)
        if run.charges.wait(1, 30):
            terminate(run.database, standing_still(run.database))
        else:
            run.require(False, f"{point} was not reached")
        day.result()
    run.notes.append(f"{point}, {run.stage.proxy.lost.hits} answers lost")
    run.finish()


def shuffled(run: Run) -> None:
    """Every event may come twice and after those that it caused; two payouts, one comes back."""
    till = run.till()
    _day(run, till, SHUFFLED)
    payouts = list(till.simulator.account.payouts)
    if payouts and run.rng.random() < 0.5:
        till.simulator.account.fail_payout(payouts[0])
        run.notes.append("a payout came back")
    till.trade(run.rng, MORE)
    till.pay_out()
    _deliver(run, till, SHUFFLED)
    run.finish()


def _day(run: Run, till: Till, faults: Faults | None = None) -> None:
    till.trade(run.rng, PAYMENTS)
    till.pay_out()
    till.trade(run.rng, MORE)
    _deliver(run, till, faults)


def _deliver(run: Run, till: Till, faults: Faults | None) -> None:
    left = till.deliver(SECONDS, faults)
    run.require(not left, f"events {left} were not accepted in time")


def refund_unclear(run: Run) -> None:
    """Money is given back, and the answer is lost or wrong: the customer gets it once."""
    front, till = run.shop(), run.till()
    run.clock.opens_gates = True
    values = {"refund_approval_above": APPROVED_BELOW}
    run.stage.odoo.write("retail.backend", till.backend.id, values)
    front.trade(ORDERS, ["plain"])
    run.send(front, front.deliveries())
    run.settle()
    names = sale_orders(run, front.backend.id)
    for name in names.values():
        till.simulator.account.pay(5_000, CURRENCY.lower(), {"order_id": name})
    _deliver(run, till, None)
    run.settle()
    point = places.one_of(places.SEND, run.seed)
    run.charges.arm(point, "kill", hit=run.hit_of(point))
    till.simulator.faults = MISHAPS
    for binding in names:
        ask_back(run, binding)
    run.require(run.charges.wait(1, 30), f"{point} was not reached")
    run.settle()
    till.simulator.faults = Faults()
    run.settle()
    _deliver(run, till, None)
    refunded = till.simulator.truth().refunded
    wrong = {key: amount for key, amount in refunded.items() if amount != REFUNDED}
    run.require(len(refunded) == len(names), f"{len(refunded)} of {len(names)} got money back")
    run.require(not wrong, f"customers got other amounts: {wrong}")
    run.notes.append(f"{point} killed")
    run.finish()


def sale_orders(run: Run, backend: int) -> dict[int, str]:
    """Return the names of Odoo's orders of a shop, by the id of their binding."""
    found = run.stage.odoo.read("retail.order.binding", [("backend_id", "=", backend)], "odoo_id")
    return {row["id"]: row["odoo_id"][1] for row in found}


def ask_back(run: Run, binding: int) -> None:
    """Ask for a part of an order's money by the form; below the threshold that is enough."""
    odoo = run.stage.odoo
    form = odoo.call("retail.order.binding", "action_give_money_back", [binding])["res_id"]
    line = odoo.search("retail.refund.wizard.line", [("wizard_id", "=", form)])
    odoo.write("retail.refund.wizard.line", line, {"amount": float(REFUNDED)})
    values = {"amount": float(REFUNDED), "reason": "fault run"}
    odoo.write("retail.refund.wizard", form, values)
    odoo.call("retail.refund.wizard", "action_request", [form])
