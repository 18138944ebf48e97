"""What an administrator's own SELECT may be.

The words are checked here so that a slip is seen at once. What keeps the other system safe is its
transaction, which is read only, and a user of its own that may do nothing but read.
"""

import re

LONGEST = 4_000
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|\[[^\[\]]*\]")
_FORBIDDEN = frozenset(
    [
        "insert",
        "update",
        "delete",
        "merge",
        "replace",
        "upsert",
        "into",
        "create",
        "alter",
        "drop",
        "truncate",
        "grant",
        "revoke",
        "exec",
        "execute",
        "call",
        "do",
        "copy",
        "attach",
        "detach",
        "pragma",
        "vacuum",
        "analyze",
        "set",
        "reset",
        "begin",
        "commit",
        "rollback",
        "savepoint",
        "lock",
        "load",
        "handler",
        "declare",
        "use",
        "shutdown",
        "waitfor",
        "openrowset",
        "opendatasource",
        "openquery",
        "bulk",
        "dblink",
        "pg_read_file",
        "pg_read_binary_file",
        "pg_ls_dir",
        "lo_import",
        "lo_export",
        "pg_sleep",
        "sleep",
        "benchmark",
        "load_file",
        "load_extension",
        "readfile",
        "writefile",
        "xp_cmdshell",
        "utl_http",
    ]
)
_NAME = re.compile(r"[A-Za-z_][\w$ ]{0,62}")


def problem_of_select(text: str) -> str | None:
    """Return why a statement is not taken, ``None`` for one that is."""
    if len(text) > LONGEST:
        return f"It is longer than {LONGEST} characters: make a view of it."
    for mark in (";", "--", "/*", "$$", "\\", "\x00"):
        if mark in text:
            return f"Write it without “{mark}”."
    bare = _QUOTED.sub("''", text)
    if any(quote in bare.replace("''", "") for quote in "'\"`"):
        return "A quotation mark is open."
    words = re.findall(r"[a-z_]\w*", bare.lower())
    if not words or words[0] not in ("select", "with"):
        return "It has to begin with SELECT or WITH."
    forbidden = sorted(_FORBIDDEN.intersection(words))
    if forbidden:
        return f"A statement that only reads has no “{forbidden[0]}”."
    return None if _is_balanced(bare) else "Its parentheses do not match."


def _is_balanced(text: str) -> bool:
    depth = 0
    for char in text:
        depth += (char == "(") - (char == ")")
        if depth < 0:
            return False
    return depth == 0


def table_of(name: str) -> tuple[str | None, str] | None:
    """Return schema and name of a table or view, ``None`` for what is no name of one."""
    parts = name.strip().split(".")
    if len(parts) > 2 or not all(_NAME.fullmatch(part) for part in parts):
        return None
    return (parts[0], parts[1]) if len(parts) == 2 else (None, parts[0])
