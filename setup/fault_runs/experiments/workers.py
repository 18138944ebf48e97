"""Workers that die."""

from .. import places
from ..run import Run

ORDERS = 12


def web_worker_killed(run: Run) -> None:
    """Each place is where one worker dies; the sender comes again, and nothing is doubled."""
    front = run.shop()
    front.trade(ORDERS)
    for point in places.WEB:
        run.charges.arm(point, "kill", hit=run.rng.randint(1, 8))
    run.send(front, front.deliveries())
    died = [point for point, _, _ in run.charges.happened()]
    run.require(sorted(died) == sorted(places.WEB), f"only these workers died: {died}")
    run.finish()


def job_worker_killed(run: Run) -> None:
    """Two workers die at different places; a third death would rightly make it poison."""
    front = run.shop()
    front.trade(ORDERS)
    points = places.two_of(places.JOB, run.seed)
    for point in points:
        run.charges.arm(point, "kill", hit=run.hit_of(point))
    run.send(front, front.deliveries())
    run.require(run.charges.wait(2, 30), f"not all of {points} were reached")
    run.notes.append(" and ".join(points))
    run.finish()
