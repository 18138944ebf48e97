"""A foreign system for tests: layouts, tables and files, written without our own reading code."""

import csv
import io
import json
from dataclasses import replace
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from odoo.addons.retail_connector_base.canonical import PosTicket
from odoo.addons.retail_connector_base.providers import HttpClient, ProviderContext, StoredMessage

from ..decisions.legacy_layout import Files, Layout, Part, Rule, Tables, text_of
from ..providers import FileDropProvider, LegacySqlProvider

NOW = datetime(2026, 4, 12, 12, tzinfo=timezone.utc)


def rule(target, *columns, **options):
    """Return a rule in one line."""
    return Rule(target, columns, **options)


def header_rules(*more):
    """Return the rules of a plain header."""
    return (
        rule("external_id", "id"),
        rule("store_external_id", "store"),
        rule("register_external_id", "till"),
        rule("sold_at", "at"),
        rule("currency", constant="EUR"),
        rule("taxes_included", constant="true"),
        rule("total", "total"),
        *more,
    )


LINE_RULES = (rule("sku", "sku"), rule("quantity", "qty"), rule("unit_price", "price"))
TENDER_RULES = (rule("method", "how"), rule("amount", "amt"))


def table_layout(**options):
    """Return a layout of three tables: sales, sale_lines and payments."""
    tables = {"watermark": "changed", "overlap": 60, **options}
    return Layout(
        "pos_ticket",
        (
            Part("header", header_rules(), key=("id",), table="sales"),
            Part("lines", LINE_RULES, key=("sale",), sort=("pos",), table="sale_lines"),
            Part("tenders", TENDER_RULES, key=("sale",), table="payments"),
        ),
        key="till-tables",
        tables=Tables(**tables),
    )


def file_layout(key="till-files", pattern="sales_*.csv", **options):
    """Return a layout of one file whose rows are lines, with their ticket's columns repeated."""
    cash = (rule("method", constant="cash"), rule("kind", constant="cash"), rule("amount", "total"))
    return Layout(
        "pos_ticket",
        (
            Part("header", header_rules(), key=("id",), pattern=pattern),
            Part("lines", LINE_RULES),
            Part("tenders", cash, of_header=True),
        ),
        key=key,
        files=Files(**{"settle": 0, **options}),
    )


def csv_text(*tickets):
    """Return a file for ``file_layout``: tickets are (id, total) or (id, total, price)."""
    lines = ["id,store,till,at,total,sku,qty,price"]
    for number, total, *price in tickets:
        shown = price[0] if price else total
        lines.append(f"{number},S1,R1,2026-04-12 10:00:00,{total},A,1,{shown}")
    return "\n".join(lines) + "\n"


def file_provider(url, layout, now=NOW, secrets=None, **settings):
    """Return a file drop that reads a folder by a layout of tickets."""
    values = {"folder_url": url, "ticket_layout": text_of(layout), **settings}
    return FileDropProvider(ProviderContext(values, secrets or {}, HttpClient(), lambda: now))


def sql_provider(url, layout, now=NOW, secrets=None):
    """Return a provider that reads a database by a layout of tickets."""
    values = {"database_url": url, "ticket_layout": text_of(layout)}
    return LegacySqlProvider(ProviderContext(values, secrets or {}, HttpClient(), lambda: now))


def messages_of(pages):
    """Return all messages of some pages."""
    return [message for page in pages for message in page.messages]


def parsed(provider, message):
    """Return what a provider reads of a message."""
    return provider.parse(StoredMessage(message.topic, message.kind, message.body, message.headers))


def keys_of(messages):
    """Return which entities messages are about, in their order."""
    return [message.entity_key for message in messages]


