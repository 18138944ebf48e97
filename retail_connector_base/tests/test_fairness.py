from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.queue_job.exception import RetryableJobError

from ..decisions.lane import job_priority
from ..decisions.seats import capacity_of, seats_of
from ..models import retail_lane_mixin
from ..models.retail_inbox_drain import LOCK_SPACE, MOST_LANES
from ..models.retail_inbox_seat import MOST_SEATS, PARAMETER, SEAT_SPACE
from .common import CommittedCase, create_backend
from .sample_provider import received


@tagged("post_install", "-at_install")
class TestSeatDecisions(BaseCase):
    def test_the_narrowest_channel_on_the_way_counts(self):
        channels = [{"name": "root", "capacity": 6}, {"name": "retail.drain", "capacity": 3}]
        self.assertEqual(capacity_of(channels, "root.retail.drain"), 3)
        self.assertEqual(capacity_of(channels, "root.retail.poll"), 6)
        self.assertEqual(capacity_of(channels, "root.retail.drainage"), 6)
        self.assertIsNone(capacity_of([{"name": "root", "capacity": 0}], "root.retail.drain"))

    def test_a_slot_stays_free_for_others_while_there_are_others(self):
        self.assertEqual(seats_of(4, 0, others_work=True), 2)
        self.assertEqual(seats_of(2, 0, others_work=True), 1)
        self.assertEqual(seats_of(4, 0, others_work=False), 4)
        self.assertEqual(seats_of(1, 0, others_work=True), 1)
        self.assertEqual(seats_of(4, 2, others_work=False), 2)
        self.assertIsNone(seats_of(None, 0, others_work=True))

    @given(st.integers(1, 3), st.integers(-500, 500), st.integers(1, 3), st.integers(-500, 500))
    def test_the_tier_decides_before_the_priority(self, tier, own, other_tier, other):
        if tier < other_tier:
            self.assertLess(job_priority(tier, own), job_priority(other_tier, other))

    def test_usual_work_has_the_usual_priority_of_jobs(self):
        self.assertEqual(job_priority(1, 10), 10)


class LanesCase(CommittedCase):
    """Two backends whose lanes compete."""

    def setUp(self):
        super().setUp()
        with self.committed() as env:
            other = create_backend(env, name="Other", lane_count=1)
            self.other_id = other.id
            env["retail.backend"].browse(self.backend_id).batch_size = 2
        # Runs before the clean-up of the first backend, in reverse order.
        self.addCleanup(self._forget_other)

    def _forget_other(self):
        with self.registry.cursor() as cr:
            for table in ("inbox_message", "inbox_lane", "exception", "tombstone", "audit"):
                cr.execute(f"DELETE FROM retail_{table} WHERE backend_id = %s", [self.other_id])
            cr.execute("DELETE FROM retail_backend WHERE id = %s", [self.other_id])
            cr.execute("DELETE FROM ir_config_parameter WHERE key = %s", [PARAMETER])
        self.registry.clear_cache()

    def receive(self, count):
        with self.committed() as env:
            for number in range(count):
                env["retail.inbox.receiver"]._store(
                    self.backend_id, 1, received(str(number)), "webhook"
                )
                env.cr.commit()

    def drain(self, lane=0):
        with self.committed() as env:
            env["retail.inbox.drain"]._job_drain(self.backend_id, lane)

    def wake(self, backend_id, lane=0, **options):
        with self.committed() as env:
            return env["retail.inbox.drain"]._wake(backend_id, lane, **options)

    def change_job(self, backend_id, values, lane=0):
        with self.registry.cursor() as cr:
            cr.execute(
                f"UPDATE queue_job SET {values} WHERE identity_key = %s",
                [f"retail.inbox.drain:{backend_id}:{lane}"],
            )

    def job(self, name, backend_id=None, lane=0):
        with self.registry.cursor() as cr:
            cr.execute(
                f"SELECT {name} FROM queue_job WHERE identity_key = %s",
                [f"retail.inbox.drain:{backend_id or self.backend_id}:{lane}"],
            )
            row = cr.fetchone()
            return row and row[0]


