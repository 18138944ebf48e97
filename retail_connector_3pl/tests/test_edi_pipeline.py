from odoo.tests import tagged

from ..providers.edi import X12Provider
from ..providers.warehouse_csv import WarehouseCsvProvider
from .edi_kit import SETTINGS, FolderMixin, mail
from .inbound import InboundCase


class FileCase(FolderMixin, InboundCase):
    """A third party's warehouse that is reached through a folder of this machine."""

    settings = {**SETTINGS, "warehouse_codes": "W1"}

    def setUp(self):
        super().setUp()
        self.open_folder()
        values = {"folder_url": self.url, **self.settings}
        for row in self.backend.setting_ids.filtered(lambda row: row.name in values):
            row.value = values[row.name]

    def written(self):
        """Return the text of the one file that lies there, and take it away."""
        ((_name, text),) = self.out().items()
        self.take_out()
        return text

    def polled(self, kind="shipment"):
        """Read what was dropped, import it and move its goods; return the messages."""
        self.env.flush_all()
        provider = self.env["retail.backend"]._build_provider(self.backend.id)
        inbox = self.env["retail.inbox.message"]
        before = inbox.search([("backend_id", "=", self.backend.id)])
        for page in provider.fetch(kind, ""):
            self.env["retail.inbox.receiver"]._store_page(self.backend.id, 1, page.messages, "poll")
        self.drain()
        self.move_goods()
        return inbox.search([("backend_id", "=", self.backend.id)]) - before


class X12Warehouse(X12Provider):
    """The provider itself; there is nothing to be forgotten between tests."""

    @classmethod
    def forget(cls):
        """Do nothing."""


class CsvWarehouse(WarehouseCsvProvider):
    """The provider itself; there is nothing to be forgotten between tests."""

    @classmethod
    def forget(cls):
        """Do nothing."""


