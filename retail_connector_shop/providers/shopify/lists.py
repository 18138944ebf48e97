"""What the shop can be asked for in lists and singly, by canonical kind."""

from .money_polls import DisputePoll, PaymentPoll, StatePoll
from .payouts import PayoutPoll
from .polls import POLLS, Poll

LISTS: dict[str, type[Poll] | type[StatePoll]] = {
    **POLLS,
    **{poll.kind: poll for poll in (PaymentPoll, PayoutPoll, DisputePoll)},
}