@tagged("post_install", "-at_install")
class TestSeats(LanesCase):
    def setUp(self):
        super().setUp()
        with self.committed() as env:
            env["ir.config_parameter"].set_param(PARAMETER, "1")

    def occupy(self):
        cr = self.registry.cursor()
        self.addCleanup(cr.close)
        key = self.backend_id * MOST_SEATS
        cr.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [SEAT_SPACE, key])
        return cr

    def test_who_finds_no_seat_comes_back_and_loses_nothing(self):
        self.receive(1)
        occupied = self.occupy()
        with self.assertRaises(RetryableJobError) as caught:
            self.drain()
        self.assertTrue(caught.exception.ignore_retry)
        self.assertEqual(self.states(), ["received"])
        occupied.rollback()
        self.drain()
        self.assertEqual(self.states(), ["done"])

    def test_another_backends_seats_are_its_own(self):
        self.occupy()
        with self.committed() as env:
            env["retail.inbox.drain"]._job_drain(self.other_id, 0)

    def test_who_leaves_calls_the_one_that_waited_longest(self):
        for lane, seconds in ((1, 30), (2, 10), (3, 20)):
            self.wake(self.backend_id, lane)
            eta = f"eta = now() AT TIME ZONE 'UTC' + interval '{seconds} s'"
            self.change_job(self.backend_id, eta, lane)
        self.wake(self.other_id)
        self.change_job(self.other_id, "eta = now() AT TIME ZONE 'UTC' + interval '1 s'")
        self.drain()
        etas = [self.job("eta", lane=lane) is None for lane in (1, 2, 3)]
        self.assertEqual(etas, [False, True, False])
        self.assertIsNotNone(self.job("eta", self.other_id))

    def test_a_busy_lane_takes_no_seat(self):
        with self.committed() as env:
            drain = env["retail.inbox.drain"]
            key = (LOCK_SPACE, self.backend_id * MOST_LANES)
            with patch.object(type(drain), "_seat") as seat, drain._exclusive(*key):
                with self.assertRaises(RetryableJobError):
                    drain._job_drain(self.backend_id, 0)
                seat.assert_not_called()

    def park(self, lane=0):
        """Let a lane's job wait for its moment, as one that found the lane taken."""
        self.wake(self.backend_id, lane)
        self.change_job(self.backend_id, "eta = now() AT TIME ZONE 'UTC' + interval '9 s'", lane)

    def busy_seconds(self):
        with self.committed() as env:
            drain = env["retail.inbox.drain"]
            taken = drain._exclusive(LOCK_SPACE, self.backend_id * MOST_LANES)
            with taken, self.assertRaises(RetryableJobError) as caught:
                drain._job_drain(self.backend_id, 0)
        return caught.exception.seconds

    def test_who_finds_a_busy_lane_comes_back_soon_unless_its_holder_has_more_to_do(self):
        self.assertEqual(self.busy_seconds(), 1)
        self.receive(1)
        self.assertEqual(self.busy_seconds(), retail_lane_mixin.LANE_SECONDS)
        with self.registry.cursor() as cr:  # the holder is at the only message
            cr.execute(
                "SELECT FROM retail_inbox_message WHERE backend_id = %s FOR UPDATE",
                [self.backend_id],
            )
            self.assertEqual(self.busy_seconds(), 1)

    def test_who_leaves_a_lane_calls_the_job_that_found_it_busy(self):
        for lane in (1, 0):
            self.park(lane)
        self.drain()
        self.assertIsNone(self.job("eta"))

    def test_a_holder_that_fails_calls_nobody_and_its_lane_comes_back_by_itself(self):
        self.receive(1)
        self.park()
        drain = self.registry["retail.inbox.drain"]
        broken = patch.object(drain, "_try_chunk", side_effect=ZeroDivisionError)
        with broken, self.assertRaises(ZeroDivisionError):
            self.drain()
        self.assertIsNotNone(self.job("eta"))
        self.drain()
        self.assertEqual(self.states(), ["done"])

    def test_who_leaves_waits_for_nobody_who_calls_at_the_same_moment(self):
        self.park()
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT FROM queue_job WHERE identity_key = %s FOR UPDATE",
                [f"retail.inbox.drain:{self.backend_id}:0"],
            )
            self.drain()
        self.assertIsNotNone(self.job("eta"))

    def test_a_backend_that_worked_lately_counts_as_another(self):
        def others_work(backend_id):
            with self.committed() as env:
                return env["retail.inbox.lane"]._others_work(backend_id)

        with self.registry.cursor() as cr:
            cr.execute("UPDATE retail_inbox_lane SET started_at = started_at - interval '1 day'")
        self.assertFalse(others_work(self.other_id))
        self.drain()
        self.assertTrue(others_work(self.other_id))
        self.assertFalse(others_work(self.backend_id))


