"""Reading a shop's list of orders by its button, until it was read to the end."""

import time
from collections.abc import Callable

from .api_proxy import ApiProxy
from .run import Run
from .shopfront import Shopfront

PRESS_EVERY = 0.5
RECOVERY = 60.0
# When the whole list was read last, in whole seconds.
SUCCESS = """
    SELECT CASE WHEN cursor IS NULL THEN extract(epoch FROM last_success_at)::int END
      FROM retail_flow WHERE backend_id = %s AND kind = 'order' AND direction = 'in'
"""


def ask_through(run: Run, front: Shopfront, proxy: ApiProxy) -> None:
    """Let the backend reach its shop through a proxy."""
    odoo, domain = run.stage.odoo, [("backend_id", "=", front.backend.id), ("name", "=", "api_url")]
    settings = odoo.search("retail.setting", domain)
    odoo.write("retail.setting", settings, {"value": f"http://127.0.0.1:{proxy.port}"})


def press(run: Run, front: Shopfront) -> None:
    """Press the button that reads the shop's list of orders."""
    domain = [
        ("backend_id", "=", front.backend.id), ("kind", "=", "order"), ("direction", "=", "in")
    ]  # fmt: skip
    flows = run.stage.odoo.search("retail.flow", domain)
    run.stage.odoo.call("retail.flow", "action_poll_now", flows)


def successes(run: Run, front: Shopfront) -> int:
    """Return what changes when the list was read to its end; 0 while it is being read."""
    return run.database.value(SUCCESS, front.backend.id) or 0


def poll_until(run: Run, front: Shopfront, done: Callable[[], bool]) -> None:
    """Press on, as the schedule would every few minutes, until the whole list was read."""
    deadline = time.monotonic() + RECOVERY
    while time.monotonic() < deadline:
        if done() and successes(run, front):
            return
        press(run, front)
        time.sleep(PRESS_EVERY)
    run.require(False, "the shop's list was never read to its end")
