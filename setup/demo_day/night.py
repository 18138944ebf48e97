"""A new database is due for all its nightly jobs at once: let them wait for the night."""

from environment import databases

# Odoo triggers its vacuum cleaner besides, as soon as modules were installed.
PUT_OFF = """
    DELETE FROM ir_cron_trigger;
    UPDATE ir_cron SET nextcall = now() AT TIME ZONE 'UTC' + interval '12 hours'
     WHERE interval_type IN ('days', 'weeks', 'months')
"""


def put_off_night_work(database: str) -> None:
    """Let daily and rarer jobs of Odoo begin in twelve hours."""
    with databases.connect(database) as connection, connection.cursor() as cursor:
        cursor.execute(PUT_OFF)