@tagged("post_install", "-at_install")
class TestGivingWay(LanesCase):
    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(retail_lane_mixin, "SLICE_SECONDS", 0))
        self.receive(6)

    def leave_a_worker_free(self):
        drain, lane = self.registry["retail.inbox.drain"], self.registry["retail.inbox.lane"]
        self.startPatcher(patch.object(drain, "_capacity", lambda self: 3))
        self.startPatcher(patch.object(lane, "_others_work", lambda self, backend_id: True))

    def assert_gives_way(self, gives_way):
        self.drain()
        self.assertEqual(self.states().count("done"), 2 if gives_way else 6)
        self.assertEqual(bool(self.job("state")), gives_way)

    def test_a_lane_goes_on_while_nobody_waits(self):
        self.assert_gives_way(False)

    def test_a_lane_gives_way_to_another_backend_and_is_followed_up(self):
        self.wake(self.other_id)
        self.assert_gives_way(True)

    def test_lanes_of_one_backend_do_not_give_way_to_one_another(self):
        self.wake(self.backend_id, 1)
        self.assert_gives_way(False)

    def test_who_comes_back_later_does_not_wait_for_a_worker(self):
        self.wake(self.other_id)
        self.change_job(self.other_id, "eta = now() AT TIME ZONE 'UTC' + interval '9 s'")
        self.assert_gives_way(False)

    def test_who_leaves_a_worker_free_is_patient(self):
        self.leave_a_worker_free()
        self.wake(self.other_id)
        self.change_job(self.other_id, "date_created = now() AT TIME ZONE 'UTC'")
        self.assert_gives_way(False)

    def test_who_is_patient_gives_way_at_last(self):
        self.leave_a_worker_free()
        self.wake(self.other_id)
        past = "date_created = now() AT TIME ZONE 'UTC' - interval '3 s'"
        self.change_job(self.other_id, past)
        self.assert_gives_way(True)

    def test_who_is_running_does_not_wait(self):
        self.wake(self.other_id)
        self.change_job(self.other_id, "state = 'started'")
        self.assert_gives_way(False)

    def test_less_urgent_work_does_not_interrupt(self):
        self.wake(self.other_id)
        self.change_job(self.other_id, "priority = 110")
        self.assert_gives_way(False)


@tagged("post_install", "-at_install")
class TestPriority(LanesCase):
    def set_tier(self, tier, priority=10):
        with self.committed() as env:
            flows = env["retail.backend"].browse(self.backend_id).flow_ids
            flows.write({"tier": tier, "priority": priority})

    def test_a_lanes_job_has_the_priority_of_what_came(self):
        self.set_tier("3", 5)
        self.wake(self.backend_id, kinds={"deletion"})
        self.assertEqual(self.job("priority"), 205)

    def test_a_change_of_the_tier_is_seen_at_once(self):
        self.wake(self.backend_id, 1, kinds={"deletion"})
        self.set_tier("2")
        self.wake(self.backend_id, 2, kinds={"deletion"})
        self.assertEqual([self.job("priority", lane=n) for n in (1, 2)], [10, 110])

    def test_urgent_work_moves_a_waiting_job_up_and_never_down(self):
        self.set_tier("2")
        self.wake(self.backend_id, kinds={"deletion"})
        self.assertFalse(self.wake(self.backend_id, kinds={"unheard"}))
        self.assertEqual(self.job("priority"), 10)
        self.wake(self.backend_id, kinds={"deletion"})
        self.assertEqual(self.job("priority"), 10)

    def test_without_a_kind_what_waits_decides(self):
        self.set_tier("3")
        self.receive(2)
        self.wake(self.backend_id)
        self.assertEqual(self.job("priority"), 210)

    def test_urgent_messages_of_a_lane_are_taken_first(self):
        self.set_tier("3")
        self.receive(2)
        self.set_tier("1")
        with self.committed() as env:
            env["retail.inbox.receiver"]._store(self.backend_id, 1, received("9"), "webhook")
        with self.committed() as env:
            claimed = env["retail.inbox.drain"]._claim(self.backend_id, 0)
            self.assertEqual(claimed.mapped("priority"), [10, 210])

    def test_a_poll_has_its_flows_priority(self):
        self.set_tier("2", 3)
        with self.committed() as env:
            flow = env["retail.backend"].browse(self.backend_id).flow_ids
            job = env["retail.poll"]._start(flow.id)
            found = env["queue.job"].search([("identity_key", "=", f"retail.poll:{flow.id}")])
            self.assertEqual((job, found.priority), (None, 103))
