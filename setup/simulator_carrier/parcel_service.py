"""EasyPost's API as far as parcels and labels go. Source: docs.easypost.com/docs."""

import base64
import hashlib
import hmac
import json
import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from simulator_common import Call, Refusal

from .service import PDF, Route, Row, Service, text_of

SERVICES = (("USPS", "GroundAdvantage", "8.20"), ("USPS", "Priority", "11.01"),
            ("FedEx", "FEDEX_GROUND", "12.50"))  # fmt: skip
ONE = r"/([^/]+)"


class ParcelService(Service):
    """One account. Shipments, trackers and webhooks by their ids."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.shipments: dict[str, Row] = {}
        self.trackers: dict[str, Row] = {}
        super().__init__(*args, **options)

    def routes(self) -> Iterator[Route]:
        """Override."""
        yield "GET", "/v2/users", lambda call: {"id": "user_1", "name": "Simulated", "email": None}
        yield "POST", "/v2/shipments", self._make
        yield "GET", "/v2/shipments", self._list
        yield "GET", f"/v2/shipments{ONE}", lambda call, name: self._shipment(name)
        yield "POST", f"/v2/shipments{ONE}/buy", self._buy
        yield "POST", "/v2/trackers", self._follow
        yield "GET", "/v2/trackers", self._list_trackers
        yield "GET", f"/v2/trackers{ONE}", lambda call, name: self._one(self.trackers, name)
        yield "GET", "/v2/webhooks", lambda call: {"webhooks": [self._hook(n) for n in self.hooks]}
        yield "POST", "/v2/webhooks", self._make_hook
        yield "PATCH", f"/v2/webhooks{ONE}", self._change_hook
        yield "DELETE", f"/v2/webhooks{ONE}", lambda call, name: self.hooks.pop(name) and {}
        yield "GET", f"/files{ONE}", lambda call, name: PDF

    def refusal(self, status: int, text: str) -> Refusal:
        """Override."""
        code = {401: "APIKEY.INACTIVE", 404: "NOT_FOUND", 429: "RATE_LIMITED"}
        name = code.get(status, "PARAMETER.INVALID")
        return Refusal(status, {"error": {"code": name, "message": text, "errors": []}})

    def is_authentic(self, call: Call) -> bool:
        """Override: HTTP Basic, the key as user."""
        wanted = base64.b64encode(f"{self.key}:".encode()).decode()
        return call.headers.get("authorization") == f"Basic {wanted}"

    def signed(self, secret: str, url: str, body: bytes) -> Mapping[str, str]:
        """Override."""
        key = unicodedata.normalize("NFKD", secret).encode()
        digest = hmac.new(key, body, hashlib.sha256).hexdigest()
        return {"X-Hmac-Signature": f"hmac-sha256-hex={digest}"}

    # Labels

    def _make(self, call: Call) -> Row:
        wanted = (call.body or {}).get("shipment") or {}
        for name in ("from_address", "to_address", "parcel"):
            if not wanted.get(name):
                raise self.refusal(422, f"{name} is missing.")
        if not float(wanted["parcel"].get("weight") or 0) > 0:
            raise self.refusal(422, "The parcel weighs nothing.")
        number, moment = self.next_id("shp_"), text_of(self.now())
        rates = [
            {"id": self.next_id("rate_"), "object": "Rate", "carrier": carrier, "service": service,
             "rate": price, "currency": "USD", "shipment_id": number}
            for carrier, service, price in SERVICES
        ]  # fmt: skip
        row = {
            "id": number, "object": "Shipment", "mode": "test", "created_at": moment,
            "updated_at": moment, "reference": wanted.get("reference"), "rates": rates,
            "selected_rate": None, "postage_label": None, "tracking_code": None, "tracker": None,
            "status": "unknown", "messages": [],
            **{key: wanted[key] for key in ("from_address", "to_address", "parcel")},
        }  # fmt: skip
        self.shipments[number] = row
        return row

    def _shipment(self, name: str) -> Row:
        """Return a shipment by its id, or the newest of our reference."""
        named = [row for row in self.shipments.values() if row["reference"] == name]
        return self._one(self.shipments, named[-1]["id"] if named else name)

    def _buy(self, call: Call, name: str) -> Row:
        row = self._shipment(name)
        if row["postage_label"]:
            raise self.refusal(422, "The label of this shipment was bought before.")
        wanted = ((call.body or {}).get("rate") or {}).get("id")
        rates = {rate["id"]: rate for rate in row["rates"]}
        if wanted not in rates:
            raise self.refusal(422, "There is no such rate.")
        number, rate = self.next_number(), rates[wanted]
        link = f"{self.base_url}/files/{row['id']}.pdf"
        label = {"id": self.next_id("pl_"), "object": "PostageLabel", "label_url": link,
                 "label_pdf_url": link, "label_file_type": "application/pdf"}  # fmt: skip
        self.note_label(row["reference"], number)
        tracker = self._tracker(number, rate["carrier"])
        row |= {"selected_rate": rate, "postage_label": label, "tracking_code": number,
                "tracker": tracker, "updated_at": text_of(self.now())}  # fmt: skip
        return row

    def _list(self, call: Call) -> Row:
        rows = [row for row in self.shipments.values()
                if call.query.get("purchased") != "true" or row["postage_label"]]  # fmt: skip
        return self._page("shipments", rows, call)

    @property
    def spent(self) -> Decimal:
        """What all labels cost together."""
        bought = [row["selected_rate"] for row in self.shipments.values() if row["selected_rate"]]
        return sum((Decimal(rate["rate"]) for rate in bought), Decimal(0))

    # Parcels

    def book(self, name: str, carrier: str = "USPS") -> str:
        """Return the number of a parcel whose label was bought elsewhere."""
        with self.lock:
            number = self.next_number()
            self.parcels[number] = []
        return number

    def _follow(self, call: Call) -> Row:
        wanted = (call.body or {}).get("tracker") or {}
        if not wanted.get("tracking_code"):
            raise self.refusal(422, "tracking_code is missing.")
        return self._tracker(wanted["tracking_code"], wanted.get("carrier") or "USPS")

    def _tracker(self, number: str, carrier: str) -> Row:
        for row in self.trackers.values():
            if (row["tracking_code"], row["carrier"]) == (number, carrier):
                return row
        moment = text_of(self.now())
        row = {"id": self.next_id("trk_"), "object": "Tracker", "mode": "test",
               "tracking_code": number, "carrier": carrier, "status": "unknown",
               "status_detail": "unknown", "created_at": moment, "updated_at": moment,
               "signed_by": None, "est_delivery_date": None, "tracking_details": [],
               "public_url": f"https://track.easypost.com/{number}"}  # fmt: skip
        self.trackers[row["id"]] = row
        self._event("tracker.created", row)
        return row

    def tell(self, number: str) -> None:
        """Override."""
        for row in self.trackers.values():
            if row["tracking_code"] == number:
                steps = self.parcels[number]
                row |= {"status": steps[-1]["state"], "updated_at": text_of(self.now()),
                        "tracking_details": [_detail(step) for step in steps]}  # fmt: skip
                self._event("tracker.updated", row)

    def _event(self, name: str, shown: Row) -> None:
        number = self.next_id("evt_")
        event = {"id": number, "object": "Event", "description": name, "mode": "test",
                 "previous_attributes": {}, "created_at": text_of(self.now()), "status": "pending",
                 "pending_urls": [], "completed_urls": [], "result": shown}  # fmt: skip
        self.events[number] = json.dumps(event).encode()

    def _list_trackers(self, call: Call) -> Row:
        code, since = call.query.get("tracking_code"), call.query.get("start_datetime", "")
        rows = [
            row
            for row in self.trackers.values()
            if (not code or row["tracking_code"] == code) and row["created_at"] >= since
        ]
        return self._page("trackers", rows, call)  # fmt: skip

    # Lists and webhooks

    def _page(self, key: str, rows: list[Row], call: Call) -> Row:
        newest = rows[::-1]
        before, size = call.query.get("before_id"), int(call.query.get("page_size", 20))
        if before:
            places = [place for place, row in enumerate(newest) if row["id"] == before]
            newest = newest[places[0] + 1 :] if places else []
        return {key: newest[:size], "has_more": len(newest) > size}

    def _one(self, rows: Mapping[str, Row], name: str) -> Row:
        if name not in rows:
            raise self.refusal(404, "The requested resource could not be found.")
        return rows[name]

    def _make_hook(self, call: Call) -> Row:
        wanted = (call.body or {}).get("webhook") or {}
        if not wanted.get("url"):
            raise self.refusal(422, "url is missing.")
        number = self.next_id("hook_")
        self.hooks[number] = {"url": wanted["url"], "secret": wanted.get("webhook_secret", "")}
        self.sender.skip(number, self.events)
        return self._hook(number)

    def _change_hook(self, call: Call, number: str) -> Row:
        self._one(self.hooks, number)["secret"] = (call.body or {}).get("webhook_secret", "")
        return self._hook(number)

    def _hook(self, number: str) -> Row:
        """Return a webhook as it is shown: without its secret."""
        return {"id": number, "object": "Webhook", "mode": "test", "disabled_at": None,
                "url": self.hooks[number]["url"]}  # fmt: skip


def _detail(step: Row) -> Row:
    return {"object": "TrackingDetail", "message": step["text"], "status": step["state"],
            "status_detail": "unknown", "datetime": text_of(step["at"]),
            "tracking_location": {"city": step["place"], "state": None, "country": "US",
                                  "zip": None}}  # fmt: skip
