import logging

from odoo.tests import BaseCase, tagged

from ..controllers.access_log import RedactOurAddresses, redacted


@tagged("post_install", "-at_install")
class TestAccessLog(BaseCase):
    def test_keys_and_queries_are_left_out(self):
        line = '"POST /retail/v1/hooks/abc-DEF?card=4111111111111111 HTTP/1.1" 202'
        self.assertEqual(redacted(line), '"POST /retail/v1/hooks/… HTTP/1.1" 202')

    def test_other_addresses_stay(self):
        self.assertEqual(redacted('"GET /web/login?x=1 HTTP/1.1"'), '"GET /web/login?x=1 HTTP/1.1"')

    def test_arguments_are_rewritten_and_no_record_is_dropped(self):
        record = logging.LogRecord(
            "werkzeug", logging.INFO, "", 0, '"%s" %s', ("POST /retail/v1/hooks/k", 202), None
        )
        self.assertTrue(RedactOurAddresses().filter(record))
        self.assertEqual(record.getMessage(), '"POST /retail/v1/hooks/…" 202')
