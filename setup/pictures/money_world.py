"""What the pictures of payments show: gateways whose money came, went back and reached the bank."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack

from demo_day.cashier import invoice_on_delivery
from demo_day.channel import Channel
from demo_day.money import Chapter
from demo_day.reading import Database
from demo_day.rpc import Odoo
from demo_day.signing import compute
from environment import Server

SEED = 3


def open_money(
    odoo: Odoo, server: Server, channels: Sequence[Channel], database: Database,
    settle: Callable[[], None], stack: ExitStack,
) -> None:  # fmt: skip
    """Set up the gateways of two shops and a Stripe account; the third shop's are left as they are.

    The Stripe account lives as long as the stack. The reconciliations wait for a person.
    """
    for channel in channels:
        channel.simulator.resume()
    settle()
    traders = channels[:2]
    invoice_on_delivery(odoo, traders)
    chapter = Chapter(odoo, server, traders, database, lambda when: settle(), SEED)
    chapter.set_up(stack)
    chapter.first_days()
    chapter.at_the_bank()
    chapter.sell()
    chapter.tell()
    settle()
    compute(odoo, chapter.gateways())
    settle()
