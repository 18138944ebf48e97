"""What every step of the warehouse's chapter does: press buttons, wait, note what did not come."""

from collections.abc import Callable
from contextlib import suppress

from .quiet import wait_for
from .rpc import Odoo, RpcError
from .warehouse_setup import Hub

SECONDS = 75.0
CRONS = ("retail_connector_3pl.cron_release", "retail_connector_base.cron_sweep")


class Hands:
    """The people who work with a hub: ``odoo`` is one of them, ``controller`` decides on money."""

    def __init__(self, hub: Hub, controller: Odoo) -> None:
        self.hub, self.odoo, self.controller = hub, hub.odoo, controller

    def wait(self, what: str, done: Callable[[], bool]) -> None:
        """Wait for something; note it if it does not come."""
        self.expect(what, wait_for(done, SECONDS, what))

    def expect(self, what: str, is_so: bool) -> None:
        """Note what is not as it should be."""
        if not is_so:
            self.hub.broken.append(f"missing: {what}")

    def deliver(self) -> None:
        """Send the account's webhooks."""
        answers = self.hub.simulator.deliver().answers
        self.expect(f"webhooks, answered {dict(answers)}", set(answers) <= {"200", "202"})

    def poll(self, kind: str) -> None:
        """Press the button that reads the account's list of a kind."""
        domain = [
            ("backend_id", "=", self.hub.backend), ("kind", "=", kind), ("direction", "=", "in"),
        ]  # fmt: skip
        self.odoo.call("retail.flow", "action_poll_now", self.odoo.search("retail.flow", domain))

    def nudge(self) -> None:
        """Press “Run Manually” on what looks every minute; it may be looking just now."""
        for name in CRONS:
            with suppress(RpcError):
                self.odoo.call("ir.cron", "method_direct_trigger", [self.odoo.reference(name)])

    def sale(self, number: str) -> int:
        """Return the sale order of a customer's order."""
        domain = [("backend_id", "=", self.hub.shop.backend), ("external_id", "=", number)]
        return self.odoo.read("retail.order.binding", domain, "odoo_id")[0]["odoo_id"][0]
