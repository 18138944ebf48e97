from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, HttpCase, tagged

from ..decisions.pressure import Pressure, is_shed, pressure_of
from .common import BackendCase, create_backend, offer_sample_provider
from .inbox import blocked_message
from .sample_provider import deletion, headers


@tagged("post_install", "-at_install")
class TestPressureDecisions(BaseCase):
    def test_payments_are_shed_last(self):
        self.assertEqual(pressure_of(100, 100, Pressure.NONE), Pressure.NONE)
        self.assertEqual(pressure_of(101, 100, Pressure.NONE), Pressure.ORDINARY)
        self.assertEqual(pressure_of(201, 100, Pressure.NONE), Pressure.ALL)

    def test_relief_comes_well_below_the_limit(self):
        self.assertEqual(pressure_of(90, 100, Pressure.ORDINARY), Pressure.ORDINARY)
        self.assertEqual(pressure_of(80, 100, Pressure.ORDINARY), Pressure.NONE)
        self.assertEqual(pressure_of(170, 100, Pressure.ALL), Pressure.ALL)
        self.assertEqual(pressure_of(160, 100, Pressure.ALL), Pressure.ORDINARY)

    def test_no_limit_accepts_everything(self):
        self.assertEqual(pressure_of(10**9, 0, Pressure.ALL), Pressure.NONE)

    def test_a_delivery_with_a_payment_is_taken_as_a_whole(self):
        self.assertTrue(is_shed(Pressure.ORDINARY, ["order", None]))
        self.assertFalse(is_shed(Pressure.ORDINARY, ["order", "refund"]))
        self.assertTrue(is_shed(Pressure.ALL, ["payment"]))
        self.assertFalse(is_shed(Pressure.NONE, ["order"]))

    @given(st.integers(0, 10_000), st.integers(1, 1000), st.sampled_from(Pressure))
    def test_more_backlog_never_means_less_pressure(self, backlog, limit, before):
        order = list(Pressure)
        less, more = (pressure_of(n, limit, before) for n in (backlog, backlog + 1))
        self.assertLessEqual(order.index(less), order.index(more))


@tagged("post_install", "-at_install")
class TestPressure(BackendCase):
    def setUp(self):
        super().setUp()
        self.backend.backlog_limit = 5

    def receive(self, count, **values):
        for _ in range(count):
            blocked_message(self.backend, **{"state": "received", **values})

    def exceptions(self):
        return self.env["retail.exception"].search(
            [("backend_id", "=", self.backend.id), ("code", "=", "shedding")]
        )

    def measure(self):
        self.env["retail.backend"]._measure_pressure()
        return self.backend.pressure

    def test_beyond_the_limit_it_is_shed_shown_and_audited(self):
        self.receive(6)
        self.assertEqual(self.measure(), "ordinary")
        self.assertTrue(self.backend.shedding_since)
        self.assertEqual(self.exceptions().state, "open")
        self.assertTrue(
            self.env["retail.audit"].search_count([("action", "=", "pressure_ordinary")])
        )

    def test_the_exception_solves_itself(self):
        self.receive(6)
        self.measure()
        self.env["retail.inbox.message"].search([("backend_id", "=", self.backend.id)]).write(
            {"state": "done"}
        )
        self.assertEqual(self.measure(), "none")
        self.assertFalse(self.backend.shedding_since)
        self.assertEqual(self.exceptions().state, "resolved")

    def test_it_gets_worse_without_a_second_exception(self):
        self.receive(6)
        self.measure()
        since = self.backend.shedding_since
        self.receive(6)
        self.assertEqual(self.measure(), "all")
        self.assertEqual(self.backend.shedding_since, since)
        self.assertEqual(len(self.exceptions()), 1)

    def test_lists_are_read_up_to_half_of_the_limit(self):
        self.receive(2)
        self.assertTrue(self.backend._has_room_for_polls())
        self.receive(1)
        self.assertFalse(self.backend._has_room_for_polls())
        self.backend.backlog_limit = 0
        self.assertTrue(self.backend._has_room_for_polls())

    def test_what_needs_a_person_is_no_backlog(self):
        self.receive(20, state="blocked")
        self.assertEqual(self.measure(), "none")

    def test_nothing_is_written_while_nothing_changes(self):
        self.receive(6)
        self.measure()
        with patch.object(type(self.backend), "write") as write:
            self.measure()
        write.assert_not_called()

    def test_asking_costs_no_query_until_it_changes(self):
        backends = self.env["retail.backend"]
        self.assertFalse(backends._sheds(self.backend.id, ["order"]))
        with self.assertQueryCount(0):
            self.assertFalse(backends._sheds(self.backend.id, ["order"]))
        self.receive(6)
        self.measure()
        self.assertTrue(backends._sheds(self.backend.id, ["order"]))
        self.assertFalse(backends._sheds(self.backend.id, ["payment"]))


@tagged("post_install", "-at_install")
class TestShedding(HttpCase):
    """What senders are answered."""

    def setUp(self):
        super().setUp()
        self.startPatcher(offer_sample_provider(self.registry))
        self.backend = create_backend(self.env)

    def post(self, body, **changed):
        return self.url_open(
            f"/retail/v1/hooks/{self.backend.key}",
            data=body,
            headers={**headers(body, "e1"), **changed},
        )

    def test_senders_are_asked_to_come_back_and_nothing_is_kept(self):
        self.backend.pressure = "ordinary"
        answer = self.post(deletion("1"))
        self.assertEqual((answer.status_code, answer.headers["Retry-After"]), (503, "60"))
        self.assertFalse(
            self.env["retail.inbox.message"].search_count([("backend_id", "=", self.backend.id)])
        )
        self.backend.pressure = "none"
        self.assertEqual(self.post(deletion("1")).status_code, 202)

    def test_payments_pass(self):
        self.backend.pressure = "ordinary"
        with patch("odoo.addons.retail_connector_base.decisions.pressure.SHED_LAST", {"deletion"}):
            self.assertEqual(self.post(deletion("1")).status_code, 202)
            self.backend.pressure = "all"
            self.assertEqual(self.post(deletion("2")).status_code, 503)

    def test_strangers_learn_nothing_of_it(self):
        self.backend.pressure = "all"
        self.assertEqual(self.post(b"{}", **{"X-Sample-Signature": "x"}).status_code, 401)
