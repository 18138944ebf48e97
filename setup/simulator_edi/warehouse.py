"""A warehouse that reads orders from a folder and writes what became of them to another."""

from collections import Counter
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from random import Random

from .habits import CALM, Habits
from .post import Post, Sets
from .truth import Order, Truth
from .x12 import Mail, Segment, at, loops, read

START = datetime(2026, 5, 4, 8, 0, tzinfo=timezone.utc)


class FileWarehouse:
    """Reads ``out/``, writes ``in/``. ``owner`` and ``code`` are the interchange ids of both."""

    def __init__(
        self,
        folder: str | Path,
        seed: int = 1,
        habits: Habits = CALM,
        stock: dict[str, int] | None = None,
        owner: str = "RETAILER",
        code: str = "WAREHOUSE",
        location: str = "MAIN",
        now: datetime = START,
    ) -> None:
        self.folder, self.location, self.now = Path(folder), location, now
        self.random, self.habits = Random(seed), habits
        self.post = Post(self.folder / "in", code, owner, self.random, habits)
        self.truth = Truth(on_hand=Counter(stock or {}))
        self.done = self.folder / "fetched"
        self._shipment, self._receipt = 0, 0
        self._outbound: Sets = []

    # One turn

    def work(self, ship: bool = True) -> list[str]:
        """Read what lies there, ship what can be shipped, deliver; return the files written."""
        self.now += timedelta(minutes=7)
        for mail in self._fetched():
            self._take(mail)
        if ship:
            for order in list(self.truth.orders.values()):
                self._ship(order)
        sets, self._outbound = self._outbound, []
        self.post.send(sets, self.now)
        return self.post.deliver()

    def settle(self, turns: int = 12) -> None:
        """Work until nothing is due any more."""
        for _turn in range(turns):
            self.work()
            if self.post.is_quiet:
                return

    def _fetched(self) -> list[Mail]:
        """Take the files of the other side away, as a fetching program does."""
        found = []
        self.done.mkdir(parents=True, exist_ok=True)
        for path in sorted((self.folder / "out").glob("*.edi")):
            found.append(read(path.read_text()))
            path.rename(self.done / path.name)
        return found

    def _take(self, mail: Mail) -> None:
        if mail.number in self.truth.read_numbers:
            return
        self.truth.read_numbers.add(mail.number)
        for code, group, sets in mail.groups:
            if code == "FA":
                self._note_acknowledgements(sets)
                continue
            verdicts = [(kind, number, self._read_set(kind, body)) for kind, number, body in sets]
            self._outbound.append(("FA", "997", _acknowledgement(code, group, verdicts)))

    def _note_acknowledgements(self, sets: list[tuple[str, str, list[Segment]]]) -> None:
        for _kind, _number, body in sets:
            _head, found = loops(body, "AK2")
            group = at(body[0], 2)
            for loop in found:
                verdict = next(at(s, 1) for s in loop if s[0] == "AK5")
                self.truth.acknowledged[group, at(loop[0], 2)] = verdict

    def _read_set(self, kind: str, body: list[Segment]) -> str:
        """Return why a set is refused, empty for one that is taken."""
        if kind == "940":
            return self._read_order(body)
        if kind == "943":
            return self._read_announcement(body)
        return "unknown set"

    # Orders

    def _read_order(self, body: list[Segment]) -> str:
        head, found = loops(body, "LX")
        top = head[0]
        status, reference = at(top, 1), at(top, 2)
        known = self.truth.orders.get(reference)
        if status == "F":
            return self._cancel(known)
        if self.random.random() < self.habits.reject:
            return "N4"
        lines = {}
        for loop in found:
            item = next(s for s in loop if s[0] == "W01")
            line = next(
                (at(s, 2) for s in loop if s[0] == "N9" and at(s, 1) == "LI"), at(loop[0], 1)
            )
            lines[line] = (at(item, 5), Decimal(at(item, 1)))
        people = {at(s, 1): s for s in head if s[0] == "N1"}
        city = next((at(s, 1) for s in head if s[0] == "N4"), "")
        if known and (status == "N" or known.state != "open"):
            return "" if status == "N" else "W05"
        name = at(people.get("ST", []), 2)
        self.truth.orders[reference] = Order(reference, lines, name, city)
        return ""

    def _cancel(self, known: Order | None) -> str:
        if known is None or known.state != "open":
            return "W05"
        known.state = "cancelled"
        return ""

    def _ship(self, order: Order) -> None:
        """Ship an order, whole or in two parts; what is not there never comes."""
        if order.state not in ("open", "partly"):
            return
        rest = {
            line: (sku, quantity - order.shipped[line])
            for line, (sku, quantity) in order.lines.items()
        }
        plan = {line: min(q, self.truth.on_hand[sku]) for line, (sku, q) in rest.items()}
        split = order.state == "open" and self._happens("split") and sum(plan.values()) > 1
        if split:
            plan = self._half(plan)
        short = not split and self._happens("short")
        if short:
            line = self.random.choice(sorted(plan))
            plan[line] = max(plan[line] - 1, Decimal(0))
        order.state = "partly" if split else "shipped"
        self._leave(order, rest, plan, more=split)

    def _half(self, plan: dict[str, Decimal]) -> dict[str, Decimal]:
        half = {line: quantity // 2 for line, quantity in plan.items()}
        if not any(half.values()):
            line = next(line for line, quantity in sorted(plan.items()) if quantity)
            half[line] = Decimal(1)
        return half

    def _leave(
        self,
        order: Order,
        rest: dict[str, tuple[str, Decimal]],
        plan: dict[str, Decimal],
        more: bool,
    ) -> None:
        self._shipment += 1
        number = f"BOL{self._shipment:06}"
        segments: list[Segment] = [
            ["W06", "F", order.reference, f"{self.now:%Y%m%d}", number],
            ["N1", "WH", "", "92", self.location],
            ["G62", "11", f"{self.now:%Y%m%d}", "1", f"{self.now:%H%M}"],
            ["W27", "M", "UPSN", "GROUND"],
        ]
        for index, (line, quantity) in enumerate(sorted(plan.items()), 1):
            sku, ordered = rest[line]
            status = "BP" if more else "CC" if quantity == ordered else "CP"
            difference = str(ordered - quantity)
            segments += [
                ["LX", str(index)],
                ["MAN", "CP", f"1Z{self._shipment:08}{index:02}"],
                ["W12", status, str(ordered), str(quantity), difference, "EA", "", "VN", sku],
                ["N9", "LI", line],
            ]
            order.shipped[line] += quantity
            self.truth.on_hand[sku] -= quantity
        segments.append(["W03", str(sum(plan.values()))])
        left = {rest[line][0]: quantity for line, quantity in plan.items() if quantity}
        self.truth.shipments.append((order.reference, number, left))
        self._outbound.append(("SW", "945", segments))

    # Goods in, and counts

    def _read_announcement(self, body: list[Segment]) -> str:
        head, found = loops(body, "W04")
        self.truth.announced[at(head[0], 2)] = {
            at(loop[0], 5): Decimal(at(loop[0], 1)) for loop in found
        }
        return ""

    def arrive(
        self,
        reference: str,
        goods: dict[str, int],
        damaged: dict[str, int] | None = None,
        missing: dict[str, int] | None = None,
        returned: bool = False,
    ) -> str:
        """Take goods in; return the receipt's number. ``damaged`` are a part of ``goods``."""
        self._receipt += 1
        number = f"RC{self._receipt:06}"
        day = f"{self.now:%Y%m%d}"
        segments: list[Segment] = [
            ["W17", "C" if returned else "F", day, number, reference],
            ["N1", "WH", "", "92", self.location],
        ]
        for sku, quantity in sorted(goods.items()):
            segments.append(["W07", str(quantity), "EA", "", "VN", sku])
            if (damaged or {}).get(sku):
                segments.append(["W13", str(damaged[sku]), "EA", "01"])
            if (missing or {}).get(sku):
                segments.append(["W13", str(missing[sku]), "EA", "02"])
            self.truth.on_hand[sku] += quantity
        segments.append(["W14", str(sum(goods.values()))])
        self.truth.received[number] = Counter(goods)
        self._outbound.append(("RE", "944", segments))
        return number

    def count(self) -> None:
        """Tell what lies on the shelves now."""
        segments: list[Segment] = [
            ["BIA", "00", "MM", f"CNT{self.now:%d%H%M}", f"{self.now:%Y%m%d}", f"{self.now:%H%M}"],
            ["N1", "WH", "", "92", self.location],
        ]
        for index, (sku, quantity) in enumerate(sorted(self.truth.on_hand.items()), 1):
            segments += [
                ["LIN", str(index), "VN", sku],
                ["QTY", "17", str(quantity), "EA"],
                ["QTY", "33", str(max(quantity, 0)), "EA"],
            ]
        segments.append(["CTT", str(len(self.truth.on_hand))])
        self._outbound.append(("IB", "846", segments))

    def _happens(self, what: str) -> bool:
        return self.random.random() < getattr(self.habits, what)


def _acknowledgement(code: str, group: str, verdicts: list[tuple[str, str, str]]) -> list[Segment]:
    segments: list[Segment] = [["AK1", code, group]]
    for kind, number, fault in verdicts:
        segments.append(["AK2", kind, number])
        if fault:
            segments += [["AK3", fault[:3], "2", "", "8"], ["AK4", "1", "", "7"], ["AK5", "R", "5"]]
        else:
            segments.append(["AK5", "A"])
    good = sum(not fault for _kind, _number, fault in verdicts)
    word = "A" if good == len(verdicts) else "P" if good else "R"
    count = str(len(verdicts))
    return [*segments, ["AK9", word, count, count, str(good)]]
