"""One experiment with one seed: what it may use, and what it found."""

import time
from collections.abc import Collection
from contextlib import AbstractContextManager, ExitStack
from random import Random
from typing import Any, TypeVar

from simulator_estate import Habits

from demo_day.company import Company
from demo_day.invariants import dead_is_visible
from demo_day.quiet import LEFT, OWED, wait_for
from demo_day.reading import Database
from simulator import Delivery, Manners, Report

from .arrivals import arrive
from .charges import Charges
from .clockwork import Clockwork
from .estate import HABITS, Estate, opened_estate, undecided
from .hub import Hub, account_at, opened_hub, owed
from .outlet import Outlet, open_outlet, untold, warehouse_of
from .places import SELDOM
from .shopfront import PATIENT, Shopfront, connected, simulator_of
from .stage import Stage
from .till import Till, account_of, opened_till
from .verdict import evidence_of, lives, violations

# I5: whatever could go on does so within this time.
PATIENCE = 75.0
STILL, PAUSE = 0.5, 0.1
JOBS = """
    SELECT model_name, method_name, state, channel, retry, eta, date_started,
           right(coalesce(exc_info, ''), 200)
      FROM queue_job WHERE state NOT IN ('done', 'failed', 'cancelled')
"""
Lent = TypeVar("Lent")


