"""Random systems: hypothesis chooses how they write, and what they sold."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from odoo.addons.retail_connector_base.canonical import PosTicket

from ..decisions.legacy_layout import Part
from .legacy_kit import Style, nested_json, rule

CENTS = Decimal("0.01")
# Letters that all encodings of ``ENCODINGS`` know, and what is special in CSV and JSON.
TEXT = (
    st.text("AZaz09 äß€;,'\"|\t.-%{}[]\\/\n", min_size=1, max_size=12).map(str.strip).filter(bool)
)
IDS = st.text("ABCxyz0189-_/", min_size=1, max_size=10)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252")
SHAPES = ("flat", "typed", "files", "nested")
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata")


def money(largest=10_000):
    """Return amounts in cents."""
    return st.integers(-largest * 100, largest * 100).map(lambda cents: cents * CENTS)


@st.composite
def styles(draw):
    """Return a system's way of writing."""
    decimal_sign = draw(st.sampled_from(".,"))
    thousands = draw(st.sampled_from(["", " ", "'", "," if decimal_sign == "." else "."]))
    return Style(
        shape=draw(st.sampled_from(SHAPES)),
        decimal_sign=decimal_sign,
        thousands=thousands,
        delimiter=draw(st.sampled_from(",;|\t")),
        quote=draw(st.sampled_from("\"'")),
        line_end=draw(st.sampled_from(["\n", "\r\n"])),
        encoding=draw(st.sampled_from(ENCODINGS)),
        minor_units=draw(st.booleans()),
        trailing_minus=draw(st.booleans()),
        returns_by_sign=draw(st.booleans()),
        has_names=draw(st.booleans()),
        tz=draw(st.sampled_from(ZONES)),
        time_format=draw(
            st.sampled_from(["%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%Y%m%d%H%M%S", "iso",
                             "epoch"])
        ),
        order=draw(st.randoms(use_true_random=False)),
    )  # fmt: skip


@st.composite
def tickets(draw, flat):
    """Return tickets of one file, each once. ``flat``: at most one tender of each kind."""
    numbers = draw(st.lists(IDS, min_size=1, max_size=4, unique=True))
    return [draw(_ticket(number, flat)) for number in numbers]


@st.composite
def _ticket(draw, number, flat):
    minutes = draw(st.integers(0, 50 * 24 * 60))
    sold_at = datetime(2026, 1, 3, tzinfo=timezone.utc) + timedelta(minutes=minutes)
    lines = draw(st.lists(_line(), min_size=1, max_size=3))
    kinds = draw(st.lists(st.sampled_from(["cash", "card"]), min_size=1, max_size=3, unique=flat))
    amount = money().filter(bool)
    return {
        "external_id": number,
        "number": draw(IDS),
        "store_external_id": draw(IDS),
        "register_external_id": draw(IDS),
        "business_date": sold_at.date(),
        "sold_at": sold_at,
        "currency": "EUR",
        "taxes_included": True,
        "lines": [{**line, "external_id": str(n)} for n, line in enumerate(lines, 1)],
        "tenders": [
            {"external_id": "1" if flat else str(n), "method": draw(TEXT), "kind": kind,
             "amount": draw(amount)}
            for n, kind in enumerate(sorted(kinds, reverse=True), 1)
        ],
        "total": draw(money()),
        "total_tax": draw(money()),
        "tip": draw(money(9)),
        "rounding": draw(money(1)),
        "voided": draw(st.booleans()),
    }  # fmt: skip


@st.composite
def _line(draw):
    quantity = draw(st.integers(-5_000, 5_000).filter(bool)) * Decimal("0.001")
    return {
        "sku": draw(IDS),
        "title": draw(TEXT),
        "quantity": quantity,
        "unit_price": abs(draw(money())),
        "discount": draw(money(5)),
        "taxes": [{"title": draw(TEXT), "rate": draw(st.sampled_from(["0.19", "0.07", "0"])),
                   "amount": draw(money(100))}],
    }  # fmt: skip


def told(values, flat):
    """Return the ticket of drawn values; numbered as files without numbers are read."""
    if flat:
        for tender in values["tenders"]:
            tender["external_id"] = "1" if len(values["tenders"]) == 1 else tender["external_id"]
    return PosTicket.model_validate(values)


def written(style, sold):
    """Return ``(files by name, layout)`` of what a system writes of its tickets."""
    return {"flat": _flat, "typed": _typed, "files": _files, "nested": _nested}[style.shape](
        style, sold
    )


def _columns(style, names, offset=0):
    """Return ``{target: column}`` in a random order; positions where files have no names."""
    shuffled = sorted(names)
    style.order.shuffle(shuffled)
    if style.has_names:
        return {name: f"C_{name.upper()}" for name in shuffled}
    return {name: str(number) for number, name in enumerate(shuffled, offset + 1)}


def _table(style, columns, rows):
    names = [list(columns.values())] if style.has_names else []
    return style.csv([*names, *([row[name] for name in columns] for row in rows)])


