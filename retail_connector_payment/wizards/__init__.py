from . import retail_gateway_setup
from . import retail_gateway_setup_row
from . import retail_gateway_setup_line
from . import retail_payment_match
from . import retail_refund_wizard
from . import retail_bank_statement_import
from . import retail_ledger_correction
