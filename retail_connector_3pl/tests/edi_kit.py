"""What tests of the file-based warehouses share: a folder, and sets written by hand."""

import os
import re
import shutil
import tempfile
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

from odoo.addons.retail_connector_base.canonical import (
    Address,
    CancelRelease,
    ChangeRelease,
    Recipient,
    ReleaseLine,
    ReleaseOrder,
)
from odoo.addons.retail_connector_base.providers import (
    HttpClient,
    ProviderContext,
    StoredMessage,
)

from ..providers.edi import X12Provider
from ..providers.edi.content import Content
from ..providers.edi.profile import profile_of
from ..providers.edi.reading import Envelope, SetReader
from ..providers.edi.wire import Interchange, interchanges

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=timezone.utc)
SETTINGS = {"sender_id": "RETAILER", "receiver_id": "WAREHOUSE", "settle": "0",
            "warehouse_codes": "MAIN"}  # fmt: skip
ENVELOPE = Envelope("ZZ:WAREHOUSE", "ZZ:RETAILER", "7", "1", "0001", NOW)


def contracts_root() -> Path | None:
    """Return the folder of the published X12 samples, ``None`` where it is absent."""
    default = Path(__file__).resolve().parents[3] / "shared" / "contracts"
    root = Path(os.environ.get("RETAIL_CONTRACTS") or default) / "3pl" / "edi_x12"
    return root if root.is_dir() else None


def sample(name: str) -> bytes:
    """Return the bytes of a published sample."""
    return (contracts_root() / name).read_bytes()


def interchange_of(text: str) -> Interchange:
    """Return the one interchange of a text."""
    (found,) = interchanges(text)
    assert isinstance(found, Interchange), found
    return found


def mail(
    *sets: str,
    number: int = 7,
    group: str = "SW",
    sender: str = "WAREHOUSE",
    receiver: str = "RETAILER",
    usage: str = "P",
    at: str = "20260504*1130",
) -> str:
    """Return an interchange around sets; each is “945: SEG*…~SEG*…” without ST and SE."""
    day, clock = at.split("*")
    parties = f"ZZ*{sender:15}*ZZ*{receiver:15}"
    moment = f"{day[2:]}*{clock}"
    out = [f"ISA*00*{'':10}*00*{'':10}*{parties}*{moment}*U*00401*{number:09}*0*{usage}*>"]
    out.append(f"GS*{group}*{sender}*{receiver}*{day}*{clock}*{number}*X*004010")
    for index, each in enumerate(sets, 1):
        code, _colon, body = each.partition(":")
        segments = [part.strip() for part in body.split("~") if part.strip()]
        out += [f"ST*{code}*{index:04}", *segments, f"SE*{len(segments) + 2}*{index:04}"]
    out += [f"GE*{len(sets)}*{number}", f"IEA*1*{number:09}"]
    return "~\n".join(out) + "~\n"


def shipped(order: str = "WH/OUT/1", number: str = "BOL1", quantity: int = 2, **values: str) -> str:
    """Return a 945 in one line."""
    status = values.get("status", "CC")
    return (
        f"945: W06*F*{order}*20260504*{number}~ W27*M*UPSN~ LX*1~ MAN*CP*1Z{number}~ "
        f"W12*{status}*{quantity}*{quantity}*0*EA**VN*A~ N9*LI*1~"
    )


def reader_of(text: str, **settings: str) -> SetReader:
    """Return a reader of the first set of an interchange, or of a set written as in ``mail``."""
    text = text if text.startswith("ISA") else mail(text)
    raw = interchange_of(text).groups[0].sets[0]
    return SetReader(raw, ENVELOPE, profile_of({**SETTINGS, **settings}))


def content_of(text: str) -> Content:
    """Return a set, written as in ``mail``, as a message would hold it."""
    return Content(ENVELOPE, interchange_of(mail(text)).groups[0].sets[0])


