from . import retail_exception_dismiss
from . import retail_mapping_wizard
from . import retail_backfill
