import json
import threading
from datetime import timedelta
from unittest.mock import patch

import fsspec

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import (
    AnnounceReceipt,
    TrackParcel,
    WarehouseOrderState,
)
from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    ConfigurationError,
    MalformedPayloadError,
    RawRequest,
    RejectedError,
    TransientError,
    UnknownOutcomeError,
    UnsupportedError,
)
from odoo.addons.retail_connector_base.providers.file_drop import Store
from odoo.addons.retail_connector_base.providers.file_drop.outbox import Outbox
from odoo.addons.retail_connector_base.tests.sftp_server import PASSWORD, USER, SftpServer

from .edi_kit import (
    NOW,
    FolderMixin,
    cancel,
    change,
    line,
    mail,
    parsed,
    recipient,
    release,
    shipped,
)

KEY = "release:WH/OUT/1"


def ack(number, *verdicts, code="OW"):
    """Return a 997 of one of our groups: (set, word) each."""
    body = "".join(f"AK2*940*{name}~ AK5*{word}~ " for name, word in verdicts)
    good = sum(word != "R" for _name, word in verdicts)
    return f"997: AK1*{code}*{number}~ {body} AK9*{'A' if good else 'R'}*1*1*{good}~"


@tagged("post_install", "-at_install")
class TestEdiIncoming(FolderMixin, BaseCase):
    """What the warehouse drops becomes messages, and is acknowledged."""

    def setUp(self):
        super().setUp()
        self.open_folder()

    def test_a_file_is_read_acknowledged_and_archived(self):
        self.drop("a.edi", mail(shipped("O1", "B1"), shipped("O2", "B2")))
        provider = self.provider()
        first, second = self.fetched(provider=provider)
        self.assertEqual(parsed(provider, first).external_id, "O1/B1")
        self.assertEqual(parsed(provider, second).entity_key, "order:O2")
        self.assertEqual((first.topic, first.kind), ("x12/945", "shipment"))
        self.assertEqual(first.headers["control"], "ZZ:WAREHOUSE/7/7/0001")
        self.assertEqual((self.names("in"), self.names("archive")), ([], ["a.edi"]))
        ((name, text),) = self.out().items()
        self.assertTrue(name.startswith("997-"))
        self.assertEqual(
            self.told(text, {"ST", "AK1", "AK2", "AK5", "AK9"}),
            ["ST*997*0001", "AK1*SW*7", "AK2*945*0001", "AK5*A", "AK2*945*0002", "AK5*A",
             "AK9*A*2*2*2"],
        )  # fmt: skip
        self.assertIn("*ZZ*RETAILER       *ZZ*WAREHOUSE      *", text)

    def test_a_bad_set_is_named_and_its_neighbours_come_in(self):
        bad = "945: W06*F*O2*20260504*B2~ LX*1~ W12*CC*x**0*EA**VN*A~"
        self.drop("a.edi", mail(shipped("O1", "B1"), bad, shipped("O3", "B3")))
        provider = self.provider()
        good, wrong, last = self.fetched(provider=provider)
        self.assertEqual(parsed(provider, good).order_external_id, "O1")
        self.assertEqual(parsed(provider, last).order_external_id, "O3")
        with self.assertRaisesRegex(MalformedPayloadError, "W1203"):
            parsed(provider, wrong)
        self.assertTrue(wrong.entity_key.startswith("x12:"))
        ((_name, text),) = self.out().items()
        self.assertEqual(
            self.told(text, {"AK3", "AK4", "AK5", "AK9"}),
            ["AK5*A", "AK3*W12*4**8", "AK4*2**6", "AK4*3**1", "AK5*R*5", "AK5*A", "AK9*P*3*3*2"],
        )
        self.assertEqual(self.names("archive"), ["a.edi"])

    def test_what_was_quarantined_is_read_after_the_settings_were_mended(self):
        count = "846: BIA*00*MM*C1*20260504*0630~ N1*WH**92*M~ LIN**VN*A~ QTY*20*5~"
        self.drop("a.edi", mail(count, group="IB"))
        (message,) = self.fetched("stock_snapshot")
        with self.assertRaises(MalformedPayloadError):
            parsed(self.provider(), message)
        stored = type("S", (), {"body": message.body})
        told = self.provider(on_hand="20").parse(stored)
        self.assertEqual(told.lines[0].on_hand, 5)

    def test_any_poll_reads_all_kinds(self):
        receipt = "944: W17*F*20260504*RC1*PO7~ W07*1*EA**VN*A~"
        self.drop("a.edi", mail(receipt, group="RE"))
        self.drop("b.edi", mail(shipped(), number=8))
        self.assertEqual([m.kind for m in self.fetched("stock_snapshot")], ["receipt", "shipment"])

    def test_the_same_file_twice_tells_nothing_new_and_is_answered_the_same(self):
        self.drop("a.edi", mail(shipped()))
        (first,) = self.fetched()
        before = self.out()
        self.take_out()
        self.now += timedelta(hours=1)
        self.drop("b.edi", mail(shipped()))
        (again,) = self.fetched()
        self.assertEqual(first.event_id, again.event_id)
        self.assertEqual(self.out(), before)

    def test_a_control_number_with_another_content_is_put_aside(self):
        self.drop("a.edi", mail(shipped("O1", "B1")))
        self.fetched()
        self.take_out()
        self.drop("b.edi", mail(shipped("O2", "B2")))
        (message,) = self.fetched()
        with self.assertRaisesRegex(MalformedPayloadError, "used before"):
            parsed(self.provider(), message)
        ((_name, text),) = self.out().items()
        self.assertEqual(self.told(text, {"AK5"}), ["AK5*R*23"])

    def test_partners_that_use_numbers_again_may_be_taken_at_their_word(self):
        self.drop("a.edi", mail(shipped("O1", "B1")))
        self.drop("b.edi", mail(shipped("O2", "B2")))
        for message in (found := self.fetched())[1:]:
            with self.assertRaises(MalformedPayloadError):
                parsed(self.provider(), message)
        provider = self.provider(repeated_numbers="accept")
        told = provider.parse(found[1])
        self.assertEqual(told.order_external_id, "O2")
        self.drop("a.edi", mail(shipped("O1", "B1")))
        self.drop("b.edi", mail(shipped("O2", "B2")))
        found = self.fetched(provider=provider)
        orders = {parsed(provider, m).order_external_id for m in found}
        self.assertEqual(orders, {"O1", "O2"})
        self.assertEqual(len({m.event_id for m in found}), 2)

    def test_the_same_number_twice_in_one_file_is_seen(self):
        self.drop("a.edi", mail(shipped("O1", "B1")) + mail(shipped("O2", "B2")))
        good, bad = self.fetched()
        self.assertEqual(parsed(self.provider(), good).order_external_id, "O1")
        with self.assertRaises(MalformedPayloadError):
            parsed(self.provider(), bad)

    def test_files_for_others_are_put_aside_and_not_answered(self):
        for number, values in enumerate(
            ({"receiver": "OTHER"}, {"sender": "OTHER"}, {"usage": "T"}), 1
        ):
            self.drop(f"{number}.edi", mail(shipped(), number=number, **values))
        found = self.fetched()
        for message, word in zip(found, ("receiver", "sender", "usage"), strict=True):
            with self.assertRaisesRegex(MalformedPayloadError, word):
                parsed(self.provider(), message)
        self.assertEqual(self.out(), {})
        self.assertEqual(self.names("quarantine"), ["1.edi", "2.edi", "3.edi"])

    def test_sets_that_nobody_reads_are_kept_and_named(self):
        self.drop("a.edi", mail("947: W15*20260504*1~", shipped(), group="AW"))
        unknown, known = self.fetched()
        self.assertEqual((unknown.kind, unknown.topic), (None, "x12/947"))
        self.assertEqual(known.kind, "shipment")
        ((_name, text),) = self.out().items()
        self.assertEqual(self.told(text, {"AK5"}), ["AK5*R*1", "AK5*A"])

    def test_names_and_streets_are_kept_where_they_are_masked(self):
        text = (
            "945: W06*F*O1*20260504*B1~ N1*WH**92*MAIN~ N1*ST*Ada Lovelace~ N3*Main Street 1~ "
            "N4*Austin*TX~ LX*1~ W12*CC*2*2*0*EA**VN*A~"
        )
        self.drop("a.edi", mail(text))
        (message,) = self.fetched()
        content = json.loads(message.body)
        self.assertEqual(sorted(content["address"].values()),
                         ["N1*ST*Ada Lovelace", "N3*Main Street 1", "N4*Austin*TX"])  # fmt: skip
        self.assertNotIn("Ada", json.dumps(content["segments"]))
        self.assertEqual(parsed(self.provider(), message).location_external_id, "MAIN")

    def test_a_file_that_is_not_there_yet_is_left_alone(self):
        whole = mail(shipped())
        self.drop("a.edi", whole[: len(whole) // 2])
        self.drop("b.edi.tmp", whole)
        self.now = NOW.now(tz=NOW.tzinfo)
        provider = self.provider(settle="30")
        self.assertEqual(self.fetched(provider=provider), [])
        self.now += timedelta(seconds=60)
        self.assertEqual(self.fetched(provider=provider), [])
        self.drop("a.edi", whole)
        self.now += timedelta(seconds=60)
        self.assertEqual(len(self.fetched(provider=provider)), 1)

    def test_a_file_that_stays_cut_is_read_as_far_as_it_goes(self):
        whole = mail(shipped("O1", "B1"), shipped("O2", "B2"))
        self.drop("a.edi", whole[: whole.rindex("W12")])
        self.now = NOW.now(tz=NOW.tzinfo) + timedelta(hours=1)
        provider = self.provider(settle="30")
        good, cut, *notes = self.fetched(provider=provider)
        self.assertEqual(parsed(provider, good).order_external_id, "O1")
        for message, word in ((cut, "no SE"), (notes[0], "no IEA"), (notes[1], "no GE")):
            with self.assertRaisesRegex(MalformedPayloadError, word):
                parsed(provider, message)
        self.drop("again.edi", whole)
        self.now += timedelta(hours=1)
        again = self.fetched(provider=provider)
        self.assertEqual(again[0].event_id, good.event_id)
        self.assertEqual(parsed(provider, again[1]).order_external_id, "O2")

    def test_what_dies_between_two_pages_is_read_again(self):
        with patch("odoo.addons.retail_connector_base.providers.file_drop.poll.PAGE", 1):
            self.drop("a.edi", mail(*(shipped(f"O{n}", f"B{n}") for n in range(3))))
            pages = self.provider().fetch("shipment", "")
            first = next(pages)
            pages.close()
            self.assertEqual((self.out(), self.names("archive")), ({}, []))
            rest = self.fetched(cursor=first.cursor)
        self.assertEqual([m.entity_key for m in rest], ["order:O1", "order:O2"])
        self.assertEqual((len(self.out()), self.names("archive")), (1, ["a.edi"]))

    def test_what_grows_while_it_is_read_is_read_again(self):
        self.drop("a.edi", mail(shipped()))
        pages = self.provider().fetch("shipment", "")
        next(pages)
        (path,) = (self.root / "drop" / "claimed").rglob("a.edi")
        path.write_text(mail(shipped()) + mail(shipped("O2", "B2"), number=8))
        with self.assertRaises(TransientError):
            next(pages)
        self.assertEqual(len(self.fetched()), 2)

    def test_such_a_warehouse_has_no_webhook(self):
        with self.assertRaises(AuthenticationError):
            self.provider().verify(RawRequest(b"", {}, NOW))

    def test_the_connection_is_tried(self):
        report = self.provider().test_connection()
        self.assertIn(("Receiver", "ZZ:WAREHOUSE"), report.details)
        self.assertEqual(self.names("claimed"), [])
        with self.assertRaises(ConfigurationError):
            self.provider(receiver_id="").test_connection()
        codes = self.provider(warehouse_codes="LAX=Los Angeles, RNO").warehouses()
        self.assertEqual([(w.external_id, w.name) for w in codes],
                         [("LAX", "Los Angeles"), ("RNO", "RNO")])  # fmt: skip


@tagged("post_install", "-at_install")
class TestEdiOutgoing(FolderMixin, BaseCase):
    """What we tell the warehouse, once; and what its 997 means."""

    def setUp(self):
        super().setUp()
        self.open_folder()

    def number(self):
        """Return the control number of the one file that lies there."""
        ((name, _text),) = self.out().items()
        return int(name.removesuffix(".edi").split("-")[1])

    def answers(self, *sets, provider=None, number=50):
        self.drop(f"ack{number}.edi", mail(*sets, number=number, group="FA"))
        provider = provider or self.provider()
        return [parsed(provider, m) for m in self.fetched("warehouse_order", provider)]

    def test_a_release_is_a_file_and_is_not_written_twice(self):
        provider = self.provider()
        result = provider.send(release(), KEY)
        self.assertEqual(result.external_ids, ("WH/OUT/1",))
        ((name, text),) = self.out().items()
        self.assertEqual(result.details["file"], name)
        self.assertIn("W05*N*WH/OUT/1*#1001~", text)
        self.take_out()
        again = provider.send(release(), KEY)
        self.assertEqual((again, self.out()), (result, {}))
        self.assertEqual(provider.look_up(release(), KEY), result)
        self.assertEqual(self.names("sent"), [name])

    def test_many_releases_are_sets_of_one_file(self):
        orders = [release(f"WH/OUT/{n}") for n in range(1, 4)]
        orders[1] = release("WH/OUT/2", recipient=recipient(city="x" * 40))
        answers = self.provider().send_many([(o, f"release:{o.order_external_id}") for o in orders])
        self.assertIsInstance(answers[1], RejectedError)
        self.assertEqual(answers[0].details, answers[2].details)
        ((_name, text),) = self.out().items()
        self.assertEqual([s.split("*")[2] for s in self.told(text, {"W05"})],
                         ["WH/OUT/1", "WH/OUT/3"])  # fmt: skip
        with self.assertRaises(RejectedError):
            self.provider().send(orders[1], "release:WH/OUT/2")

    def test_what_was_never_shown_is_known_not_to_be_there(self):
        provider = self.provider()
        self.assertIsNone(provider.look_up(release(), KEY))
        failing = patch.object(Outbox, "_show", side_effect=TransientError("gone"))
        with failing, self.assertRaises(UnknownOutcomeError):
            provider.send(release(), KEY)
        self.assertEqual(self.out(), {})
        self.assertIsNone(provider.look_up(release(), KEY))
        self.assertEqual((self.names("sending"), len(self.names("withdrawn"))), ([], 1))
        number = provider.send(release(), KEY).details["control"]
        self.assertEqual(int(number), self.number())
        self.assertIsNotNone(provider.look_up(release(), KEY))
        self.assertEqual(self.names("withdrawn"), [])

    def test_what_was_shown_before_the_answer_was_lost_is_found(self):
        provider = self.provider()
        show = Outbox._show

        def lost(outbox, name):
            show(outbox, name)
            raise TransientError("The connection broke.")

        with patch.object(Outbox, "_show", lost), self.assertRaises(UnknownOutcomeError):
            provider.send(release(), KEY)
        before = self.out()
        self.assertEqual(len(before), 1)
        self.assertEqual(provider.look_up(release(), KEY).external_ids, ("WH/OUT/1",))
        self.assertEqual(provider.send(release(), KEY).external_ids, ("WH/OUT/1",))
        self.assertEqual(self.out(), before)

    def test_a_worker_that_was_taken_for_dead_does_not_show_it_later(self):
        provider, other = self.provider(), self.provider()
        show = Outbox._show

        def slow(outbox, name):
            self.assertIsNone(other.look_up(release(), KEY))
            show(outbox, name)

        with patch.object(Outbox, "_show", slow), self.assertRaises(UnknownOutcomeError):
            provider.send(release(), KEY)
        self.assertEqual(self.out(), {})

    def test_the_same_key_makes_the_same_file_again(self):
        provider = self.provider()
        failing = patch.object(Outbox, "_show", side_effect=TransientError("gone"))
        with failing, self.assertRaises(UnknownOutcomeError):
            provider.send(release(), KEY)
        (staged,) = (self.root / "drop" / "sending").iterdir()
        text = staged.read_text()
        self.now += timedelta(minutes=5)
        provider.send(release(), KEY)
        self.assertEqual(list(self.out().values()), [text])

    def test_no_two_keys_have_one_number(self):
        provider = self.provider()
        with patch("odoo.addons.retail_connector_3pl.providers.edi.control.HIGHEST", 5):
            found = {
                provider.send(release(f"O{n}"), f"release:O{n}").details["control"]
                for n in range(4)
            }
        self.assertEqual(len(found), 4)

    def test_a_change_is_written_with_all_of_the_order(self):
        provider = self.provider()
        provider.send(release(), KEY)
        self.take_out()
        provider.send(change(recipient=recipient(city="Dallas")), "change:1")
        ((_name, text),) = self.out().items()
        self.assertIn("W05*R*WH/OUT/1*#1001~", text)
        self.assertIn("N4*Dallas*TX*78701*US~", text)
        self.assertEqual(len(self.told(text, {"LX"})), 2)
        self.take_out()
        provider.send(change(request="REQ/3", lines=(line("1", "A", 1),)), "change:2")
        ((_name, text),) = self.out().items()
        self.assertIn("N4*Dallas*TX*78701*US~", text)
        self.assertEqual(self.told(text, {"W01"}), ["W01*1*EA**VN*A"])
        with self.assertRaisesRegex(RejectedError, "by hand"):
            provider.send(change("WH/OUT/9", lines=()), "change:3")

    def test_an_acceptance_is_an_acknowledgement(self):
        provider = self.provider()
        keys = [(release(f"O{n}"), f"release:O{n}") for n in (1, 2)]
        provider.send_many(keys)
        number = self.number()
        told = self.answers(ack(number, ("0001", "A"), ("0002", "R")), provider=provider)
        self.assertEqual(
            [(one.order_external_id, one.state) for one in told],
            [("O1", WarehouseOrderState.ACCEPTED), ("O2", WarehouseOrderState.REJECTED)],
        )
        self.assertTrue(told[1].reason)
        self.assertEqual((told[0].entity_key, told[0].external_id), ("order:O1", "O1"))
        self.assertEqual([n for n in self.out() if n.startswith("997")], [])

    def test_a_group_that_is_accepted_as_a_whole_accepts_each(self):
        provider = self.provider()
        provider.send_many([(release(f"O{n}"), f"release:O{n}") for n in (1, 2)])
        told = self.answers(f"997: AK1*OW*{self.number()}~ AK9*A*2*2*2~", provider=provider)
        self.assertEqual([one.order_external_id for one in told], ["O1", "O2"])

    def test_a_refused_interchange_refuses_what_is_in_it(self):
        provider = self.provider()
        provider.send(release(), KEY)
        text = mail(number=60, group="FA")
        note = f"TA1*{self.number():09}*260504*1200*R*024~\n"
        start, end = text.index("GS*"), text.index("IEA*")
        self.drop("ta1.edi", text[:start] + note + text[end:].replace("IEA*1", "IEA*0"))
        (message,) = self.fetched("warehouse_order", provider)
        told = parsed(provider, message)
        self.assertEqual((told.state, told.order_external_id),
                         (WarehouseOrderState.REJECTED, "WH/OUT/1"))  # fmt: skip

    def test_an_acknowledgement_that_was_cut_counts_when_it_comes_whole(self):
        provider = self.provider()
        provider.send(release(), KEY)
        whole = mail(ack(self.number(), ("0001", "A")), number=51, group="FA")
        self.drop("cut.edi", whole[: whole.index("AK5")])
        self.fetched("warehouse_order", provider)
        self.drop("whole.edi", whole)
        (message,) = self.fetched("warehouse_order", provider)
        self.assertIs(parsed(provider, message).state, WarehouseOrderState.ACCEPTED)

    def test_an_acknowledgement_of_nothing_is_shown(self):
        self.drop("a.edi", mail(ack(4711, ("0001", "A")), group="FA"))
        (message,) = self.fetched("warehouse_order")
        with self.assertRaisesRegex(MalformedPayloadError, "never sent"):
            parsed(self.provider(), message)

    def test_without_acknowledgements_what_is_written_is_accepted(self):
        provider = self.provider(acceptance="none", expect_hours="0")
        self.assertEqual(provider.send(release(), KEY).details["state"], "accepted")
        number = self.number()
        self.assertEqual(self.answers(ack(number, ("0001", "A")), provider=provider), [])
        self.assertNotIn("state", self.provider().send(release("O2"), "release:O2").details)

    def test_a_cancellation_is_answered_as_was_agreed(self):
        for mode, expected in (("person", []), ("acknowledgement", [True])):
            with self.subTest(mode=mode):
                self.take_out()
                provider = self.provider(cancellation=mode)
                provider.send(cancel(request=f"REQ/{mode}"), f"cancel:{mode}")
                told = self.answers(
                    ack(self.number(), ("0001", "A")), provider=provider, number=70 + len(mode)
                )
                self.assertEqual([a.accepted for one in told for a in one.answers], expected)
                for one in told:
                    self.assertIs(one.state, WarehouseOrderState.CANCELLED)

    def test_a_refused_cancellation_is_an_answer(self):
        provider = self.provider()
        provider.send(cancel(), "cancel:1")
        (told,) = self.answers(ack(self.number(), ("0001", "R")), provider=provider)
        (answer,) = told.answers
        self.assertEqual((answer.request_reference, answer.accepted), ("REQ/1", False))

    def test_a_refused_announcement_is_shown(self):
        provider = self.provider()
        command = AnnounceReceipt(reference="IN/1", location_external_id="MAIN", lines=())
        self.assertEqual(provider.send(command, "announce:1").external_ids, ("IN/1",))
        self.drop("a.edi", mail(ack(self.number(), ("0001", "R"), code="AR"), group="FA"))
        (message,) = self.fetched("warehouse_order", provider)
        with self.assertRaisesRegex(MalformedPayloadError, "IN/1"):
            provider.parse(message)

    def test_what_nobody_acknowledges_is_shown_until_somebody_does(self):
        provider = self.provider(expect_hours="4")
        provider.send(release(), KEY)
        number = self.number()
        self.assertEqual(self.fetched("warehouse_order", provider), [])
        self.now += timedelta(hours=5)
        with self.assertRaisesRegex(ConfigurationError, "not acknowledged"):
            self.fetched("warehouse_order", provider)
        self.assertEqual(self.fetched("shipment", provider), [])
        self.drop("a.edi", mail(ack(number, ("0001", "A")), group="FA"))
        self.assertEqual(len(self.fetched("warehouse_order", provider)), 1)

    def test_what_is_not_offered_is_said(self):
        with self.assertRaises(UnsupportedError):
            self.provider().send(TrackParcel(number="1Z"), "track:1")
        with self.assertRaises(UnsupportedError):
            self.fetched("tracking")

    def test_storage_that_fails_before_anything_is_shown_leaves_no_doubt(self):
        failing = patch.object(Store, "put", side_effect=OSError("disk"))
        with failing, self.assertRaises(TransientError) as caught:
            self.provider().send(release(), KEY)
        self.assertNotIsInstance(caught.exception, UnknownOutcomeError)


@tagged("post_install", "-at_install")
class TestEdiSftp(FolderMixin, BaseCase):
    """The same over a real SFTP server."""

    secrets = {"password": (PASSWORD,)}

    def setUp(self):
        super().setUp()
        self.open_folder()
        server = SftpServer(self.root)
        self.addCleanup(server.stop)
        self.url = f"sftp://{USER}@127.0.0.1:{server.port}/drop"
        self.settings = {**self.settings, "host_key": server.public_key}

    def test_a_release_goes_out_once_and_its_answers_come_in(self):
        provider = self.provider()
        result = provider.send(release(), KEY)
        self.assertEqual(provider.send(release(), KEY), result)
        ((name, _text),) = self.out().items()
        number = int(result.details["control"])
        self.drop("ack.edi", mail(ack(number, ("0001", "A")), group="FA"))
        self.drop("ship.edi", mail(shipped(), number=8))
        told = [parsed(provider, m) for m in self.fetched(provider=provider)]
        self.assertEqual([one.kind for one in told], ["warehouse_order", "shipment"])
        self.assertEqual(len(self.out()), 2)
        self.assertEqual(self.names("archive"), ["ack.edi", "ship.edi"])
        self.assertEqual(self.names("sent")[:1], [name])

    def test_what_was_never_shown_is_withdrawn(self):
        provider = self.provider()
        failing = patch.object(Outbox, "_show", side_effect=TransientError("gone"))
        with failing, self.assertRaises(UnknownOutcomeError):
            provider.send(release(), KEY)
        self.assertIsNone(provider.look_up(release(), KEY))
        self.assertEqual((self.out(), self.names("sending")), ({}, []))
        provider.send(release(), KEY)
        self.assertEqual(len(self.out()), 1)

    def test_two_polls_at_once_read_each_file_once(self):
        for number in range(12):
            self.drop(f"{number}.edi", mail(shipped(f"O{number}", f"B{number}"), number=number + 1))
        found = {"shipment": [], "receipt": []}

        def work(kind):
            found[kind] = self.fetched(kind)

        threads = [threading.Thread(target=work, args=(kind,)) for kind in found]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        keys = [m.entity_key for messages in found.values() for m in messages]
        self.assertEqual(sorted(keys), sorted(f"order:O{n}" for n in range(12)))
        self.assertEqual((self.names("in"), len(self.names("archive"))), ([], 12))


@tagged("post_install", "-at_install")
class TestEdiObjectStore(FolderMixin, BaseCase):
    """The same in a store that cannot rename: fsspec's memory stands for it."""

    def test_a_release_goes_out_once_and_its_answers_come_in(self):
        self.url, self.now = "memory://edi", NOW
        fs = fsspec.filesystem("memory")
        fs.store.clear()
        fs.makedirs("/edi/in", exist_ok=True)
        provider = self.provider()
        number = int(provider.send(release(), KEY).details["control"])
        self.assertIsNotNone(provider.look_up(release(), KEY))
        fs.pipe_file("/edi/in/a.edi", mail(ack(number, ("0001", "A")), group="FA").encode())
        fs.pipe_file("/edi/in/b.edi", mail(shipped(), number=8).encode())
        told = [parsed(provider, m) for m in self.fetched(provider=provider)]
        self.assertEqual({one.kind for one in told}, {"warehouse_order", "shipment"})
        self.assertEqual(len(fs.find("/edi/out")), 2)
        self.assertEqual((fs.find("/edi/in"), len(fs.find("/edi/archive"))), ([], 2))
