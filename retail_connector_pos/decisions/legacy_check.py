"""What is wrong with a layout, in words for who declares it."""

import codecs
import re
from collections.abc import Iterator
from zoneinfo import available_timezones

from .legacy_layout import HEADER, MOST_RULES, Files, Layout, Part, Rule
from .legacy_query import problem_of_select, table_of
from .legacy_targets import REQUIRED, TARGETS, Type, words_of
from .legacy_values import SPECIAL_FORMATS, CellError, Notation, converted, is_format

# Encodings that know no line end of their own, or are no encodings of text.
ENCODINGS = frozenset(
    [
        "utf-8",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "ascii",
        "iso8859-1",
        "iso8859-2",
        "iso8859-9",
        "iso8859-15",
        "cp437",
        "cp850",
        "cp852",
        "cp858",
        "cp1250",
        "cp1251",
        "cp1252",
        "cp1253",
        "cp1254",
        "cp1257",
        "mac-roman",
        "koi8-r",
        "shift_jis",
        "cp932",
        "euc_jp",
        "gbk",
        "gb18030",
        "big5",
        "euc_kr",
    ]
)
_SHORT = 200


def problems_of(layout: Layout) -> list[str]:
    """Return what keeps a layout from being used, nothing for one that may be tried."""
    names = [part.name for part in layout.parts]
    if names.count(HEADER) != 1:
        return ["There has to be exactly one header."]
    return [
        *_of_whole(layout),
        *(problem for part in layout.parts for problem in _of_part(layout, part)),
        *_of_missing(layout),
    ]


def _of_whole(layout: Layout) -> Iterator[str]:
    if (layout.tables is None) == (layout.files is None):
        yield "Say either how tables are read or how files are."
    if layout.tz not in available_timezones():
        yield f"There is no time zone “{layout.tz}”."
    if layout.thousands == layout.decimal_sign:
        yield "Thousands and decimals cannot have the same sign."
    if not 0 <= layout.day_starts_at < 1440:
        yield "A day starts within its 1440 minutes."
    names = [part.name for part in layout.row_parts]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"“{name}” has rows of its own twice."
    if layout.tables:
        yield from _of_tables(layout)
    if layout.files:
        yield from _of_files(layout, layout.files)


def _of_tables(layout: Layout) -> Iterator[str]:
    tables = layout.tables
    if not tables.watermark:
        yield "Say which column tells what is new."
    if tables.overlap < 0 or tables.settle < 0:
        yield "Overlap and settling time cannot be negative."
    if tables.watermark_kind == "moment" and tables.overlap * 60 < tables.settle:
        yield "The overlap has to be longer than the settling time."
    if tables.moment_format and not _sorts(tables.moment_format):
        yield "The watermark's format has to sort by time: year, month, day, hour …"
    if not layout.header.key:
        yield "Say which columns of the header tell one record from another."
    for part in (layout.header, *layout.row_parts):
        yield from _of_source(layout, part)


def _sorts(form: str) -> bool:
    """Tell whether texts of a format are in the order of their moments."""
    found = re.findall("%[a-zA-Z]", form)
    in_order = [f"%{letter}" for letter in "YmdHMSfzZ"]
    return is_format(form) and (
        form in SPECIAL_FORMATS or (found[:3] == in_order[:3] and found == in_order[: len(found)])
    )


def _of_source(layout: Layout, part: Part) -> Iterator[str]:
    if bool(part.table) == bool(part.select):
        yield f"{part.name}: name a table or view, or write a SELECT."
    if part.table and table_of(part.table) is None:
        yield f"{part.name}: “{part.table[:_SHORT]}” is no name of a table."
    if part.select and (problem := problem_of_select(part.select)):
        yield f"{part.name}: {problem}"
    if len(part.key) != len(layout.header.key):
        yield f"{part.name}: it has to be joined by as many columns as the header's key has."


def _of_files(layout: Layout, files: Files) -> Iterator[str]:
    if files.format == "csv" and len(files.delimiter) != 1:
        yield "The delimiter is one character."
    if len(files.quote) > 1 or files.quote == files.delimiter:
        yield "The quotation mark is another character than the delimiter, or none."
    if not _is_encoding(files.encoding):
        yield f"“{files.encoding}” is no encoding that is read here."
    if files.shape == "nested" and files.format != "jsonl":
        yield "Only JSON is nested."
    if not 0 <= files.skip_lines <= 1000 or files.settle < 0:
        yield "Lines to skip and settling time have to be small numbers."
    yield from _of_names(layout, files)
    if files.shape == "rows":
        yield from _of_types(layout, files)


def _of_names(layout: Layout, files: Files) -> Iterator[str]:
    several = files.shape == "files"
    for part in (layout.header, *layout.row_parts) if several else (layout.header,):
        if part.pattern.count("*") != 1 or "/" in part.pattern:
            yield f"{part.name}: the name of its files has exactly one “*”."
        if several and not part.key:
            yield f"{part.name}: say by which columns its rows belong together."


def _of_types(layout: Layout, files: Files) -> Iterator[str]:
    typed = [part for part in (layout.header, *layout.row_parts) if part.row_type]
    if typed and not files.type_column:
        yield "Say in which column the type of a row is."
    if not layout.header.key and not (files.type_column and layout.header.row_type):
        yield "Say which columns of the header tell one record from another."


def _is_encoding(name: str) -> bool:
    try:
        return codecs.lookup(name).name in ENCODINGS
    except LookupError:
        return False


def _of_part(layout: Layout, part: Part) -> Iterator[str]:
    targets = TARGETS[layout.kind].get(part.name)
    if targets is None:
        yield f"There is no part “{part.name}”."
        return
    if len(part.rules) > MOST_RULES:
        yield f"{part.name}: at most {MOST_RULES} fields are read."
    named = [rule.target for rule in part.rules]
    for name in sorted({name for name in named if named.count(name) > 1}):
        yield f"{part.name}: “{name}” is declared twice."
    for rule in part.rules:
        if rule.target not in targets:
            yield f"{part.name}: there is no field “{rule.target}”."
            continue
        for problem in _of_rule(layout, part, rule, targets[rule.target]):
            yield f"{part.name}, {rule.target}: {problem}"


def _of_rule(layout: Layout, part: Part, rule: Rule, kind: Type) -> Iterator[str]:
    for form in rule.formats:
        if not is_format(form):
            yield f"“{form}” is no format (use %Y %m %d %H %M %S, or {_special()})."
    words = words_of(layout.kind, part.name, rule.target)
    ours = [text for _theirs, text in rule.lookup] + [rule.constant, rule.default]
    for text in filter(None, ours):
        if words and text not in words:
            yield f"“{text[:_SHORT]}” is none of: {', '.join(words)}."
        try:
            converted(text, Rule(rule.target), kind, Notation(), ours=True)
        except CellError as error:
            yield f"“{text[:_SHORT]}”: {error} (write figures as 12.50, days as 2026-12-31)."
    theirs = [word for word, _ours in rule.lookup]
    for word in sorted({word for word in theirs if theirs.count(word) > 1}):
        yield f"“{word[:_SHORT]}” is in its table twice."


def _special() -> str:
    return ", ".join(sorted(SPECIAL_FORMATS))


def _of_missing(layout: Layout) -> Iterator[str]:
    for part in layout.parts:
        named = {rule.target for rule in part.rules}
        for target in REQUIRED[layout.kind].get(part.name, ()):
            if target not in named:
                yield f"{part.name}: say where “{target}” comes from."
