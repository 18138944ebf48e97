from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.retail_connector_base.decisions.problem import ImportProblem, Problem
from odoo.addons.retail_connector_base.providers import ErrorClass, TransientError

from .common import WarehouseCase
from .messages import left

LOGGER = "odoo.addons.retail_connector_3pl.models.retail_goods_task"


@tagged("post_install", "-at_install")
class TestGoodsTask(WarehouseCase):
    """Goods move in the warehouse's lane: in order, each document on its own, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tasks = cls.env["retail.goods.task"]

    def documents(self, count=1):
        """Return recorded shipments whose goods have not moved."""
        releases = [self.accepted(self.sell(A=1)) for _each in range(count)]
        self.receive(*(left(release, A=1) for release in releases))
        return self.env["retail.warehouse.shipment"].browse(
            [release.shipment_ids.id for release in releases]
        )

    def moving(self, behave):
        """Let documents move as ``behave(document)`` says instead."""
        return patch.object(self.registry["retail.warehouse.shipment"], "_move_goods", behave)

    def problem(self):
        return Problem(ErrorClass.DATA, "sample", "it", "Somebody must decide", "Because.", "retry")

    def test_documents_move_in_order_of_arrival(self):
        documents, moved = self.documents(3), []
        with self.moving(lambda document: moved.append(document.id)):
            self.move_goods()
            self.move_goods()
        self.assertEqual(moved, documents.ids)
        self.assertEqual(self.tasks.search([]).mapped("state"), ["done"] * 3)

    def test_a_document_waits_once(self):
        document = self.documents()
        self.tasks._put(self.stock, document)
        self.assertEqual(len(self.tasks.search([])), 1)

    @mute_logger(LOGGER)
    def test_what_fails_leaves_nothing_and_hinders_nobody(self):
        first, second = self.documents(2)

        def behave(document):
            document.carrier = "moved"
            if document == first:
                raise ImportProblem(self.problem())

        with self.moving(behave):
            self.move_goods()
        self.assertEqual([first.carrier, second.carrier], [False, "moved"])
        self.assertEqual([first.goods_state, second.goods_state], ["blocked", "done"])
        self.assertEqual(self.problems(), ["sample"])

    @mute_logger(LOGGER)
    def test_retrying_the_exception_moves_the_goods(self):
        document = self.documents()

        def refuse(_document):
            raise ImportProblem(self.problem())

        with self.moving(refuse):
            self.move_goods()
        exception = self.tasks.search([]).exception_id
        self.assertEqual(exception.state, "open")
        exception.action_retry()
        self.assertEqual(exception.state, "open", "it is solved when the goods have moved")
        self.move_goods()
        self.assertEqual((document.goods_state, exception.state), ("done", "resolved"))
        self.assertEqual(self.on_hand("A"), 99)

    @mute_logger(LOGGER)
    def test_dismissing_the_exception_leaves_the_goods(self):
        document = self.documents()

        def refuse(_document):
            raise UserError(self.env._("Not like this."))

        with self.moving(refuse):
            self.move_goods()
        self.assertEqual(self.problems(), ["goods_not_moved"])
        self.tasks.search([]).exception_id.action_dismiss("Counted and corrected by hand.")
        self.move_goods()
        self.assertEqual(document.goods_state, "given_up")
        self.assertEqual(self.on_hand("A"), 100)

    @mute_logger(LOGGER)
    def test_what_may_work_later_is_tried_later(self):
        document = self.documents()

        def fail(_document):
            raise TransientError("Just now not.")

        with self.moving(fail):
            self.move_goods()
        task = self.tasks.search([])
        self.assertEqual((task.state, task.attempts), ("waiting", 1))
        self.assertTrue(task.next_attempt_at)
        self.assertEqual(self.problems(), [])
        task._try_now()
        self.move_goods()
        self.assertEqual(document.goods_state, "done")

    @mute_logger(LOGGER)
    def test_news_of_a_blocked_document_are_tried(self):
        document = self.documents()

        def refuse(_document):
            raise ImportProblem(self.problem())

        with self.moving(refuse):
            self.move_goods()
        self.happen(left(document.release_id, document.external_id, minutes=5, A=1))
        self.assertEqual((document.goods_state, self.problems()), ("done", []))

    def test_operators_see_and_try_again_and_do_no_more(self):
        self.documents()
        operator = new_test_user(
            self.env,
            login="goods_operator",
            groups="retail_connector_base.group_operator",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        task = self.tasks.with_user(operator).search([])
        self.assertEqual(len(task), 1)
        task.action_try_now()
        with self.assertRaises(AccessError):
            task.write({"state": "done"})
        stranger = new_test_user(self.env, login="goods_stranger", groups="base.group_user")
        with self.assertRaises(AccessError):
            task.with_user(stranger).action_try_now()

    def test_reservations_that_came_first_are_taken_first(self):
        lane = self.env["retail.reservation"]
        self.documents()
        self.assertTrue(lane._goods_came_first(self.stock.id))
        order = self.sell(B=1)
        order.picking_ids.do_unreserve()
        self.env["retail.reservation.request"]._request(order.picking_ids.move_ids)
        self.env.cr.execute(
            "UPDATE retail_reservation_request SET create_date = create_date - interval '1 hour'"
        )
        self.assertFalse(lane._goods_came_first(self.stock.id))
        self.move_goods()
        self.assertEqual(order.picking_ids.state, "assigned")
        self.assertEqual(self.on_hand("A"), 99)
