from . import retail_backend
from . import retail_gateway
from . import retail_ledger_entry
from . import retail_ledger
from . import retail_payout
from . import retail_dispute
