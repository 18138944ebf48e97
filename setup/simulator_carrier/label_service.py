"""ShipStation's API as far as parcels and labels go. Source: the OpenAPI specifications."""

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from simulator_common import Call, Refusal

from .service import PDF, Route, Row, Service, text_of

CARRIER = "se-123"
KEY_ID = "key-1"
PRICES = {"usps_ground_advantage": 8.2, "usps_priority_mail": 11.01}
ONE = r"/([^/]+)"


class LabelService(Service):
    """One account of the API, ``version`` v1 or v2. Shipments and labels by their ids."""

    def __init__(self, *args: Any, version: str = "v1", **options: Any) -> None:
        self.version = version
        self.shipments: dict[str, Row] = {}
        self.bought: dict[str, Row] = {}
        self.followed: dict[str, str] = {}
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._forger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        super().__init__(*args, **options)

    def routes(self) -> Iterator[Route]:
        """Override."""
        at = f"/{self.version}"
        hooks = f"{at}/environment/webhooks"
        yield "GET", "/jwks", lambda call: {"keys": [self._public()]}
        yield "GET", f"/files{ONE}", lambda call, name: PDF
        yield (
            "GET",
            f"{at}/carriers",
            lambda call: {
                "carriers": [
                    {"carrier_id": CARRIER, "carrier_code": "usps", "friendly_name": "USPS"}
                ]
            },
        )
        yield "POST", f"{at}/shipments", self._make
        yield "GET", f"{at}/shipments/external_shipment_id{ONE}", self._shipment
        yield "POST", f"{at}/labels/shipment{ONE}", self._buy
        yield "POST", f"{at}/labels", self._buy_at_once
        yield "GET", f"{at}/labels", self._list
        yield "GET", f"{at}/labels{ONE}/track", self._track
        yield "GET", hooks, lambda call: [self._hook(n) for n in self.hooks]
        yield "POST", hooks, self._make_hook
        yield "DELETE", f"{hooks}{ONE}", lambda call, name: self.hooks.pop(name) and {}
        if self.version == "v1":
            yield "POST", "/v1/tracking/start", self._follow

    def refusal(self, status: int, text: str) -> Refusal:
        """Override."""
        code = {401: "unauthorized", 429: "rate_limit_exceeded", 404: "invalid_identifier"}
        error = {
            "error_source": "shipengine",
            "error_type": "validation",
            "error_code": code.get(status, "invalid_field_value"),
            "message": text,
        }
        return Refusal(status, {"request_id": "00000000-0000-0000-0000-000000000000",
                                "errors": [error]})  # fmt: skip

    def is_authentic(self, call: Call) -> bool:
        """Override."""
        return call.headers.get("api-key") == self.key

    def signed(self, secret: str, url: str, body: bytes) -> Mapping[str, str]:
        """Override: the secret only tells the forger, who has none of it."""
        key = self._forger if secret == "no secret" else self._key
        when = text_of(self.clock())
        signature = key.sign(when.encode() + b"." + body, PKCS1v15(), SHA256())
        return {
            "X-ShipEngine-RSA-SHA256-Key-Id": KEY_ID,
            "X-ShipEngine-RSA-SHA256-Signature": base64.b64encode(signature).decode(),
            "X-ShipEngine-Timestamp": when,
        }

    def _public(self) -> Row:
        numbers = self._key.public_key().public_numbers()
        return {"kty": "RSA", "use": "sig", "kid": KEY_ID, "alg": "RS256",
                "e": _text(numbers.e), "n": _text(numbers.n)}  # fmt: skip

    # Labels

    def _make(self, call: Call) -> Row:
        if self.version != "v1":
            raise self.refusal(400, "Buy the label together with its shipment.")
        made = [self._made(wanted) for wanted in (call.body or {}).get("shipments") or ()]
        if not made:
            raise self.refusal(400, "No shipment.")
        return {"has_errors": False, "shipments": made}

    def _made(self, wanted: Row) -> Row:
        if any(row["external_shipment_id"] == wanted.get("external_shipment_id")
               for row in self.shipments.values()):  # fmt: skip
            raise self.refusal(400, "external_shipment_id is taken.")
        if wanted.get("service_code") not in PRICES:
            raise self.refusal(400, "There is no such service.")
        number, moment = self._id(), text_of(self.now())
        self.shipments[number] = {
            **wanted,
            "shipment_id": number,
            "created_at": moment,
            "modified_at": moment,
            "shipment_status": "pending",
        }
        return self.shipments[number]

    def _buy_at_once(self, call: Call) -> Row:
        return self._buy(call, self._made((call.body or {}).get("shipment") or {})["shipment_id"])

    def _id(self) -> str:
        return f"se-{len(self.shipments) + len(self.bought) + 1}"

    def _shipment(self, call: Call, reference: str) -> Row:
        for row in self.shipments.values():
            if row["external_shipment_id"] == reference:
                return row
        raise self.refusal(404, "There is no such shipment.")

    def _buy(self, call: Call, number: str) -> Row:
        if number not in self.shipments:
            raise self.refusal(404, "There is no such shipment.")
        shipment, parcel, label = self.shipments[number], self.next_number(), self._id()
        link = f"{self.base_url}/files/{label}.pdf"
        self.bought[label] = {
            "label_id": label, "status": "completed", "shipment_id": number, "voided": False,
            "external_shipment_id": shipment["external_shipment_id"], "trackable": True,
            "created_at": text_of(self.now()), "tracking_number": parcel, "carrier_code": "usps",
            "carrier_id": CARRIER, "service_code": shipment["service_code"],
            "tracking_status": "in_transit",
            "shipment_cost": {"currency": "usd", "amount": PRICES[shipment["service_code"]]},
            "label_download": {"pdf": link, "href": link},
        }  # fmt: skip
        self.note_label(shipment["external_shipment_id"], parcel)
        return self.bought[label]

    def _list(self, call: Call) -> Row:
        query = call.query
        rows = [
            row for row in self.bought.values()
            if all(row[name] == query[name] for name in ("shipment_id", "tracking_number")
                   if name in query) and row["created_at"] >= query.get("created_at_start", "")
        ]  # fmt: skip
        size, page = int(query.get("page_size", 25)), int(query.get("page", 1))
        pages = -(-len(rows) // size)
        return {"labels": rows[(page - 1) * size:page * size], "total": len(rows), "page": page,
                "pages": pages, "links": {}}  # fmt: skip

    # Parcels

    def book(self, name: str, carrier: str = "usps") -> str:
        """Return the number of a parcel whose label was bought elsewhere."""
        with self.lock:
            number = self.next_number()
            self.parcels[number] = []
        return number

    def _follow(self, call: Call) -> Row:
        if not (call.query.get("carrier_code") and call.query.get("tracking_number")):
            raise self.refusal(400, "carrier_code and tracking_number are wanted.")
        self.followed[call.query["tracking_number"]] = call.query["carrier_code"]
        return {}

    def _track(self, call: Call, label: str) -> Row:
        if label not in self.bought:
            raise self.refusal(404, "There is no such label.")
        return self._told(self.bought[label]["tracking_number"])

    def tell(self, number: str) -> None:
        """Override."""
        for row in self.bought.values():
            if row["tracking_number"] == number:
                arrived = self.parcels[number][-1]["state"] == "DE"
                row["tracking_status"] = "delivered" if arrived else "in_transit"
        known = number in self.followed or any(
            row["tracking_number"] == number for row in self.bought.values()
        )
        if known:
            name = "API_TRACK" if self.version == "v1" else "TRACK_EVENT_V2"
            event = {"resource_url": f"{self.base_url}/{self.version}/tracking",
                     "resource_type": name, "data": self._told(number)}  # fmt: skip
            self.events[self.next_id("event-")] = json.dumps(event).encode()

    def _told(self, number: str) -> Row:
        steps = self.parcels[number]
        return {
            "tracking_number": number, "tracking_url": f"https://example.com/{number}",
            "status_code": steps[-1]["state"] if steps else "NY", "carrier_code": "usps",
            "carrier_status_code": "X", "status_description": "Simulated",
            "ship_date": None, "estimated_delivery_date": None, "actual_delivery_date": None,
            "exception_description": None, "events": [_event(step) for step in steps[::-1]],
        }  # fmt: skip

    # Webhooks

    def _make_hook(self, call: Call) -> Row:
        wanted = call.body or {}
        if wanted.get("event") != "track" or not wanted.get("url"):
            raise self.refusal(400, "event and url are wanted.")
        if self.hooks:
            raise self.refusal(409, "This event has an address.")
        number = self._id()
        self.hooks[number] = {"url": wanted["url"]}
        self.sender.skip(number, self.events)
        return self._hook(number)

    def _hook(self, number: str) -> Row:
        return {"webhook_id": number, "event": "track", "url": self.hooks[number]["url"]}


def _event(step: Row) -> Row:
    moment = text_of(step["at"])
    return {"occurred_at": moment, "carrier_occurred_at": moment, "city_locality": step["place"],
            "state_province": "", "postal_code": "", "country_code": "US", "company_name": "",
            "carrier_detail_code": None, "status_code": step["state"], "event_code": "X",
            "status_description": "Simulated", "carrier_status_code": "X",
            "carrier_status_description": step["text"], "signer": ""}  # fmt: skip


def _text(number: int) -> str:
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
