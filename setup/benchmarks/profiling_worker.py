"""Drains what is in the inbox under cProfile and writes what took longest."""

import cProfile
import io
import pstats
import sys
import time
from pathlib import Path

import odoo
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

TOP = 60


def main(configuration: str, database: str, report: str) -> None:
    """Drain every lane once to warm up (its first chunk), then under the profiler."""
    odoo.tools.config.parse_config(["-c", configuration, "-d", database, "--no-http"])
    registry = Registry(database)
    lanes = _lanes(registry)
    _drain(registry, lanes[:1])
    profiler = cProfile.Profile()
    begin = time.perf_counter()
    messages = _count(registry)
    profiler.enable()
    _drain(registry, lanes[1:])
    profiler.disable()
    drained = time.perf_counter() - begin
    done = messages - _count(registry)
    profiler.enable()
    _reserve(registry)
    profiler.disable()
    reserved = time.perf_counter() - begin - drained
    _write(profiler, Path(report), done, drained, reserved)


def _lanes(registry: Registry) -> list[tuple[int, int]]:
    with registry.cursor() as cr:
        cr.execute("SELECT DISTINCT backend_id, lane FROM retail_inbox_message ORDER BY 1, 2")
        return cr.fetchall()


def _count(registry: Registry) -> int:
    with registry.cursor() as cr:
        cr.execute("SELECT count(*) FROM retail_inbox_message WHERE state = 'received'")
        return cr.fetchone()[0]


def _drain(registry: Registry, lanes: list[tuple[int, int]]) -> None:
    for backend, lane in lanes:
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["retail.inbox.drain"]._job_drain(backend, lane)


def _reserve(registry: Registry) -> None:
    with registry.cursor() as cr:
        cr.execute("SELECT DISTINCT warehouse_id FROM retail_reservation_request")
        env = api.Environment(cr, SUPERUSER_ID, {})
        for (warehouse,) in cr.fetchall():
            env["retail.reservation"]._job_reserve(warehouse)


def _write(
    profiler: cProfile.Profile, report: Path, done: int, drained: float, reserved: float
) -> None:
    text = io.StringIO()
    text.write(f"{done} messages: drained in {drained:.2f} s, reserved in {reserved:.2f} s "
               "(with the profiler's own cost)\n")  # fmt: skip
    for order in ("cumulative", "tottime"):
        pstats.Stats(profiler, stream=text).sort_stats(order).print_stats(TOP)
    report.write_text(text.getvalue())


if __name__ == "__main__":
    main(*sys.argv[1:])
