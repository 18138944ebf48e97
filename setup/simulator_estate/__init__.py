"""A simulated estate of stores whose registers call the canonical API. Needs no Odoo.

goods = assortment(seed=7, terms=GERMANY, count=12)
life = Life(stores(GERMANY, 3), goods, 7, date.today(), WILD).live(200)  # pure: nothing is sent
post = plan(life)  # bursts after hours offline, duplicates, tickets that were lost and found
Sender(url, token).send(post.all)  # real HTTP, with bearer token and Idempotency-Key
truth_of([life])  # what must be there in the end

Amounts are exact decimals in the store's currency, and rounded as registers do: line by line, and
halves away from zero.
"""

from .basket import PERCENT
from .counter import Counter
from .delivery import Parcel, Planner, Post, plan
from .goods import Good, assortment
from .habits import CALM, WILD, Habits
from .life import Life
from .line import Line
from .sender import Sender, Sent
from .terms import AMERICA, COUNTRIES, GERMANY, JAPAN, SWITZERLAND, Tax, Terms
from .ticket import CARD, CASH, GIFT_CARD, KINDS, ON_ACCOUNT, Tender, Ticket
from .truth import Truth, truth_of
from .world import Store, stores

__all__ = [
    "AMERICA", "CALM", "CARD", "CASH", "COUNTRIES", "GERMANY", "GIFT_CARD", "JAPAN", "KINDS",
    "ON_ACCOUNT", "PERCENT", "SWITZERLAND", "WILD", "Counter", "Good", "Habits", "Life", "Line",
    "Parcel", "Planner", "Post", "Sender", "Sent", "Store", "Tax", "Tender", "Terms", "Ticket",
    "Truth", "assortment", "plan", "stores", "truth_of",
]  # fmt: skip
