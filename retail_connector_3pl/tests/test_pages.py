from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.tests import Form, tagged

from odoo.addons.retail_connector_base.tests.access import create_user

from .inbound import InboundCase, came, receipt
from .messages import left
from .returns import ReturnCase, coming, line
from .snapshot_case import SnapshotCase

PAGES = (
    "retail.release", "retail.warehouse.shipment", "retail.goods.task", "retail.announcement",
    "retail.receipt", "retail.snapshot", "retail.snapshot.line", "retail.return",
    "retail.warehouse",
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestPages(InboundCase, ReturnCase, SnapshotCase):
    """Whoever has a role of ours, and no other, can open what its pages list."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls("test_pages_open_for_every_role")
        case.sold()
        case.came_in()

    def sold(self):
        """Sell three orders: one is ready, one rejected, one leaves and is counted."""
        self.release(self.sell(bound=True, A=1))
        self.provider.manners = ["reject"]
        self.sent(self.sell(B=2))
        release = self.accepted(self.sell(B=7))
        release.ship_by = fields.Datetime.now() - timedelta(days=1)
        self.leave(release, B=7)
        self.happen(left(release, "S-2", minutes=5, B=1))
        lots = self.make_product("LOT", stock=0, tracking="lot")
        self.products["LOT"] = lots
        self.put_in_stock(lots, 5, lot="L1")
        self.counted(("A", 97), ("B", 93), ("?", 1), complete=True, minutes=60)

    def came_in(self):
        """Let a supplier's goods, and those of a customer, come in."""
        self.deliver(A=10)
        self.sweep()
        announced = self.env["retail.announcement"].search([("backend_id", "=", self.backend.id)])
        self.happen(receipt(announced, came("A", 4)))
        order = self.delivered(A=2)
        form = Form(self.env["retail.return.entry"].with_company(self.company))
        form.order_id, form.backend_id = order, self.shop
        wizard = form.save()
        wizard.line_ids.quantity = 1
        wizard.action_enter()
        told = coming("received", line("A", came=1, condition="damaged"))
        self.receive(told, backend=self.tool)

    def test_pages_open_for_every_role(self):
        for role in ("operator", "accountant", "administrator", "auditor"):
            user = create_user(self.env, role, company=self.company)
            for name in PAGES:
                self.env.invalidate_all()
                model = self.env[name].with_user(user).with_context(allowed_company_ids=None)
                for kind in ("list", "kanban", "form"):
                    with self.subTest(role=role, model=name, view=kind):
                        self.assertTrue(self.shown(model.with_company(self.company), kind))

    def shown(self, model, kind):
        """Return what a page shows, read as the web client does."""
        arch = etree.fromstring(model.get_views([(False, kind)])["views"][kind]["arch"])
        return model.web_search_read([], self.spec(model, arch))["records"]

    def spec(self, model, arch):
        """Return what the web client asks for to show a view."""
        spec = {"display_name": {}}
        for node in arch.xpath(".//field[count(ancestor::field) = $deep]", deep=depth(arch)):
            field = model._fields[node.get("name")]
            if field.type in ("one2many", "many2many"):
                rows = node.find("list")
                rows = {} if rows is None else self.spec(model[field.name], rows)
                spec[field.name] = {"fields": rows}
            else:
                name = {"fields": {"display_name": {}}}
                spec[field.name] = name if field.type == "many2one" else {}
        return spec


def depth(arch):
    """Return how many fields a view is inside of."""
    return sum(1 for node in arch.iterancestors() if node.tag == "field")
