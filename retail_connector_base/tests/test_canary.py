import logging
from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from .common import create_backend, offer_sample_provider
from .sample_provider import deletion, headers

SECRET = "canary-secret-7d41b2"
CARD = "4111111111111111"
LOGGERS = ("odoo.addons.retail_connector_base", "odoo.addons.queue_job", "odoo.http", "werkzeug")


class Collector(logging.Handler):
    """Keeps every log line, tracebacks included."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(message)s"))
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))


@tagged("post_install", "-at_install")
class TestCanary(HttpCase):
    """Attack 14: a secret and a card number sent everywhere are found nowhere."""

    def setUp(self):
        super().setUp()
        self.startPatcher(offer_sample_provider(self.registry))
        self.backend = create_backend(self.env, secret=SECRET, lane_count=1)
        self.collector = Collector()
        for name in LOGGERS:
            self._collect(logging.getLogger(name))

    def _collect(self, logger):
        self.startPatcher(patch.object(logger, "propagate", False))
        self.addCleanup(logger.setLevel, logger.level)
        self.addCleanup(logger.removeHandler, self.collector)
        logger.setLevel(logging.DEBUG)
        logger.addHandler(self.collector)

    def _post(self, body, event_id, **changed):
        return self.url_open(
            f"/retail/v1/hooks/{self.backend.key}?card={CARD}&token={SECRET}",
            data=body,
            headers={**headers(body, event_id, secret=SECRET), "X-Card": CARD, **changed},
        )

    def _drain(self):
        drain = self.env["retail.inbox.drain"]
        while messages := drain._claim(self.backend.id, 0):
            self.env["retail.inbox.processor"]._process(messages)
            messages.filtered("next_attempt_at").next_attempt_at = False

    def test_no_error_repeats_what_was_sent(self):
        poisoned = deletion(f"{CARD}-{SECRET}")
        self._post(b"not json " + CARD.encode(), "malformed")
        self._post(poisoned, "fails")
        self._post(poisoned, "unsigned", **{"X-Sample-Signature": SECRET})
        self._post(poisoned + b" ", "fails")
        importer = self.registry["retail.importer.deletion"]
        with patch.object(importer, "_delete", side_effect=ValueError(f"{CARD} {SECRET}")):
            self._drain()
        self.env.flush_all()
        self.assertTrue(self.collector.lines)
        self._assert_clean("\n".join(self.collector.lines), "the log")
        for table in ("queue_job", "mail_message", "mail_mail", "retail_exception", "retail_audit"):
            self.env.cr.execute(f"SELECT t::text FROM {table} t")
            rows = "\n".join(row[0] for row in self.env.cr.fetchall())
            self._assert_clean(rows, table)

    def test_stored_headers_hold_only_what_matters(self):
        self._post(deletion("1"), "e1")
        message = self.env["retail.inbox.message"].search([("backend_id", "=", self.backend.id)])
        self._assert_clean(str(message.headers), "headers")

    def test_the_form_shows_a_masked_payload(self):
        self._post(b'{"card": "%s", "id": "1"}' % CARD.encode(), "e1")
        message = self.env["retail.inbox.message"].search([("backend_id", "=", self.backend.id)])
        self.assertIn("card", message.preview)
        self._assert_clean(message.preview, "the preview")

    def _assert_clean(self, text, where):
        for canary in (SECRET, CARD):
            self.assertNotIn(canary, text, f"a canary is in {where}")
