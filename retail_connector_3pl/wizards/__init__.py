from . import retail_snapshot_decision
from . import retail_snapshot_entry
from . import retail_return_entry
from . import retail_return_receipt
from . import retail_return_tie
from . import stock_return_picking
