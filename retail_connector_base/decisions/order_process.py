"""The process of an order: steps, what each needs, and what takes it back."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum


class Step(str, Enum):
    """What an order goes through, in this order."""

    VALIDATED = "validated"
    PAID = "paid"
    RESERVED = "reserved"
    RELEASED = "released"
    SHIPPED = "shipped"
    INVOICED = "invoiced"
    SETTLED = "settled"


class StepState(str, Enum):
    """Where a step is."""

    DONE = "done"
    READY = "ready"
    WAITING = "waiting"
    COMPENSATED = "compensated"


@dataclass(frozen=True)
class StepRule:
    """``needs`` must be done before; ``compensation`` says what undoes it, "" when nothing can."""

    needs: tuple[Step, ...] = ()
    compensation: str = ""


RULES: dict[Step, StepRule] = {
    Step.VALIDATED: StepRule(compensation="cancel the order"),
    Step.PAID: StepRule((Step.VALIDATED,), "void the authorisation or refund"),
    Step.RESERVED: StepRule((Step.VALIDATED,), "free the stock"),
    Step.RELEASED: StepRule((Step.PAID, Step.RESERVED), "ask the warehouse to stop"),
    Step.SHIPPED: StepRule((Step.RELEASED,)),
    Step.INVOICED: StepRule((Step.VALIDATED,), "credit note"),
    Step.SETTLED: StepRule((Step.INVOICED, Step.PAID)),
}


def progress(done: Collection[Step], compensated: Collection[Step]) -> dict[Step, StepState]:
    """Return where each step is, given what was done and what was taken back."""
    return {step: _state(step, set(done), set(compensated)) for step in Step}


def _state(step: Step, done: set[Step], compensated: set[Step]) -> StepState:
    if step in compensated:
        return StepState.COMPENSATED
    if step in done:
        return StepState.DONE
    ready = set(RULES[step].needs) <= done - compensated
    return StepState.READY if ready else StepState.WAITING


# States of an order binding, in the order in which they may be reached.
ORDER_STATES = (
    "received",
    "confirmed",
    "released",
    "partly_shipped",
    "shipped",
    "delivered",
    "closed",
)


def may_become(current: str, wanted: str) -> bool:
    """Tell whether an order may go from one state to another: only forwards, and only once out."""
    if current == "cancelled":
        return False
    if wanted == "cancelled":
        return ORDER_STATES.index(current) < ORDER_STATES.index("partly_shipped")
    return ORDER_STATES.index(wanted) > ORDER_STATES.index(current)
