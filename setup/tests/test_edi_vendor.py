"""The adapter of X12 files and the simulated warehouse, over one folder."""

import shutil
from collections import Counter
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from random import Random

import pytest

import odoo.addons

from environment.paths import ROOT
from simulator_edi import CALM, WILD, FileWarehouse, Habits, read, write

if str(ROOT) not in odoo.addons.__path__:
    odoo.addons.__path__.append(str(ROOT))

from odoo.addons.retail_connector_3pl.providers.edi import X12Provider
from odoo.addons.retail_connector_base.canonical import (
    Address,
    AnnouncedLine,
    AnnounceReceipt,
    CancelRelease,
    Recipient,
    ReleaseLine,
    ReleaseOrder,
    WarehouseOrderState,
)
from odoo.addons.retail_connector_base.providers import (
    HttpClient,
    MalformedPayloadError,
    ProviderContext,
    StoredMessage,
)

START = datetime(2026, 5, 4, 8, 0, tzinfo=timezone.utc)
SEEDS = range(12)


class Partner:
    """Our side of a folder: what was read so far, the newest word of each entity."""

    def __init__(self, folder, monkeypatch, **settings):
        monkeypatch.setenv("RETAIL_CONNECTOR_FOLDERS", str(folder))
        (folder / "in").mkdir(parents=True, exist_ok=True)
        self.folder, self.now = folder, START
        self.settings = {
            "folder_url": f"file://{folder}", "sender_id": "RETAILER", "receiver_id": "WAREHOUSE",
            "settle": "0", "warehouse_codes": "MAIN", **settings,
        }  # fmt: skip
        self.events, self.told, self.unreadable = set(), {}, []

    @property
    def provider(self):
        context = ProviderContext(self.settings, {}, HttpClient(), lambda: self.now)
        return X12Provider(context)

    def read(self, kind="shipment"):
        """Poll once; messages that were stored before are no news."""
        self.now += timedelta(minutes=5)
        for page in self.provider.fetch(kind, ""):
            for message in page.messages:
                if message.event_id not in self.events:
                    self.events.add(message.event_id)
                    self._take(message)

    def _take(self, message):
        stored = StoredMessage(message.topic, message.kind, message.body, message.headers)
        try:
            told = self.provider.parse(stored)
        except MalformedPayloadError as error:
            self.unreadable.append(str(error))
            return
        key = (told.kind, told.external_id)
        if key not in self.told or told.version >= self.told[key].version:
            self.told[key] = told

    def of(self, kind):
        """Return what was told of a kind."""
        return [told for (found, _id), told in self.told.items() if found == kind]


def order(number, random):
    """Return a release of a few lines."""
    skus = random.sample("ABCDE", random.randint(1, 3))
    address = Address(name=f"Customer {number}", street="Main Street 1", city="Austin", zip="78701",
                      province_code="TX", country_code="US")  # fmt: skip
    return ReleaseOrder(
        order_external_id=f"WH/OUT/{number:05}",
        location_external_id="MAIN",
        order_name=f"#{number}",
        recipient=Recipient(address=address),
        lines=tuple(
            ReleaseLine(external_id=str(index), sku=sku, name=f"Product {sku}",
                        quantity=Decimal(random.randint(1, 4)))
            for index, sku in enumerate(skus, 1)
        ),
    )  # fmt: skip


def house(folder, seed, habits, stock=60):
    """Return a warehouse with some of everything."""
    return FileWarehouse(folder, seed, habits, {sku: stock for sku in "ABCDE"}, now=START)


