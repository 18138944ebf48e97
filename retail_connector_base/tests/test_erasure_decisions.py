import unittest
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ..canonical import (
    Address,
    Customer,
    MoneySet,
    Order,
    OrderLine,
    PayableMoneySet,
    PaymentState,
    Refund,
    version_of,
)
from ..canonical.privacy_request import PrivacyRequest
from ..decisions.erasure import (
    Erased,
    Trace,
    Treatment,
    digest,
    normal_email,
    normal_phone,
    said,
    stripped,
    traces,
    treat,
)

ERASED_AT = datetime(2026, 6, 1, tzinfo=timezone.utc)
MARK = Erased(version_of(ERASED_AT))
CANARY = "CANARY"
# Inputs are large, and the machine may be busy.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def canary(**values):
    """Return a text that must not survive."""
    return st.text('abcé "\\/', max_size=8).map(lambda text: CANARY + text)


addresses = st.builds(
    Address,
    **{
        name: canary()
        for name in ("name", "company", "street", "street2", "city", "zip", "province", "phone")
    },
    country_code=st.sampled_from(["DE", "FR", None]),
)
customers = st.builds(
    Customer,
    external_id=st.sampled_from(["C1", "C2"]),
    email=canary().map(lambda text: f"{text}@example.com"),
    phone=canary(),
    first_name=canary(),
    last_name=canary(),
    note=canary(),
    company=canary(),
    default_address=st.none() | addresses,
    tags=st.lists(canary(), max_size=2).map(tuple),
    updated_at=st.datetimes(timezones=st.just(timezone.utc)),
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(timezone.utc))


def line():
    """Return a line of an order whose note names a person."""
    amount = MoneySet.single(Decimal(1), "EUR")
    return OrderLine(
        external_id="L", title="Thing", ordered_quantity=1, quantity=1, unit_price=amount,
        discount=amount, note=f"for {CANARY}",
    )  # fmt: skip


@st.composite
def orders(draw):
    """Return an order of a known or unknown person."""
    total = PayableMoneySet.single(Decimal(1), "EUR")
    placed = draw(moments)
    return Order(
        external_id="O1",
        name="#1",
        placed_at=placed,
        updated_at=placed + timedelta(days=draw(st.integers(0, 400))),
        local_date=placed.date(),
        currency="EUR",
        presentment_currency="EUR",
        taxes_included=False,
        customer=draw(st.none() | customers),
        email=draw(canary()) + "@example.com",
        phone=draw(canary()),
        billing_address=draw(st.none() | addresses),
        shipping_address=draw(st.none() | addresses),
        lines=(line(),),
        total=total,
        total_tax=total,
        payment_state=PaymentState.PAID,
        note=draw(canary()),
        tags=(CANARY,),
    )


class TestStripped(unittest.TestCase):
    @patient
    @given(orders() | customers)
    def test_nothing_that_names_the_person_is_left(self, message):
        self.assertNotIn(CANARY, stripped(message).model_dump_json())

    @patient
    @given(orders())
    def test_goods_amounts_and_identity_stay(self, order):
        bare = stripped(order)
        self.assertEqual(bare.entity_key, order.entity_key)
        self.assertEqual(bare.version, order.version)
        self.assertEqual((bare.total, bare.name), (order.total, order.name))
        self.assertEqual(bare.lines[0].quantity, order.lines[0].quantity)

    @patient
    @given(orders() | customers)
    def test_stripping_twice_is_stripping_once(self, message):
        self.assertEqual(stripped(stripped(message)), stripped(message))

    @patient
    @given(orders())
    def test_what_is_said_is_in_the_message(self, order):
        text = order.model_dump_json()
        for kind, word in said(order):
            if kind in ("email", "phone"):
                self.assertIn(word[:6], text)


class TestTreat(unittest.TestCase):
    def found(self, message, mark=MARK):
        return {trace: mark for trace in traces(message) if trace.kind != "order"}

    @patient
    @given(orders(), st.integers(0))
    def test_an_order_counts_by_when_it_was_placed(self, order, observed):
        treatment = treat(order, observed, self.found(order))
        after = order.placed_at > ERASED_AT
        self.assertIs(treatment, Treatment.RETURN if after else Treatment.STRIP)

    @patient
    @given(customers, st.integers(0))
    def test_a_customer_alone_never_comes_back(self, customer, observed):
        self.assertIs(treat(customer, observed, self.found(customer)), Treatment.IGNORE)

    @patient
    @given(customers, moments)
    def test_after_a_new_order_he_tells_what_he_likes(self, customer, returned):
        mark = Erased(MARK.at, version_of(returned))
        later = max(version_of(returned), MARK.at) + 1
        new = customer.model_copy(
            update={"updated_at": datetime.fromtimestamp(0, timezone.utc)
                    + timedelta(microseconds=later)}
        )  # fmt: skip
        old = customer.model_copy(update={"updated_at": ERASED_AT})
        self.assertIs(treat(new, 0, self.found(new, mark)), Treatment.KEEP)
        self.assertIs(treat(old, 0, self.found(old, mark)), Treatment.IGNORE)

    @patient
    @given(orders())
    def test_a_named_order_is_stripped_whenever_it_comes(self, order):
        self.assertIs(treat(order, 0, {Trace("order", "O1"): MARK}), Treatment.STRIP)

    @patient
    @given(orders() | customers)
    def test_strangers_are_left_alone(self, message):
        self.assertIs(treat(message, 0, {}), Treatment.KEEP)

    def test_what_belongs_to_an_erased_order_is_stripped(self):
        refund = Refund(external_id="R", order_external_id="O1", note=CANARY)
        self.assertIn(Trace("order", "O1"), traces(refund))
        self.assertIs(treat(refund, 0, {Trace("order", "O1"): MARK}), Treatment.STRIP)

    def test_a_request_is_heard_whoever_it_is_about(self):
        request = PrivacyRequest(external_id="1", type="redact", email="a@example.com")
        self.assertIs(treat(request, 0, {Trace("email", "a@example.com"): MARK}), Treatment.KEEP)


class TestTraces(unittest.TestCase):
    def test_spellings_are_one(self):
        self.assertEqual(normal_email(" Ada@Example.COM "), "ada@example.com")
        self.assertEqual(normal_phone("030 123456", "DE"), normal_phone("+49 (30) 123456"))
        self.assertIsNone(normal_phone("12"))
        self.assertIsNone(normal_email("nobody"))

    def test_a_shared_telephone_makes_nobody_the_other(self):
        told = traces(Customer(external_id="C1", phone="+4930123456"))
        self.assertEqual(told, {Trace("customer", "C1")})

    def test_digests_need_the_key(self):
        trace = Trace("email", "a@example.com")
        self.assertEqual(digest(b"k", trace), digest(b"k", trace))
        self.assertNotEqual(digest(b"k", trace), digest(b"l", trace))
        self.assertNotEqual(digest(b"k", trace), digest(b"k", Trace("phone", trace.value)))
