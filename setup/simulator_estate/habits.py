"""How a day in the stores goes: how much of what happens, and what goes wrong."""

from dataclasses import dataclass

THINGS = {
    "sell": 60, "promote": 14, "sell_card": 4, "give_back": 6, "give_back_unknown": 3,
    "exchange": 4, "void": 3, "pay_in": 1, "pay_out": 2, "drop": 2,
}  # fmt: skip


@dataclass(frozen=True)
class Habits:
    """Probabilities, all but the weights of ``things`` zero by default.

    In the stores: ``tip`` (of sales), ``known`` (a customer who is known), ``miscounted`` (the
    drawer holds too much or too little in the evening), ``offline`` (a register loses its line for
    some hours), ``skewed`` (its clock is off by minutes), ``after_report`` (a ticket of the day is
    printed after its report), ``travel`` (gift cards and returns go to other stores).
    On the way: ``lost`` (a ticket is found only after the day's report), ``duplicate`` (sent again
    with another key), ``lost_answer`` (answered, and not heard), ``disorder`` (moved within
    ``window`` places), ``voided_later`` (voided after it was sent), ``declined`` (a card that was
    taken offline is declined once its bank is asked; the goods are gone).
    """

    things: tuple[tuple[str, int], ...] = tuple(THINGS.items())
    tip: float = 0
    known: float = 0
    miscounted: float = 0
    offline: float = 0
    skewed: float = 0
    after_report: float = 0
    travel: bool = False
    lost: float = 0
    duplicate: float = 0
    lost_answer: float = 0
    disorder: float = 0
    window: int = 12
    voided_later: float = 0
    declined: float = 0


CALM = Habits(tip=0.1, known=0.2)
# More of everything than stores really do.
WILD = Habits(
    tip=0.1, known=0.2, miscounted=0.4, offline=0.3, skewed=0.3, after_report=0.15, lost=0.02,
    duplicate=0.15, lost_answer=0.1, disorder=0.3,
)  # fmt: skip
