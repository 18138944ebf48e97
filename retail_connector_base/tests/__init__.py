from . import test_decisions_receipt
from . import test_decisions_retry
from . import test_decisions_version
from . import test_inbox_drain
from . import test_inbox_receiver
from . import test_poll
from . import test_webhook