class Style:
    """One way in which a system may write: how figures, times, rows and files look."""

    def __init__(self, **choices):
        self.__dict__.update(choices)

    def figure(self, value, money=False):
        """Write a number as this system does."""
        if money and self.minor_units:
            return str(int(value.scaleb(2)))
        text = format(value, "f")
        if self.thousands and abs(value) >= 1000:
            whole, point, rest = text.lstrip("-").partition(".")
            groups = f"{int(whole):,}".replace(",", self.thousands)
            text = ("-" if value < 0 else "") + groups + (point and self.decimal_sign) + rest
        else:
            text = text.replace(".", self.decimal_sign)
        if self.trailing_minus and text.startswith("-"):
            text = text[1:] + "-"
        return text

    def time(self, moment):
        """Write a moment as this system does."""
        if self.time_format == "epoch":
            return str(int(moment.timestamp()))
        local = moment.astimezone(ZoneInfo(self.tz)).replace(tzinfo=None)
        return local.isoformat() if self.time_format == "iso" else local.strftime(self.time_format)

    # The columns of each kind of row, as (target, what it says)

    def header(self, ticket: PosTicket):
        """Return a ticket's own columns."""
        sign = -1 if self.returns_by_sign and ticket.total < 0 else 1
        money = {
            name: self.figure(sign * getattr(ticket, name), money=True)
            for name in ("total", "total_tax", "tip", "rounding")
        }
        return {
            "external_id": ticket.external_id,
            "store_external_id": ticket.store_external_id,
            "register_external_id": ticket.register_external_id,
            "number": ticket.number,
            "business_date": ticket.business_date.strftime("%Y%m%d"),
            "sold_at": self.time(ticket.sold_at),
            "voided": "J" if ticket.voided else "N",
            "sign": "R" if sign < 0 else "S",
            **money,
        }

    def lines(self, ticket):
        """Return the columns of a ticket's lines."""
        sign = -1 if self.returns_by_sign and ticket.total < 0 else 1
        return [
            {
                "external_id": line.external_id,
                "sku": line.sku,
                "title": line.title,
                "quantity": self.figure(sign * line.quantity),
                "unit_price": self.figure(line.unit_price, money=True),
                "discount": self.figure(sign * line.discount, money=True),
                "tax.rate": self.figure(line.taxes[0].rate * 100),
                "tax.amount": self.figure(sign * line.taxes[0].amount, money=True),
                "tax.title": line.taxes[0].title,
            }
            for line in ticket.lines
        ]

    def tenders(self, ticket):
        """Return the columns of a ticket's tenders."""
        sign = -1 if self.returns_by_sign and ticket.total < 0 else 1
        return [
            {
                "external_id": tender.external_id,
                "method": tender.method,
                "kind": {"cash": "BAR", "card": "KK"}[tender.kind.value],
                "amount": self.figure(sign * tender.amount, money=True),
            }
            for tender in ticket.tenders
        ]

    # The layout that says so

    def rules(self, names, columns):
        """Return the rules of some targets in columns."""
        return tuple(self._rule(name, columns[name]) for name in names)

    def _rule(self, name, column):
        options = {}
        if name in ("total", "total_tax", "tip", "rounding", "unit_price", "discount", "amount"):
            options["minor_units"] = self.minor_units
        if name == "tax.amount":
            options["minor_units"] = self.minor_units
        if name == "tax.rate":
            options["percent"] = True
        if name == "sold_at":
            options["formats"] = (self.time_format,)
        if name == "business_date":
            options["formats"] = ("%Y%m%d",)
        if name == "voided":
            options["lookup"] = (("J", "true"), ("N", "false"))
        if name == "sign":
            options["lookup"] = (("S", "1"), ("R", "-1"))
        if name == "kind":
            options["lookup"] = (("BAR", "cash"), ("KK", "card"))
        return rule(name, column, **options)

    def csv(self, rows):
        """Return rows as text."""
        buffer = io.StringIO()
        writer = csv.writer(
            buffer, delimiter=self.delimiter, quotechar=self.quote, quoting=csv.QUOTE_MINIMAL,
            lineterminator=self.line_end,
        )  # fmt: skip
        writer.writerows(rows)
        return buffer.getvalue()

    def bytes(self, text):
        """Return text as this system encodes it."""
        return text.encode(self.encoding)

    def files(self, **options):
        """Return how files are written."""
        return Files(
            delimiter=self.delimiter, quote=self.quote, settle=0,
            encoding="utf-8" if self.encoding == "utf-8-sig" else self.encoding, **options,
        )  # fmt: skip

    def layout(self, parts, files):
        """Return a layout of this system."""
        constants = (
            rule("currency", constant="EUR"),
            rule("taxes_included", constant="true"),
        )
        head, *rest = parts
        head = replace(head, rules=head.rules + constants)
        return Layout(
            "pos_ticket", (head, *rest), key="style", files=files, tz=self.tz,
            decimal_sign=self.decimal_sign, thousands=self.thousands,
        )  # fmt: skip


def nested_json(rows):
    """Return JSON lines of some objects."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