def release(reference: str = "WH/OUT/1", **values) -> ReleaseOrder:
    """Return a release of two lines."""
    defaults = {
        "order_external_id": reference,
        "location_external_id": "MAIN",
        "order_name": "#1001",
        "recipient": recipient(),
        "lines": (line("1", "A", 2), line("2", "B", "1.5", unit="KG")),
        "ship_by": datetime(2026, 5, 6, 12, tzinfo=timezone.utc),
    }
    return ReleaseOrder(**{**defaults, **values})


def line(external_id: str, sku: str, quantity, **values) -> ReleaseLine:
    """Return a line of a release."""
    told = {"name": f"Product {sku}", "quantity": Decimal(str(quantity)), **values}
    return ReleaseLine(external_id=external_id, sku=sku, **told)


def recipient(**values) -> Recipient:
    """Return somebody with an address."""
    address = {
        "name": "Ada Lovelace",
        "street": "Main Street 1",
        "city": "Austin",
        "zip": "78701",
        "province_code": "TX",
        "country_code": "US",
        **values,
    }
    return Recipient(address=Address(**address), email="ada@example.com", phone="+15125550100")


def cancel(reference: str = "WH/OUT/1", request: str = "REQ/1") -> CancelRelease:
    """Return a cancellation."""
    return CancelRelease(
        order_external_id=reference, request_reference=request, location_external_id="MAIN"
    )


def change(reference: str = "WH/OUT/1", request: str = "REQ/2", **values) -> ChangeRelease:
    """Return a change."""
    return ChangeRelease(
        order_external_id=reference,
        request_reference=request,
        location_external_id="MAIN",
        **values,
    )


def parsed(provider, message):
    """Return what a provider reads of a message; its place in the queues must be the same."""
    stored = StoredMessage(message.topic, message.kind, message.body, message.headers)
    found = provider.parse(stored)
    assert (found.kind, found.entity_key) == (message.kind, message.entity_key)
    return found


def messages_of(pages) -> list:
    """Return all messages of some pages."""
    return [message for page in pages for message in page.messages]


class FolderMixin:
    """A folder that a warehouse and we share: its files in ``in``, ours in ``out``."""

    settings, secrets = SETTINGS, {}
    provider_class = X12Provider

    def open_folder(self):
        """Make the folder; it goes with the test."""
        self.root = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)
        patcher = patch.dict(os.environ, {"RETAIL_CONNECTOR_FOLDERS": str(self.root)})
        patcher.start()
        self.addCleanup(patcher.stop)
        (self.root / "drop" / "in").mkdir(parents=True)
        self.url, self.now = f"file://{self.root}/drop", NOW

    def provider(self, **settings):
        """Return the provider of the folder."""
        values = {"folder_url": self.url, **self.settings, **settings}
        context = ProviderContext(values, self.secrets, HttpClient(), lambda: self.now)
        return self.provider_class(context)

    def drop(self, name, text):
        """Put a file where the warehouse puts its files."""
        data = text.encode() if isinstance(text, str) else text
        (self.root / "drop" / "in" / name).write_bytes(data)

    def fetched(self, kind="shipment", provider=None, cursor=""):
        """Return the messages of one poll."""
        return messages_of((provider or self.provider()).fetch(kind, cursor))

    def names(self, folder):
        """Return the names of all files below a folder, without what we put before them."""
        base = self.root / "drop" / folder
        found = [path.name for path in base.rglob("*") if path.is_file()]
        return sorted(re.sub(r"^\d{8}T\d{6}-\d{9}-[0-9a-f]{8}-", "", name) for name in found)

    def out(self):
        """Return the texts of our files that lie there, by their names."""
        base = self.root / "drop" / "out"
        return {path.name: path.read_text() for path in sorted(base.glob("*"))}

    def take_out(self):
        """Take our files away, as the warehouse does."""
        for path in (self.root / "drop" / "out").glob("*"):
            path.unlink()

    def told(self, text, sets=None):
        """Return the segments of a text, those of some names only."""
        found = [part.strip() for part in text.split("~") if part.strip()]
        return [s for s in found if sets is None or s.split("*")[0] in sets]