@tagged("post_install", "-at_install")
class TestEdiPipeline(FileCase):
    """From the delivery to the 940, and from the 945 to the delivery."""

    provider = X12Warehouse

    def answer(self, text, word, number):
        """Drop a 997 about the one set of a file of ours."""
        (group,) = [s.split("*")[6] for s in self.told(text, {"GS"})]
        body = f"997: AK1*OW*{group}~ AK2*940*0001~ AK3*N4*6**8~ AK5*{word}~ AK9*{word}*1*1*1~"
        self.drop(f"ack{number}.edi", mail(body, number=number, group="FA"))
        return self.polled("warehouse_order")

    def ship(self, release, number, *lines):
        """Drop a 945 of (line, sku, ordered, shipped, status) each."""
        body = "".join(
            f"LX*{n}~ MAN*CP*1Z{number}{n}~ W12*{status}*{ordered}*{shipped}*"
            f"{ordered - shipped}*EA**VN*{sku}~ N9*LI*{line}~ "
            for n, (line, sku, ordered, shipped, status) in enumerate(lines, 1)
        )
        head = f"945: W06*F*{release.name}*20260504*BOL{number}~ N1*WH**92*W1~ "
        self.drop(f"{number}.edi", mail(head + body, number=number))
        return self.polled()

    def test_an_order_goes_out_and_comes_back_shipped(self):
        order = self.sell(A=3, B=2)
        release = self.sent(order)
        text = self.written()
        self.assertIn(f"W05*N*{release.name}*", text)
        self.assertEqual(self.told(text, {"W01"}), ["W01*3*EA**VN*A", "W01*2*EA**VN*B"])
        self.assertEqual(release.state, "sent")
        self.answer(text, "A", 11)
        self.assertEqual((release.state, release.external_id), ("accepted", release.name))
        (message,) = self.ship(release, 12, ("1", "A", 3, 3, "CC"), ("2", "B", 2, 2, "CC"))
        self.assertEqual((message.state, message.error), ("done", False))
        picking = order.picking_ids
        self.assertEqual((picking.state, release.state), ("done", "shipped"))
        self.assertIn("1Z121", picking.carrier_tracking_ref)
        self.assertEqual((self.on_hand("A"), self.on_hand("B")), (97, 98))
        self.assertIn("AK5*A", self.written())
        self.drop("copy.edi", (next((self.root / "drop" / "archive").rglob("*12.edi"))).read_text())
        self.assertFalse(self.polled())
        self.assertEqual((self.on_hand("A"), self.problems()), (97, []))

    def test_an_order_that_leaves_in_two_parts(self):
        order = self.sell(A=3)
        release = self.sent(order)
        self.answer(self.written(), "A", 21)
        self.ship(release, 22, ("1", "A", 3, 1, "BP"))
        self.assertEqual((release.state, self.on_hand("A")), ("partly_shipped", 99))
        self.ship(release, 23, ("1", "A", 2, 2, "CC"))
        self.assertEqual((release.state, self.on_hand("A")), ("shipped", 97))
        self.assertEqual(set(order.picking_ids.mapped("state")), {"done"})

    def test_a_refused_order_is_shown_with_the_reason(self):
        release = self.sent(self.sell(A=1))
        self.answer(self.written(), "R", 31)
        self.assertEqual(release.state, "rejected")
        self.assertIn("N4 (segment 6)", release.reason)
        self.assertEqual(self.problems(), ["release_rejected"])
        release._send_again()
        self.send()
        self.answer(self.written(), "A", 32)
        self.assertEqual((release.state, self.problems()), ("accepted", []))

    def test_an_address_that_does_not_fit_is_a_rejection(self):
        customer = self.make_customer(city="Llanfairpwllgwyngyllgogerychwyrndrobwll")
        release = self.sent(self.sell(customer=customer, A=1))
        self.assertEqual(release.state, "rejected")
        self.assertIn("city", release.reason)
        self.assertEqual(self.out(), {})

    def test_a_cancellation_is_asked_and_answered(self):
        rows = self.backend.setting_ids.filtered(lambda row: row.name == "cancellation")
        rows.value = "acknowledgement"
        order = self.sell(bound=True, A=1)
        release = self.sent(order)
        self.answer(self.written(), "A", 41)
        order.retail_binding_ids._ask_to_stop("customer")
        self.send()
        text = self.written()
        self.assertIn(f"W05*F*{release.name}*", text)
        self.answer(text, "A", 42)
        self.assertEqual((release.state, order.state), ("cancelled", "cancel"))
        self.assertEqual((release.request_ids.state, self.problems()), ("accepted", []))

    def test_a_bad_set_stands_as_an_exception_and_stops_nobody(self):
        order = self.sell(A=1)
        release = self.sent(order)
        self.answer(self.written(), "A", 51)
        bad = "945: W06*F*OTHER*20260504*B~ LX*1~ W12*CC*x**0*EA**VN*A~"
        good = f"945: W06*F*{release.name}*20260504*C~ LX*1~ W12*CC*1*1*0*EA**VN*A~"
        self.drop("a.edi", mail(bad, good, number=52))
        found = self.polled().sorted("state")
        self.assertEqual(found.mapped("state"), ["done", "quarantined"])
        self.assertIn("W1203", found[1].exception_id.cause)
        self.assertEqual((release.state, len(self.problems())), ("shipped", 1))

    def test_a_supplier_is_announced_and_received(self):
        self.warehouse.announces_receipts = True
        picking = self.deliver(A=10)
        self.sweep()
        text = self.written()
        (reference,) = [s.split("*")[2] for s in self.told(text, {"W06"})]
        self.assertEqual(self.told(text, {"W04"}), ["W04*10*EA**VN*A"])
        receipt = f"944: W17*F*20260504*RC1*{reference}~ N1*WH**92*W1~ W07*10*EA**VN*A~ N9*LI*1~"
        self.drop("r.edi", mail(receipt, number=61, group="RE"))
        (message,) = self.polled("receipt")
        self.assertEqual((message.state, message.error), ("done", False))
        self.assertEqual((picking.state, self.on_hand("A")), ("done", 110))

    def test_a_count_is_compared(self):
        count = (
            "846: BIA*00*MM*C1*20261120*2300~ N1*WH**92*W1~ LIN**VN*A~ QTY*17*98~ LIN**VN*B~ "
            "QTY*17*100~ LIN**VN*C~ QTY*17*100~"
        )
        self.drop("c.edi", mail(count, number=71, group="IB"))
        (message,) = self.polled("stock_snapshot")
        self.assertEqual((message.state, message.error), ("done", False))
        snapshot = self.env["retail.snapshot"].search([("warehouse_id", "=", self.warehouse.id)])
        self.assertEqual((len(snapshot), snapshot.part_ids.line_count), (1, 3))


@tagged("post_install", "-at_install")
class TestWarehouseCsvPipeline(FileCase):
    """The same by CSV."""

    provider = CsvWarehouse
    settings = {"settle": "0", "warehouse_codes": "W1"}

    def test_an_order_goes_out_and_comes_back_shipped(self):
        order = self.sell(A=3)
        release = self.sent(order)
        self.assertEqual(release.state, "accepted")
        self.assertIn(f"new,{release.name},", self.written())
        text = "order,shipment,line,sku,quantity,tracking\n" + f"{release.name},S1,1,A,3,1Z9\n"
        self.drop("shipments_1.csv", text)
        (message,) = self.polled()
        self.assertEqual((message.state, message.error), ("done", False))
        self.assertEqual((order.picking_ids.state, self.on_hand("A")), ("done", 97))
        self.assertEqual(order.picking_ids.carrier_tracking_ref, "1Z9")
