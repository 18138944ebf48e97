"""The experiments by name, in the order of the design's table."""

from collections.abc import Callable
from dataclasses import dataclass

from ..run import Run
from . import (
    breaker, connections, events, outward, payments, provider, runners, shipments, tickets, workers,
)  # fmt: skip


@dataclass(frozen=True)
class Experiment:
    """What is done, on which kind of server; ``number`` is its row in the design's table.

    ``alone``: it keeps all processors busy, so that no other run may take place meanwhile.
    ``waits``: most of its time passes until a lease, a limit or a gate lets it go on.
    ``variant``: another experiment does the same to other messages; of a run of all experiments it
    plays the first quarter of the seeds.
    """

    number: int
    words: str
    play: Callable[[Run], None]
    server: str = "plain"
    alone: bool = False
    waits: bool = False
    variant: bool = False

    def title(self, name: str) -> str:
        """Return the name with what it is about."""
        return f"{name} ({self.number}): {self.words}"


EXPERIMENTS = {
    "web_worker_killed": Experiment(
        1, "kill -9 a web worker before and after the insert, and before the answer",
        workers.web_worker_killed,
    ),
    "job_worker_killed": Experiment(
        2, "kill -9 a job worker after its start, in mid-import, before and after the commit",
        workers.job_worker_killed,
    ),
    "backend_terminated": Experiment(
        3, "pg_terminate_backend in mid-job", connections.backend_terminated
    ),
    "commit_answer_lost": Experiment(
        4, "the answer to COMMIT is lost", connections.commit_answer_lost, "strict"
    ),
    "postgres_restarted": Experiment(
        5, "PostgreSQL stopped -m immediate under load: 503, nothing else",
        connections.postgres_restarted,
    ),
    "runner_gone": Experiment(
        6, "the runner killed, stopped, or gone with its server; another one takes over",
        runners.runner_gone, waits=True,
    ),
    "worker_stopped": Experiment(
        7, "a job worker stopped beyond its time limit; half-open connections",
        connections.worker_stopped, "strict", waits=True,
    ),
    "duplicates": Experiment(
        8, "50 copies of one event at once; 200 duplicates among 2,000", events.duplicates,
        alone=True,
    ),
    "permutations": Experiment(
        9, "create, paid, updated, refunded, cancelled, deleted in any order", events.permutations
    ),
    "poison": Experiment(
        10, "orders that raise, exhaust memory, kill or never end; the others go on",
        events.poison, "strict",
    ),
    "provider_unclear": Experiment(
        11, "the provider carries out what it was asked, and the answer is lost or wrong",
        provider.unclear, waits=True,
    ),
    "outbound_unclear": Experiment(
        11, "fulfilments and stock go out, answers get lost, workers die: each effect once",
        outward.unclear, waits=True,
    ),
    "race": Experiment(
        11, "the channel and Odoo sell the same units at once: none is offered again",
        outward.race,
    ),
    "payments_killed": Experiment(
        2, "workers die while a gateway's events are stored, imported and posted", payments.killed,
        variant=True,
    ),
    "payments_cut": Experiment(
        3, "sessions end and answers to COMMIT are lost while money is posted", payments.cut,
        "strict",
        variant=True,
    ),
    "payments_shuffled": Experiment(
        9, "a gateway's events come twice and in any order; a payout comes back",
        payments.shuffled,
        variant=True,
    ),
    "refund_unclear": Experiment(
        11, "money is given back and the answer is lost: each customer gets it once",
        payments.refund_unclear,
        variant=True, waits=True,
    ),
    "tickets_killed": Experiment(
        2, "workers die while tickets are imported, and while their goods move",
        tickets.killed,
        variant=True,
    ),
    "tickets_cut": Experiment(
        3, "sessions end and answers to COMMIT are lost while tickets are imported", tickets.cut,
        "proxied",
        variant=True,
    ),
    "tickets_shuffled": Experiment(
        9, "tickets come twice, in any order, and are voided afterwards", tickets.shuffled,
        variant=True,
    ),
    "closing_killed": Experiment(
        2, "workers die while registers' days are closed and posted", tickets.closing_killed,
        variant=True,
    ),
    "shipments_killed": Experiment(
        2, "workers die while deliveries are released to a warehouse, and while goods move",
        shipments.killed,
        variant=True,
    ),
    "shipments_cut": Experiment(
        3, "sessions end and answers to COMMIT are lost while goods are released and move",
        shipments.cut,
        "proxied",
        variant=True,
    ),
    "shipments_shuffled": Experiment(
        9, "a warehouse's events come twice, in any order or never; it picks what is cancelled",
        shipments.shuffled,
        variant=True,
    ),
    "release_unclear": Experiment(
        11, "a warehouse takes an order and does not say so: each delivery is released once",
        shipments.unclear,
        variant=True,
    ),
    "storm": Experiment(12, "429 and 5xx for a while, then recovery", provider.storm, waits=True),
    "probe_fails": Experiment(
        12, "the breaker's first probe fails: one call only, then recovery without a crowd",
        breaker.probe_fails, waits=True,
    ),
    "burst": Experiment(
        20, "a burst that arrived while the runner was off", runners.burst, alone=True
    ),
    "checker": Experiment(
        21, "the checker itself: without a unique index the run must fail",
        events.checker, "scratch",
    ),
}  # fmt: skip
