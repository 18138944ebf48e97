"""Workers that die."""

from ..run import Run

ORDERS = 12
WEB_POINTS = ("inbox.before_insert", "inbox.after_insert", "webhook.committed")
JOB_POINTS = ("drain.started", "drain.claimed", "inbox.importing", "drain.imported",
              "retail.inbox.drain.committed")  # fmt: skip


def web_worker_killed(run: Run) -> None:
    """Each place is where one worker dies; the sender comes again, and nothing is doubled."""
    front = run.shop()
    front.trade(ORDERS)
    for point in WEB_POINTS:
        run.charges.arm(point, "kill", hit=run.rng.randint(1, 8))
    run.send(front, front.deliveries())
    died = [point for point, _, _ in run.charges.happened()]
    run.require(sorted(died) == sorted(WEB_POINTS), f"only these workers died: {died}")
    run.finish()


def job_worker_killed(run: Run) -> None:
    """Two workers die at different places; a third death would rightly make it poison."""
    front = run.shop()
    front.trade(ORDERS)
    points = run.rng.sample(JOB_POINTS, 2)
    for point in points:
        run.charges.arm(point, "kill", hit=run.rng.randint(1, 3))
    run.send(front, front.deliveries())
    run.require(run.charges.wait(2, 30), f"not all of {points} were reached")
    run.finish()
