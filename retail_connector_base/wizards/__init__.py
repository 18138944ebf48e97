from . import retail_exception_dismiss
from . import retail_mapping_wizard
from . import retail_backfill
from . import retail_inbox_skip
from . import retail_inbox_replay
from . import retail_outbox_cancel
