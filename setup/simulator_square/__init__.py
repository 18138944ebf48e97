"""A simulated Square seller for tests and demonstrations. Needs no Odoo.

with SquareSimulator(seed=7) as simulator:
    seller = simulator.seller
    coffee = seller.add_item("Coffee", 450, sku="C-1")
    order = seller.sell("L001", [Wanted(coffee, 2)], pays=[Pays("CASH", given=1_000)])
    seller.give_back(order["id"], {order["line_items"][0]["uid"]: 1})
    report = simulator.deliver()  # to the subscriptions that were made through the API

Amounts are whole numbers in the currency's minor unit, as in Square's API. What the simulator does
not model is an error.
"""

from .core import SquareSimulator
from .seller import Seller
from .wanted import Charged, Pays, Wanted

__all__ = ["Charged", "Pays", "Seller", "SquareSimulator", "Wanted"]
