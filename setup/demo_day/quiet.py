"""Waiting until nothing moves any more."""

import time
from collections.abc import Callable

from environment import say

from .reading import Database
from .watch import CLAIMABLE

# What only looks again later owes nothing by itself: what it looks for is counted.
BUSY_JOBS = """
    SELECT count(*) FROM queue_job
     WHERE state IN ('wait_dependencies', 'pending', 'enqueued', 'started')
       AND NOT (model_name = 'retail.inbox.sweeper' AND eta > now() AT TIME ZONE 'UTC')
"""
OWED = f"""
    SELECT (SELECT count(*) FROM ({CLAIMABLE}) claimable)
         + (SELECT count(*) FROM retail_inbox_message WHERE state = 'retry')
         + (SELECT count(*) FROM retail_reservation_request)
         + (SELECT count(*) FROM retail_ledger_entry entry
              JOIN retail_gateway gateway ON gateway.id = entry.gateway_id
             WHERE entry.state = 'to_post' AND gateway.booking = 'here')
         + (SELECT count(*) FROM retail_pos_stock_request WHERE next_attempt_at IS NULL)
         + (SELECT count(*) FROM retail_payout WHERE state IN ('to_settle', 'settling'))
         + ({BUSY_JOBS})
"""
# What the channels are still to be told, where somebody lets it flow.
RUNS = """
    SELECT FROM retail_backend backend JOIN retail_flow flow ON flow.backend_id = backend.id
     WHERE backend.state = 'running' AND NOT coalesce(backend.paused, false)
       AND flow.direction = 'out' AND flow.active AND NOT coalesce(flow.paused, false)
       AND backend.id = owed.backend_id
"""
STATES = {"stock_level": "stock_state", "price": "price_state", "product": "listing"}
UNTOLD = {
    **{
        kind: f"SELECT count(*) FROM retail_{table} owed"
        f" WHERE (pending OR attempt_key IS NOT NULL) AND EXISTS ({RUNS} AND flow.kind = '{kind}')"
        for kind, table in STATES.items()
    },
    "commands": "SELECT count(*) FROM retail_outbox_command owed WHERE"
    " state IN ('pending', 'leased', 'retry', 'unknown')"
    f" AND EXISTS ({RUNS} AND flow.kind = owed.flow_kind)",
    "changes": "SELECT count(*) FROM retail_change owed"
    f" WHERE EXISTS ({RUNS} AND flow.kind = owed.kind)",
    "comparisons": "SELECT count(*) FROM retail_flow owed WHERE full_at IS NULL"
    f" AND kind IN ('stock_level', 'price') AND EXISTS ({RUNS} AND flow.id = owed.id)",
}
LEFT = {"imports": OWED, "jobs": BUSY_JOBS, **UNTOLD}
STILL = 2.0


def wait_until_told(database: Database, seconds: float, what: str = "Odoo") -> bool:
    """Wait until nothing is owed in either direction; say what is left when the time is up."""
    everything = f"SELECT ({OWED})" + "".join(f" + ({query})" for query in UNTOLD.values())
    if wait_for(lambda: not database.value(everything), seconds, what, still=STILL):
        return True
    counts = {name: database.value(query) for name, query in LEFT.items()}
    say("   left: " + ", ".join(f"{name} {count}" for name, count in counts.items() if count))
    return False


def wait_until_quiet(database: Database, seconds: float, what: str = "Odoo") -> bool:
    """Wait until nothing is owed for two seconds; return False when the time is up first."""
    return wait_for(lambda: not database.value(OWED), seconds, what, still=STILL)


def wait_for(
    done: Callable[[], bool], seconds: float, what: str, *, still: float = 0, pause: float = 0.25
) -> bool:
    """Wait until something holds for ``still`` seconds; return False when the time is up first."""
    deadline, since = time.monotonic() + seconds, None
    while time.monotonic() < deadline:
        if not done():
            since = None
        elif since is None:
            since = time.monotonic()
        if since is not None and time.monotonic() - since >= still:
            return True
        time.sleep(pause)
    say(f"   {what} was not quiet after {seconds:.0f} s")
    return False
