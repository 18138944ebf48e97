"""What was agreed with a trading partner: identities, version, separators, folders, habits."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from odoo.addons.retail_connector_base.providers import (
    ConfigurationError,
    Location,
    SettingSpec,
)

from .wire import Separators

USUAL, UTC = Separators(), ZoneInfo("UTC")
# What the partners' agreement usually says.
ACCEPTANCES = ("acknowledgement", "none")
CANCELLATIONS = ("acknowledgement", "person")
CHARSETS = ("ascii", "latin-1", "utf-8")
YES, NO = "yes", "no"

SETTINGS = (
    SettingSpec("sender_id", "Our interchange id", "ISA06: as whom the warehouse knows us."),
    SettingSpec("sender_qualifier", "Qualifier of our id", "ISA05.", default="ZZ"),
    SettingSpec("receiver_id", "The warehouse's interchange id", "ISA08."),
    SettingSpec("receiver_qualifier", "Qualifier of its id", "ISA07.", default="ZZ"),
    SettingSpec(
        "sender_code", "Our application code", "GS02; as the interchange id.", required=False
    ),
    SettingSpec(
        "receiver_code", "Its application code", "GS03; as the interchange id.", required=False
    ),
    SettingSpec("version", "Version", "GS08: 004010 or 005010.", default="004010"),
    SettingSpec("usage", "Usage", "production or test (ISA15).", default="production"),
    SettingSpec(
        "separators",
        "Separators",
        "Of elements, components and segments, in this order (a line's end is written \\n); what "
        "comes declares its own.",
        default="*>~",
    ),
    SettingSpec(
        "charset",
        "Characters",
        "ascii (letters with accents lose them), latin-1 or utf-8: what the warehouse reads.",
        default=CHARSETS[0],
    ),
    SettingSpec(
        "warehouse_codes",
        "Warehouses",
        "Codes of its warehouses (N1*WH), with a name: LAX=Los Angeles, RNO=Reno. Empty: one, "
        "called as its interchange id, whatever its files call it.",
        required=False,
    ),
    SettingSpec("time_zone", "Time zone", "Of the dates in its files.", default="UTC"),
    SettingSpec("inbox", "Folder of its files", default="in"),
    SettingSpec("outbox", "Folder of our files", default="out"),
    SettingSpec("archive", "Folder of files that were read", default="archive"),
    SettingSpec("pattern", "Names of its files", "With one *: 945_*.edi", default="*"),
    SettingSpec(
        "settle", "Rest before reading (s)", "How long a file must not have grown.", default="30"
    ),
    SettingSpec("acknowledge", "Send 997", "yes or no: acknowledge what is read.", default=YES),
    SettingSpec(
        "expect_hours",
        "Hours until a 997",
        "What is not acknowledged by then is shown; 0: no 997 is expected.",
        default="24",
    ),
    SettingSpec(
        "acceptance",
        "Acceptance",
        "acknowledgement: a 997 accepts a release; none: nothing does but its shipment.",
        default=ACCEPTANCES[0],
    ),
    SettingSpec(
        "cancellation",
        "Cancellation",
        "acknowledgement: a 997 of it means that it was cancelled; person: somebody asks.",
        default=CANCELLATIONS[1],
    ),
    SettingSpec(
        "item_qualifiers",
        "Item numbers",
        "Qualifiers of our SKU in its files, the first that is there counts; the first of all is "
        "what we write.",
        default="VN,SK,VP,BP,IN,MG,UP,UK,EN,UI,UC",
    ),
    SettingSpec(
        "line_qualifier",
        "Our line's reference",
        "Qualifier of N9 in which the warehouse gives back the reference of a line.",
        default="LI",
    ),
    SettingSpec(
        "on_hand", "On hand (846)", "Qualifiers of QTY, the first that is there.", default="17,33"
    ),
    SettingSpec(
        "sellable", "Available (846)", "Qualifiers of QTY, the first that is there.", default="33"
    ),
    SettingSpec(
        "snapshot_complete",
        "Counts everything (846)",
        "yes: items that an 846 does not name have nothing there.",
        default=YES,
    ),
    SettingSpec(
        "repeated_numbers",
        "Control numbers used again",
        "refuse: the same number with another content is put aside; accept: it is taken.",
        default="refuse",
    ),
)


@dataclass(frozen=True)
class Profile:
    """The settings, read."""

    sender: tuple[str, str]
    receiver: tuple[str, str]
    sender_code: str
    receiver_code: str
    version: str = "004010"
    usage: str = "P"
    separators: Separators = USUAL
    charset: str = CHARSETS[0]
    zone: ZoneInfo = UTC
    locations: tuple[Location, ...] = ()
    names_locations: bool = False
    inbox: str = "in"
    outbox: str = "out"
    archive: str = "archive"
    pattern: str = "*"
    settle: timedelta = timedelta(seconds=30)
    acknowledges: bool = True
    patience: timedelta = timedelta(hours=24)
    acceptance: str = ACCEPTANCES[0]
    cancellation: str = CANCELLATIONS[1]
    item_qualifiers: tuple[str, ...] = ("VN", "SK", "UP")
    line_qualifier: str = "LI"
    on_hand: tuple[str, ...] = ("17", "33")
    sellable: tuple[str, ...] = ("33",)
    snapshot_complete: bool = True
    accepts_repeated: bool = False

    @property
    def interchange_version(self) -> str:
        """ISA12: 00401 for 004010."""
        return self.version[:5]


DEFAULTS = {spec.name: spec.default for spec in SETTINGS}


def profile_of(settings: Mapping[str, str]) -> Profile:
    """Return what is set. Raises ``ConfigurationError``, naming the setting."""
    values = {name: (settings.get(name) or default) for name, default in DEFAULTS.items()}
    for name in ("sender_id", "receiver_id"):
        if not values[name]:
            raise ConfigurationError(f"The setting “{name}” is empty.")
    one = _Reading(values)
    return Profile(
        sender=(one.code("sender_qualifier", 2), one.code("sender_id", 15)),
        receiver=(one.code("receiver_qualifier", 2), one.code("receiver_id", 15)),
        sender_code=one.code("sender_code", 15) or values["sender_id"].strip(),
        receiver_code=one.code("receiver_code", 15) or values["receiver_id"].strip(),
        version=one.choice("version", ("004010", "005010")),
        usage=one.choice("usage", ("production", "test"))[0].upper(),
        separators=one.separators(),
        charset=one.choice("charset", CHARSETS),
        zone=one.zone(),
        locations=one.locations(),
        names_locations=bool(one.words("warehouse_codes")),
        inbox=one.folder("inbox"),
        outbox=one.folder("outbox"),
        archive=one.folder("archive"),
        pattern=values["pattern"].strip(),
        settle=timedelta(seconds=one.count("settle")),
        acknowledges=one.flag("acknowledge"),
        patience=timedelta(hours=one.count("expect_hours")),
        acceptance=one.choice("acceptance", ACCEPTANCES),
        cancellation=one.choice("cancellation", CANCELLATIONS),
        item_qualifiers=one.words("item_qualifiers"),
        line_qualifier=one.code("line_qualifier", 3),
        on_hand=one.words("on_hand"),
        sellable=one.words("sellable"),
        snapshot_complete=one.flag("snapshot_complete"),
        accepts_repeated=one.choice("repeated_numbers", ("refuse", "accept")) == "accept",
    )


class _Reading:
    """Reads settings one by one."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values

    def _read(self, name: str, read: Callable[[str], object], hint: str) -> object:
        try:
            return read(self.values[name].strip())
        except (ValueError, KeyError, OSError):
            raise ConfigurationError(f"The setting “{name}” cannot be used: {hint}.") from None

    def code(self, name: str, longest: int) -> str:
        text = self.values[name].strip()
        if len(text) > longest or not text.isprintable():
            raise ConfigurationError(f"The setting “{name}” has more than {longest} characters.")
        return text

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        text = self.values[name].strip().lower()
        if text not in choices:
            raise ConfigurationError(f"The setting “{name}” is one of: {', '.join(choices)}.")
        return text

    def flag(self, name: str) -> bool:
        return self.choice(name, (YES, NO)) == YES

    def count(self, name: str) -> int:
        return self._read(name, lambda text: _natural(text), "it is a whole number")

    def zone(self) -> ZoneInfo:
        return self._read("time_zone", ZoneInfo, "it is a name like America/New_York")

    def words(self, name: str) -> tuple[str, ...]:
        return tuple(word.strip() for word in self.values[name].split(",") if word.strip())

    def folder(self, name: str) -> str:
        text = self.values[name].strip().strip("/")
        if not re.fullmatch(r"[\w .-]+(/[\w .-]+)*", text) or ".." in text.split("/"):
            raise ConfigurationError(f"The setting “{name}” names a folder below the folder.")
        return text

    def separators(self) -> Separators:
        text = self.values["separators"].strip().replace("\\n", "\n")
        if len(text) != 3:
            raise ConfigurationError("The setting “separators” has three characters: *>~")
        version = self.values["version"].strip()
        found = Separators(text[0], text[1], text[2], "^" if version == "005010" else "")
        if problem := found.problem() or ("^" in text and found.repetition and "^ is taken."):
            raise ConfigurationError(f"The setting “separators” cannot be used: {problem}")
        return found

    def locations(self) -> tuple[Location, ...]:
        found = []
        for word in self.words("warehouse_codes"):
            code, _equals, name = word.partition("=")
            found.append(Location(code.strip(), name.strip() or code.strip()))
        own = self.values["receiver_id"].strip()
        return tuple(found) or (Location(own, own),)


def _natural(text: str) -> int:
    number = int(text)
    if not 0 <= number < 10**7:
        raise ValueError(text)
    return number