def _flat(style, sold):
    """All in the rows of lines; a column for each kind of tender and its name."""
    heads = [style.header(ticket) for ticket in sold]
    tenders = [
        {f"{t['kind']}.{name}": t[name] for t in style.tenders(ticket) for name in t}
        for ticket in sold
    ]
    paid = [f"{kind}.{name}" for kind in ("BAR", "KK") for name in ("method", "amount")]
    rows = [
        {
            **{f"h.{k}": v for k, v in head.items()},
            **{name: own.get(name, "") for name in paid},
            **{f"l.{k}": v for k, v in line.items()},
        }
        for ticket, head, own in zip(sold, heads, tenders, strict=True)
        for line in style.lines(ticket)
    ]
    columns = _columns(style, rows[0])
    parts = [
        Part(
            "header",
            style.rules(heads[0], {k: columns[f"h.{k}"] for k in heads[0]}),
            key=(columns["h.external_id"],),
            pattern="sales_*.txt",
        ),
        Part("lines", style.rules(*_of_lines(style, sold, columns, "l."))),
        *(_tender_column(style, columns, kind) for kind in ("BAR", "KK")),
    ]
    files = style.files(has_names=style.has_names)
    return {"sales_1.txt": _table(style, columns, rows)}, style.layout(parts, files)


def _of_lines(style, sold, columns, prefix=""):
    names = list(style.lines(sold[0])[0])
    return names, {name: columns[f"{prefix}{name}"] for name in names}


def _tender_column(style, columns, kind):
    rules = style.rules(["amount"], {"amount": columns[f"{kind}.amount"]})
    return Part(
        "tenders",
        (
            *rules,
            rule("method", columns[f"{kind}.method"]),
            rule("kind", constant={"BAR": "cash", "KK": "card"}[kind]),
        ),
        of_header=True,
    )


def _typed(style, sold):
    """One file whose first column says what a row is; lines follow their header."""
    style.has_names = False
    by_key = style.order.random() < 0.5
    rows, columns = [], {}
    for ticket in sold:
        own = {
            "H": [style.header(ticket)],
            "L": style.lines(ticket),
            "T": style.tenders(ticket),
        }
        for kind, items in own.items():
            columns.setdefault(kind, _columns(style, items[0], offset=2))
            rows += [
                [kind, ticket.external_id, *(item[name] for name in columns[kind])]
                for item in items
            ]
    rows.append(["Z", str(len(rows))])
    key = ("2",) if by_key else ()
    parts = [
        Part(name, style.rules(columns[kind], columns[kind]), row_type=kind, key=key)
        for name, kind in (("header", "H"), ("lines", "L"), ("tenders", "T"))
    ]
    parts[0] = replace(parts[0], pattern="*.txt")
    files = style.files(has_names=False, type_column="1", ignored_types=("Z",))
    return {"day.txt": style.csv(rows)}, style.layout(parts, files)


def _files(style, sold):
    """A file for each part, in a random order of rows, joined by the ticket's id."""
    made, parts = {}, []
    for name, of in (("header", None), ("lines", style.lines), ("tenders", style.tenders)):
        rows = [
            {"key": ticket.external_id, **item}
            for ticket in sold
            for item in (of(ticket) if of else [style.header(ticket)])
        ]
        columns = _columns(style, rows[0])
        targets = [target for target in rows[0] if target != "key"]
        parts.append(
            Part(
                name,
                style.rules(targets, columns),
                key=(columns["key"],),
                pattern=f"{name}-*.txt",
            )
        )
        made[f"{name}-7.txt"] = _table(style, columns, _mixed(style, rows))
    return made, style.layout(parts, style.files(shape="files", has_names=style.has_names))


def _mixed(style, rows):
    """Return rows such that those of one ticket keep their order, but not their neighbours."""
    keys = [row["key"] for row in rows]
    style.order.shuffle(keys)
    queues = {key: [row for row in rows if row["key"] == key] for key in set(keys)}
    return [queues[key].pop(0) for key in keys]


def _nested(style, sold):
    """One JSON object a ticket."""
    objects = [
        {"sale": {**style.header(t), "items": style.lines(t)}, "paid": style.tenders(t)}
        for t in sold
    ]
    head = {name: f"sale.{name}" for name in style.header(sold[0])}
    line, tender = style.lines(sold[0])[0], style.tenders(sold[0])[0]
    parts = [
        Part("header", style.rules(head, head), pattern="*.jsonl"),
        Part("lines", style.rules(line, {n: n for n in line}), path="sale.items"),
        Part("tenders", style.rules(tender, {n: n for n in tender}), path="paid"),
    ]
    files = style.files(format="jsonl", shape="nested")
    return {"day.jsonl": nested_json(objects)}, style.layout(parts, files)


def local_day(ticket, tz):
    """Return the day of a ticket's sale in a time zone."""
    return ticket.sold_at.astimezone(ZoneInfo(tz)).date()
