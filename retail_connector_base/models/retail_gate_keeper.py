"""One backend's gate as a provider sees it: its state lies in PostgreSQL, its rules are pure."""

import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace

import psycopg2
from psycopg2.errors import LockNotAvailable

from ..decisions import gate
from ..decisions.gate import Admission, GateState, Outcome, Reason, Wait
from ..providers.errors import ConnectorError, GateClosedError
from .read_committed import read_committed

_logger = logging.getLogger(__name__)

# Longer waits are the queue's business, not a worker's.
LONGEST_SLEEP = 2.0

# One for all: every webhook makes a keeper, and seeding is dear.
_CHANCE = random.SystemRandom()

MOMENTS = ("seen_at", "open_until", "probe_until", "not_before")
NUMBERS = ("available", "capacity", "rate", "failures", "openings", "probe", "paused")
READ = f"""
    SELECT {", ".join(f"coalesce({name}::float, 0)" for name in NUMBERS[:-1])},
           coalesce(paused, false),
           {", ".join(f"extract(epoch FROM {name})::float" for name in MOMENTS)},
           extract(epoch FROM clock_timestamp())::float
      FROM retail_gate WHERE backend_id = %s
"""
INSERT = """
    INSERT INTO retail_gate (backend_id, company_id)
    SELECT id, company_id FROM retail_backend WHERE id = %s
        ON CONFLICT (backend_id) DO NOTHING
"""
SETTERS = [
    *(f"{name} = %({name})s" for name in NUMBERS),
    *(f"{name} = to_timestamp(%({name})s::float) AT TIME ZONE 'UTC'" for name in MOMENTS),
]
WRITE = f"""
    UPDATE retail_gate
       SET {", ".join(SETTERS)},
           last_failure = coalesce(%(note)s, last_failure),
           last_failure_at = CASE WHEN %(note)s IS NULL THEN last_failure_at
                             ELSE clock_timestamp() AT TIME ZONE 'UTC' END
     WHERE backend_id = %(backend_id)s
"""
REASONS = {
    Reason.PAUSED: "Requests to this backend are paused by a person.",
    Reason.LIMITED: "The other side asked us to slow down.",
    Reason.FAILING: "The other side did not answer several times; it is left in peace.",
    Reason.PROBING: "One request is finding out whether the other side answers again.",
    Reason.TOKENS: "The other side's allowance is used up for now.",
}


@dataclass
class Row:
    """The locked row: ``state`` is written back if it is replaced, ``note`` with it."""

    state: GateState
    now: float
    note: str | None = None


class GateKeeper:
    """A ``Gate`` for one unit of work. Every question is a short transaction of its own.

    READ COMMITTED under a row lock: who waited for the lock decides on what the one before wrote.
    """

    def __init__(
        self,
        registry,
        backend_id: int,
        sleep: Callable[[float], None] = time.sleep,
        chance: random.Random | None = None,
    ) -> None:
        self._registry = registry
        self._backend_id = backend_id
        self._sleep = sleep
        self._random = chance or _CHANCE
        self._admission = Admission()

    # What a provider's client says

    def enter(self, cost: float = 1.0) -> None:
        """Wait shortly until a request may leave. Raises ``GateClosedError`` for longer waits."""
        slept = 0.0
        while wait := self._ask(cost):
            # Spread, so that those who wait together do not come back together.
            seconds = wait.seconds * self._random.uniform(1.0, 1.25) + 0.005
            if slept + seconds > LONGEST_SLEEP:
                raise GateClosedError(REASONS[wait.reason], retry_after=seconds)
            self._sleep(seconds)
            slept += seconds

    def _ask(self, cost: float) -> Wait | None:
        try:
            with self._locked() as row:
                if row is None:
                    return None
                row.state, answer = gate.enter(row.state, cost, row.now)
        except LockNotAvailable as error:
            raise GateClosedError("The gate is busy.", retry_after=1.0) from error
        if isinstance(answer, Wait):
            return answer
        self._admission = answer
        return None

    def leave(self, error: ConnectorError | None) -> None:
        """Note how the request ended. A gate that cannot be written never spoils an answer."""
        outcome, admission = gate.outcome_of(error), self._admission
        self._admission = Admission()
        try:
            with self._locked() as row:
                if row is not None:
                    self._note(row, admission, outcome)
        except psycopg2.Error as failure:
            _logger.warning("the gate missed an outcome: %s", type(failure).__name__)

    def _note(self, row: Row, admission: Admission, outcome: Outcome) -> None:
        row.state = gate.leave(row.state, admission, outcome, row.now, self._random)
        row.note = outcome.note[:200] or None

    def learn(self, available: float, maximum: float, rate: float) -> None:
        """Take over what the other side says of its bucket."""
        try:
            with self._locked() as row:
                if row is not None:
                    row.state = gate.learn(row.state, available, maximum, rate, row.now)
        except psycopg2.Error as failure:
            _logger.warning("the gate missed a lesson: %s", type(failure).__name__)

    # What a person says

    def _apply(self, change: str) -> None:
        """Pause, resume or try now."""
        with self._locked() as row:
            if row is not None:
                row.state = CHANGES[change](row)

    # The row

    @contextmanager
    def _locked(self) -> Iterator[Row | None]:
        """Lend the locked row; ``None`` where the backend is not committed yet (or any more)."""
        with read_committed(self._registry) as cr:
            row = self._read(cr)
            before = row and row.state
            yield row
            if row and (row.state != before or row.note):
                cr.execute(WRITE, self._values(row))

    def _values(self, row: Row) -> dict[str, object]:
        moments = {name: getattr(row.state, name) or None for name in MOMENTS}
        return asdict(row.state) | moments | {"note": row.note, "backend_id": self._backend_id}

    def _read(self, cr) -> Row | None:
        for statement in (None, INSERT):
            if statement:
                cr.execute(statement, [self._backend_id])
            cr.execute(READ + " FOR UPDATE", [self._backend_id])
            if found := cr.fetchone():
                return _row_of(found)
        return None


def _row_of(found) -> Row:
    *values, now = found
    known = dict(zip((*NUMBERS, *MOMENTS), values, strict=True))
    for name in ("seen_at", "not_before"):
        known[name] = known[name] or 0.0
    for name in ("failures", "openings", "probe"):
        known[name] = int(known[name])
    return Row(GateState(**known), now)


CHANGES: dict[str, Callable[[Row], GateState]] = {
    "pause": lambda row: replace(row.state, paused=True),
    "resume": lambda row: replace(row.state, paused=False),
    "try_now": lambda row: gate.try_now(row.state, row.now),
}
