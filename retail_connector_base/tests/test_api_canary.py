import logging
from unittest.mock import patch

from odoo.tests import tagged

from .api import ApiCase, customer
from .test_canary import LOGGERS, Collector

CARD = "4111111111111111"


@tagged("post_install", "-at_install")
class TestApiCanary(ApiCase):
    """A token and a card number sent to the API are found in no log."""

    def setUp(self):
        super().setUp()
        self.collector = Collector()
        for name in (*LOGGERS, "odoo.sql_db"):
            logger = logging.getLogger(name)
            self.startPatcher(patch.object(logger, "propagate", False))
            self.addCleanup(logger.setLevel, logger.level)
            self.addCleanup(logger.removeHandler, self.collector)
            logger.setLevel(logging.INFO)
            logger.addHandler(self.collector)

    def test_no_log_repeats_what_was_sent(self):
        path = f"customers?card={CARD}&token={self.token}"
        for token in (self.token, self.token[:-1] + "!"):
            for body in (customer(CARD), {CARD: CARD}, CARD.encode(), [customer(email=[CARD])]):
                self._call(path, body, token=token, Idempotency_Key=CARD)
                self._call(path, body, token=token, ce_id=CARD)
            self._call(f"nothing/{CARD}/{self.token}", {}, token=token)
        text = "\n".join(self.collector.lines)
        self.assertTrue(text)
        secret = self.token[-43:]
        for word in (CARD, secret, secret[:-1]):
            self.assertNotIn(word, text)
