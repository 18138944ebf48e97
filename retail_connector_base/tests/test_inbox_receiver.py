from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from odoo.tests import tagged

from ..decisions.receipt import ReceiptStatus
from .common import CommittedCase
from .sample_provider import received


@tagged("post_install", "-at_install")
class TestInboxReceiver(CommittedCase):
    def _store(self, message):
        with self.committed() as env:
            return env["retail.inbox.receiver"]._store(self.backend_id, 1, message, "webhook")

    def test_an_event_is_stored_with_its_raw_bytes(self):
        message = replace(received("1"), body=b"\x00\xff not json \xed\xa0\x80")
        self._store(message)
        with self.committed() as env:
            row = env["retail.inbox.message"].search([("backend_id", "=", self.backend_id)])
            self.assertEqual(row._raw_body(), message.body)
            self.assertEqual((row.state, row.company_id), ("received", env.company))

    def test_the_same_event_is_a_duplicate(self):
        first, second = self._store(received("1")), self._store(received("1"))
        self.assertIs(second.status, ReceiptStatus.DUPLICATE)
        self.assertEqual(second.message_id, first.message_id)
        self.assertEqual(self.states(), ["received"])

    def test_the_same_event_with_another_body_is_kept_as_conflict(self):
        self._store(received("1"))
        changed = received("1", second=5)
        self.assertIs(self._store(changed).status, ReceiptStatus.CONFLICT)
        self.assertIs(self._store(changed).status, ReceiptStatus.DUPLICATE)
        self.assertEqual(self.states(), ["received", "conflict"])
        with self.committed() as env:
            exception = env["retail.exception"].search([("backend_id", "=", self.backend_id)])
            self.assertEqual(exception.code, "event_conflict")

    def test_an_unknown_topic_is_kept(self):
        receipt = self._store(replace(received("1"), kind=None))
        self.assertEqual(receipt.http_status, 200)
        self.assertEqual(self.states(), ["unsupported"])

    def test_names_that_the_database_cannot_hold_are_made_printable(self):
        self._store(replace(received("1"), entity_key="a\0b\ud800", topic="t" * 999))
        self.assertEqual(self.states(), ["received"])

    def test_fifty_parallel_copies_are_one_message(self):
        with ThreadPoolExecutor(8) as pool:
            receipts = list(pool.map(lambda _n: self._store(received("1")), range(50)))
        stored = [r for r in receipts if r.status is ReceiptStatus.STORED]
        self.assertEqual(len(stored), 1)
        self.assertEqual({r.message_id for r in receipts}, {stored[0].message_id})
        self.assertEqual(self.states(), ["received"])

    def test_a_page_leaves_out_what_is_known(self):
        self._store(received("1"))
        with self.committed() as env:
            lanes = env["retail.inbox.receiver"]._store_page(
                self.backend_id, 1, [received("1"), received("2"), received("2")], "poll"
            )
        self.assertEqual(lanes, {0})
        self.assertEqual(self.states(), ["received", "received"])