class Run:
    """Lends shops and faults to an experiment while its ``with`` block lasts.

    All chance comes from ``rng``, so that a seed gives the same inputs, schedule and fail points.
    ``violations`` are what the experiment complains of; with none of them the run is good.
    """

    def __init__(self, stage: Stage, experiment: str, seed: int) -> None:
        self.stage, self.experiment, self.seed = stage, experiment, seed
        self.rng = Random(f"{seed}:{experiment}")
        self.violations: list[str] = []
        self.notes: list[str] = []
        self.clock = Clockwork(stage.name)
        self._stack, self._fronts, self._tills = ExitStack(), list[Shopfront](), list[Till]()
        self._estates, self._hubs = list[Estate](), list[Hub]()
        self._database: Database | None = None
        self._publishing: list[int] = []

    def __enter__(self) -> "Run":  # noqa: PYI034 - Self needs Python 3.11
        self.charges.forget()
        self._stack.enter_context(self.clock)
        return self

    def __exit__(self, *_error: object) -> None:
        self.charges.forget()
        self.stage.proxy.lost.arm()
        self._stack.close()
        for place in (*self._fronts, *self._tills, *self._estates, *self._hubs):
            self.stage.put_away(place.backend)
        if self._database:
            self._database.close()

    def hit_of(self, point: str) -> int:
        """Draw at which of the times that a point is reached something happens."""
        return 1 if point in SELDOM else self.rng.randint(1, 3)

    @property
    def charges(self) -> Charges:
        """The fail points of the server."""
        return self.stage.charges

    @property
    def database(self) -> Database:
        """A connection past every proxy; opened again after ``reconnect``."""
        if self._database is None:
            self._database = self.stage.database()
        return self._database

    def reconnect(self) -> None:
        """Forget the connection, which PostgreSQL has cut."""
        if self._database:
            self._database.close()
        self._database = None

    def shop(self, name: str = "", company: Company | None = None, **options: Any) -> Shopfront:
        """Open a shop of this run's own and connect it; options are those of ``simulator_of``."""
        full = self._name(name)
        simulator = self._stack.enter_context(simulator_of(full, **options))
        front = connected(self.stage.odoo, company or self.stage.company, simulator, full)
        self._fronts.append(front)
        return front

    def outlet(self, units: int, **options: Any) -> tuple[Shopfront, Outlet]:
        """Open a shop with a warehouse of its own that holds ``units`` of each good, published."""
        odoo = self.stage.odoo
        # Names are unique: a run that is repeated in one database has a warehouse of its own too.
        name = f"{self._name()} {odoo.call('stock.warehouse', 'search_count', [])}"
        company = warehouse_of(odoo, self.stage.company, name)
        front = self.shop(company=company, only_available=True, **options)
        made = open_outlet(odoo, self.database, company, front.simulator, front.backend, units)
        self._publishing.append(front.backend.id)
        return front, made

    def till(self, name: str = "till") -> Till:
        """Open an account at a gateway of this run's own, connect it and set its accounts up."""
        full = self._name(name)
        simulator = self._stack.enter_context(account_of(full))
        till = opened_till(self.stage.odoo, self.stage.company, simulator, full)
        self._tills.append(till)
        # What the gateway is still to be asked for is owed too.
        self._publishing.append(till.backend.id)
        return till

    def estate(self, habits: Habits = HABITS) -> Estate:
        """Open stores of this run's own, with goods and warehouses of their own."""
        stage = self.stage
        made = opened_estate(stage.odoo, stage.company, stage.server.url, self._name(), habits)
        self._estates.append(made)
        return made

    def hub(self) -> Hub:
        """Open a warehouse of this run's own that a third party runs, and a shop that sells it."""
        simulator = self._stack.enter_context(account_at(self._name()))
        stage = self.stage
        made = opened_hub(stage.odoo, stage.company, simulator, self._name())
        self._hubs.append(made)
        self._publishing.append(made.backend.id)
        return made

    def _name(self, name: str = "") -> str:
        return "-".join(filter(None, (self.experiment, str(self.seed), name)))

    def lend(self, context: AbstractContextManager[Lent]) -> Lent:
        """Enter a context that lasts as long as the run."""
        return self._stack.enter_context(context)

    def send(
        self, front: Shopfront, deliveries: list[Delivery], manners: Manners = PATIENT
    ) -> Report:
        """Send webhooks; genuine ones that are refused to the last are a violation."""
        report = front.send(deliveries, manners)
        self.require(not report.unsent, f"{report.unsent} webhooks were not sent in time")
        lost = [one for one in report.given_up if one.intent != "forged"]
        self.require(not lost, f"{len(lost)} webhooks were refused to the last: {report.answers}")
        return report

    def arrive(self, arrived: list[tuple[Shopfront, Delivery]]) -> None:
        """Store many webhooks at once, see ``arrivals``."""
        stage = self.stage
        arrive(stage.environment.source, stage.name, stage.number, arrived)

    def require(self, holds: object, words: str) -> None:
        """Note a violation unless something holds."""
        if not holds:
            self.violations.append(words)

    def settle(self, seconds: float = PATIENCE) -> None:
        """Wait until nothing is owed any more; what is left then is a violation."""
        self.require(
            not self.clock.broken, f"the harness's clock stands still: {self.clock.broken}"
        )
        begin = time.monotonic()
        quiet = wait_for(self._is_quiet, seconds, "Odoo", still=STILL, pause=PAUSE)
        if not quiet:
            waited = time.monotonic() - begin
            states = self.database.outcome()
            self.violations.append(f"I5: not quiet after {waited:.0f} s: {self._owed()}, {states}")

    def _owed(self) -> str:
        """Name what is not done: counts of what is owed, and the jobs that live on."""
        counts = {name: self.database.value(query) for name, query in LEFT.items()}
        jobs = [" ".join(map(str, row)) for row in self.database.rows(JOBS)]
        return f"{ {name: count for name, count in counts.items() if count} }, jobs {jobs}"

    def _is_quiet(self) -> bool:
        estates = [one.backend.id for one in self._estates if one.reported]
        return not (
            self.database.value(OWED)
            or untold(self.database, self._publishing)
            or undecided(self.database, estates)
            or owed(self.database, [one.backend.id for one in self._hubs])
        )

    def check(self, front: Shopfront, deleted: Collection[str] = ()) -> None:
        """Check the invariants of a shop."""
        evidence = evidence_of(front, self.database, self.clock.longest_rest, deleted)
        self.violations += violations(evidence)
        self.notes += lives(evidence)

    def check_dead_are_shown(self, front: Shopfront) -> None:
        """Check only that whoever owns what is dead can see it."""
        evidence = evidence_of(front, self.database, self.clock.longest_rest)
        self.violations += [f"I8: {words}" for words in dead_is_visible(evidence)]

    def finish(self, deleted: Collection[str] = ()) -> None:
        """Disarm, wait until all is quiet, and check every shop of the run."""
        self.charges.disarm()
        self.settle()
        for front in self._fronts:
            self.check(front, deleted)
        for till in self._tills:
            self.violations += [f"I4: {words}" for words in till.wrong(self.database)]
        for place in (*self._estates, *self._hubs):
            self.violations += place.wrong(self.database)