def trade(partner, warehouse, seed, count=8, turns=6):
    """Release orders, announce and receive goods, count; then let everything come to rest."""
    random = Random(seed)
    numbers = iter(range(1, 1000))
    for turn in range(turns):
        orders = [order(next(numbers), random) for _n in range(random.randint(0, count // 3))]
        if orders:
            partner.provider.send_many([(o, f"release:{o.order_external_id}") for o in orders])
        if turn == 2:
            warehouse.arrive("WH/IN/1", {"A": 5, "B": 3}, damaged={"A": 1}, missing={"B": 2})
        warehouse.work()
        partner.read()
    for _turn in range(12):
        warehouse.work()
        partner.read()
    assert warehouse.post.is_quiet


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("habits", [CALM, WILD], ids=["calm", "wild"])
def test_what_left_is_what_was_told_whatever_happens(tmp_path, monkeypatch, seed, habits):
    partner, warehouse = Partner(tmp_path, monkeypatch), house(tmp_path, seed, habits)
    trade(partner, warehouse, seed)
    told = {
        (s.order_external_id, s.name): Counter({n.sku: n.quantity for n in s.lines if n.quantity})
        for s in partner.of("shipment")
    }
    expected = {
        (reference, number): Counter(left)
        for reference, number, left in warehouse.truth.shipments
        if left or (reference, number) in told
    }
    assert told == expected
    if habits is CALM:
        assert partner.unreadable == []


@pytest.mark.parametrize("seed", SEEDS)
def test_every_release_is_answered_once_it_is_known(tmp_path, monkeypatch, seed):
    partner, warehouse = Partner(tmp_path, monkeypatch), house(tmp_path, seed, WILD)
    trade(partner, warehouse, seed)
    states = {told.order_external_id: told.state for told in partner.of("warehouse_order")}
    taken = set(warehouse.truth.orders)
    for reference, state in states.items():
        assert (state is WarehouseOrderState.REJECTED) == (reference not in taken), reference
    assert taken <= set(states)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_came_in_and_what_lies_there_come_over_whole(tmp_path, monkeypatch, seed):
    partner, warehouse = Partner(tmp_path, monkeypatch), house(tmp_path, seed, WILD)
    trade(partner, warehouse, seed)
    (receipt,) = partner.of("receipt")
    units = Counter()
    for line in receipt.lines:
        units[line.sku] += line.quantity
    assert units == Counter({"A": 5, "B": 3})
    assert receipt.announcement_reference == "WH/IN/1"
    warehouse.count()
    warehouse.settle()
    for _turn in range(5):
        warehouse.work()
        partner.read("stock_snapshot")
    newest = max(partner.of("stock_snapshot"), key=lambda s: s.taken_at)
    counted = {line.sku: line.on_hand for line in newest.lines}
    assert counted == dict(warehouse.truth.on_hand)


@pytest.mark.parametrize("seed", SEEDS)
def test_each_interchange_is_acknowledged_and_refusals_are_resent(tmp_path, monkeypatch, seed):
    partner, warehouse = Partner(tmp_path, monkeypatch), house(tmp_path, seed, WILD)
    trade(partner, warehouse, seed)
    verdicts = Counter(warehouse.truth.acknowledged.values())
    assert verdicts["A"]
    assert bool(verdicts["R"]) <= bool(partner.unreadable)
    left = list((tmp_path / "in").glob("*"))
    assert left == []


def test_an_announcement_reaches_the_warehouse(tmp_path, monkeypatch):
    partner, warehouse = Partner(tmp_path, monkeypatch), house(tmp_path, 1, CALM)
    line = AnnouncedLine(external_id="1", sku="A", name="A", quantity=Decimal(5))
    command = AnnounceReceipt(reference="IN/1", location_external_id="MAIN", lines=(line,))
    partner.provider.send(command, "announce:1")
    warehouse.work()
    partner.read()
    assert warehouse.truth.announced == {"IN/1": {"A": Decimal(5)}}
    assert partner.unreadable == []


def test_a_cancellation_is_taken_or_refused(tmp_path, monkeypatch):
    partner = Partner(tmp_path, monkeypatch, cancellation="acknowledgement")
    warehouse = house(tmp_path, 1, CALM)
    orders = [order(n, Random(n)) for n in (1, 2)]
    partner.provider.send_many([(o, o.order_external_id) for o in orders])
    warehouse.work(ship=False)
    partner.provider.send(_cancel(orders[0], "R1"), "cancel:1")
    warehouse.work()
    partner.provider.send(_cancel(orders[1], "R2"), "cancel:2")
    warehouse.work()
    partner.read()
    answers = {
        a.request_reference: a.accepted for t in partner.of("warehouse_order") for a in t.answers
    }
    assert answers == {"R1": True, "R2": False}
    assert warehouse.truth.orders[orders[0].order_external_id].state == "cancelled"


def _cancel(release, request):
    return CancelRelease(order_external_id=release.order_external_id, request_reference=request,
                         location_external_id="MAIN")  # fmt: skip


def test_a_resent_file_is_one_order_there(tmp_path, monkeypatch):
    partner, warehouse = Partner(tmp_path, monkeypatch), house(tmp_path, 1, CALM)
    partner.provider.send(order(1, Random(1)), "release:1")
    (path,) = (tmp_path / "out").glob("*")
    shutil.copy(path, tmp_path / "copy.edi")
    warehouse.work()
    shutil.copy(tmp_path / "copy.edi", path)
    warehouse.work()
    assert len(warehouse.truth.shipments) == 1


def test_the_same_seed_makes_the_same_story(tmp_path, monkeypatch):
    stories = []
    for name in ("one", "two"):
        folder = tmp_path / name
        partner, warehouse = Partner(folder, monkeypatch), house(folder, 5, WILD)
        trade(partner, warehouse, 5)
        stories.append((warehouse.truth.shipments, sorted(partner.told), partner.unreadable))
    assert stories[0] == stories[1]


def test_the_simulators_own_x12_is_strict():
    text = write(1, START, "A", "B", [("SW", [("945", [["W06", "F", "O1"]])])])
    mail = read(text)
    assert (mail.number, mail.sender, mail.groups[0][2][0][0]) == ("000000001", "A", "945")
    for old, new in (("\nSE*3", "\nSE*4"), ("\nGE*1", "\nGE*2"), ("\nIEA*1", "\nIEA*2")):
        with pytest.raises(ValueError, match="does not fit"):
            read(text.replace(old, new))
    assert Habits().duplicate == 0
