from contextlib import contextmanager

from odoo import api, models

from odoo.addons.queue_job.exception import RetryableJobError

from .read_committed import read_committed


class RetailJobMixin(models.AbstractModel):
    """The one place that enqueues jobs. A job carries ids only and is safe to run twice."""

    _name = "retail.job.mixin"
    _description = "Retail Connector: jobs"

    def _enqueue(self, user, method, *args, identity_key=None, **options):
        """Enqueue a method of this model, run as ``user`` with all rights.

        Call it in a transaction of its own, after the work that the job shall see was committed:
        an identity key deduplicates onto a job that may be running on an older snapshot.
        ``priority`` among the options: lower goes first (``decisions.lane.job_priority``).
        """
        model = self.with_user(user).sudo()
        delayable = model.with_delay(identity_key=identity_key, **options)
        return getattr(delayable, method)(*args)

    def _after_commit(self, method, *args):
        """Call a method of this model once this transaction is committed, in one of its own.

        For wake-ups: what is lost with the process is made good by the sweeper.
        """
        registry, model_name, uid = self.env.registry, self._name, self.env.uid

        def call():
            with registry.cursor() as cr:
                getattr(api.Environment(cr, uid, {}, su=True)[model_name], method)(*args)

        self.env.cr.postcommit.add(call)

    @contextmanager
    def _exclusive(self, space, key, seconds=1):
        """Hold an advisory lock; a job that finds it taken comes back and loses no work."""
        with read_committed(self.env.registry) as cr:
            if not self._try_lock(cr, space, key):
                raise RetryableJobError("Busy.", seconds=seconds, ignore_retry=True)
            yield

    def _try_lock(self, cr, space, key):
        """Take an advisory lock until the cursor is closed; return whether it was free."""
        cr.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [space, key])
        return cr.fetchone()[0]
