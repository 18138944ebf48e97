from datetime import datetime, timezone

from odoo.tests import TransactionCase, tagged

from odoo.addons.retail_connector_base.canonical import version_of
from odoo.addons.retail_connector_base.decisions.outcome import InboundItem, Outcome

from ..providers.square.notice import Notice

NOW = datetime(2026, 4, 2, 16, tzinfo=timezone.utc)


@tagged("post_install", "-at_install")
class TestSquareNotice(TransactionCase):
    """A notice makes the channel be asked, and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.backend = cls.env["retail.backend"].create({"name": "Seller", "provider": "square"})

    def setUp(self):
        super().setUp()
        self.asked = []
        poll = type(self.env["retail.poll"])
        self.patch(poll, "_refetch_after_commit",
                   lambda _self, _backend, *what: self.asked.append(what))  # fmt: skip

    def hear(self, **values):
        notice = Notice(**{"external_id": "O1", "updated_at": NOW, "entity_kind": "pos_ticket",
                           **values})  # fmt: skip
        item = InboundItem(1, notice, "order.updated", version_of(NOW), notice.content_hash(), "c")
        return self.env["retail.importer.notice"]._import_batch(self.backend, [item])[1]

    def flow(self, kind):
        flows = self.backend.with_context(active_test=False).flow_ids
        return flows.filtered(lambda flow: flow.kind == kind and flow.direction == "in")

    def test_the_entity_is_asked_for(self):
        self.assertIs(self.hear().outcome, Outcome.DONE)
        self.assertEqual(self.asked, [("pos_ticket", "O1")])

    def test_a_flow_that_is_archived_asks_for_nothing(self):
        self.flow("pos_ticket").active = False
        self.assertIs(self.hear().outcome, Outcome.IGNORED)
        self.assertFalse(self.asked)

    def test_a_kind_that_nobody_imports_is_left_alone(self):
        self.assertIs(self.hear(entity_kind="hologram").outcome, Outcome.IGNORED)
        self.assertFalse(self.asked)

    def test_a_whole_list_is_polled(self):
        started = []
        self.patch(type(self.env["retail.flow"]), "_start_after_commit",
                   lambda flows: started.append(flows))  # fmt: skip
        self.hear(entity_kind="product", external_id="M1", whole_list=True)
        importer = self.env["retail.inbox.processor"]._importer("product")
        self.assertEqual(started, [self.flow("product")] if importer is not None else [])
        self.assertFalse(self.asked)
