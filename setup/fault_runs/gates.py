"""A backend's breaker as the experiments see it."""

from demo_day.reading import Database

IS_OPEN = """
    SELECT coalesce(bool_or(open_until IS NOT NULL), false) FROM retail_gate WHERE backend_id = %s
"""
LEFT = """
    SELECT coalesce(max(extract(epoch FROM open_until - clock_timestamp() AT TIME ZONE 'UTC')), 0)
           ::float
      FROM retail_gate WHERE backend_id = %s
"""
PROBING = """
    SELECT coalesce(bool_or(probe_until > clock_timestamp() AT TIME ZONE 'UTC'), false)
      FROM retail_gate WHERE backend_id = %s
"""
HOLD = """
    UPDATE retail_gate SET open_until = clock_timestamp() AT TIME ZONE 'UTC' + interval '1 minute'
     WHERE backend_id = %s
"""
OPENINGS = "SELECT coalesce(max(openings), 0) FROM retail_gate WHERE backend_id = %s"


def is_open(database: Database, backend: int) -> bool:
    """Tell whether the breaker holds requests back, or lets one try."""
    return database.value(IS_OPEN, backend)


def seconds_left(database: Database, backend: int) -> float:
    """Return the seconds until the breaker lets a request try; not above 0 when it does."""
    return database.value(LEFT, backend)


def openings(database: Database, backend: int) -> int:
    """Return how often the breaker has opened since a request came through."""
    return database.value(OPENINGS, backend)


def is_probing(database: Database, backend: int) -> bool:
    """Tell whether a request is finding out whether the other side answers."""
    return database.value(PROBING, backend)


def hold(database: Database, backend: int) -> None:
    """Let an open breaker stay open for a minute, so that its probe comes when it is wanted."""
    database.run(HOLD, backend)
