"""A simulated warehouse that answers files with files, for tests and demonstrations. No Odoo.

house = FileWarehouse(folder, seed=7, habits=WILD, stock={"A": 50})
house.work()   # one turn: reads what lies in out/, acknowledges, ships, and writes to in/
house.arrive("PO-7", {"A": 10}, damaged={"A": 1})   # 944
house.count()  # 846: what lies on its shelves now
house.truth    # what it has, what it sent and what it took in

It speaks X12 004010 by its own few lines, so that nothing is tested with itself. The folder may be
served by an SFTP server. The same seed makes the same faults.
"""

from .habits import CALM, WILD, Habits
from .truth import Truth
from .warehouse import FileWarehouse
from .x12 import Mail, read, write

__all__ = ["CALM", "WILD", "FileWarehouse", "Habits", "Mail", "Truth", "read", "write"]
