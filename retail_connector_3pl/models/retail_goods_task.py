import logging
import random
from datetime import timedelta

from psycopg2 import OperationalError
from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.retail_connector_base.decisions.retry import decide_retry
from odoo.addons.retail_connector_base.fail_points import reach
from odoo.addons.retail_connector_base.models.retail_lane_mixin import RERUN

_logger = logging.getLogger(__name__)

CHUNK_TASKS = 20
KEPT_DAYS = 30
OPEN = ("waiting", "blocked")

# In order of arrival; what has failed before is tried when its time has come.
CLAIM = """
    SELECT id FROM retail_goods_task
     WHERE warehouse_id = %s AND state = 'waiting'
       AND (next_attempt_at IS NULL OR next_attempt_at <= now() AT TIME ZONE 'UTC')
     ORDER BY id LIMIT %s FOR UPDATE
"""


class RetailGoodsTask(models.Model):
    """Goods of a document that moved in a warehouse, and that Odoo has yet to move.

    A document is a record with a ``backend_id`` and a method ``_move_goods()``: it moves in Odoo
    what moved there, all or nothing, and does nothing where that was done before. Importers record
    documents and put their tasks; the warehouse's lane carries these out, in order of arrival. What
    a person must decide is an ``ImportProblem``: the task is blocked until its exception is retried
    or the document has news.
    """

    _name = "retail.goods.task"
    _description = "Goods to Move"
    _order = "id desc"

    res_model = fields.Char(string="Document Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", required=True, readonly=True
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True, index=True)
    backend_id = fields.Many2one(
        "retail.backend", required=True, readonly=True, ondelete="cascade", index=True
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("blocked", "Blocked"),
            ("done", "Done"),
            ("given_up", "Given Up"),
        ],
        required=True,
        default="waiting",
        readonly=True,
        help="Given up: somebody dismissed the problem and puts the stock right by hand.",
    )
    attempts = fields.Integer(readonly=True)
    next_attempt_at = fields.Datetime(readonly=True, help="Empty: now.")
    error = fields.Char(readonly=True, help="Why its goods did not move the last time.")
    exception_id = fields.Many2one(
        "retail.exception", readonly=True, ondelete="set null", index="btree_not_null"
    )
    done_at = fields.Datetime(readonly=True)

    _once = models.UniqueIndex(
        "(res_model, res_id) WHERE state IN ('waiting', 'blocked')",
        "The goods of a document are moved once at a time.",
    )
    _claim_index = models.Index("(warehouse_id, id) WHERE state = 'waiting'")
    _document_index = models.Index("(res_model, res_id)")

    @api.depends("res_model", "res_id")
    def _compute_display_name(self):
        for task in self:
            record = task._document()
            task.display_name = record.display_name if record else task.env._("Deleted")

    def action_open_document(self):
        """Open what the goods belong to."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }

    def action_try_now(self):
        """Try these again as soon as their lanes come to it."""
        self.check_access("read")
        if not self.env.user.has_group("retail_connector_base.group_operator"):
            raise AccessError(self.env._("Only an operator tries goods again."))
        self.env["retail.audit"]._log("goods.retried", self)
        self.sudo().filtered(lambda task: task.state in OPEN)._try_now()
        return True

    # Asking

    @api.model
    def _put(self, warehouse, records):
        """Have a warehouse's lane move the goods of these documents; return their tasks.

        What waits already is written again, on purpose: whoever moves it just now has not seen what
        this transaction changes, and one of the two is run again.
        """
        tasks = self.sudo()
        known = tasks._open_of(records)
        known.write({"state": "waiting", "next_attempt_at": False})
        seen = set(known.mapped("res_id"))
        made = tasks.create(
            [
                {
                    "res_model": record._name,
                    "res_id": record.id,
                    "warehouse_id": warehouse.id,
                    "backend_id": record.backend_id.id,
                }
                for record in records
                if record.id not in seen
            ]
        )
        if records:
            self.env["retail.reservation"]._wake_after_commit(warehouse.id)
        return known | made

    @api.model
    def _open_of(self, records):
        """Return the tasks of these documents that are not over."""
        return self.search(
            [
                ("res_model", "=", records._name),
                ("res_id", "in", records.ids),
                ("state", "in", OPEN),
            ]
        )

    def _try_now(self):
        """Try these again as soon as their lanes come to it."""
        self.write({"state": "waiting", "next_attempt_at": False})
        for warehouse in self.warehouse_id:
            self.env["retail.reservation"]._wake_after_commit(warehouse.id)

    def _give_up(self, reason):
        """Leave these goods where they are: somebody decided that."""
        self.write({"state": "given_up", "error": reason, "done_at": fields.Datetime.now()})

    # Moving, in the lane

    @api.model
    def _run_some(self, warehouse_id):
        """Carry some tasks out; return whether any waited. The caller holds the warehouse's lane.

        A task that was put again while it ran raises a serialization failure here.
        """
        self.flush_model(["state", "next_attempt_at"])
        self.env.cr.execute(CLAIM, [warehouse_id, CHUNK_TASKS])
        tasks = self.browse(row[0] for row in self.env.cr.fetchall())
        for task in tasks:
            task._run()
        return bool(tasks)

    def _run(self):
        """Move the goods of one document, or nothing of them and say why."""
        record = self._document()
        try:
            with self.env.cr.savepoint():
                reach("goods.moving", self._subjects())
                if record:
                    self._move(self._quiet(record))
        except OperationalError:
            raise
        except UniqueViolation as error:
            if self.env.context.get(RERUN):
                raise
            self._fail(error)
        except Exception as error:  # noqa: BLE001 the job boundary of one document
            self._fail(error)
        else:
            self._finish()
            reach("goods.moved", self._subjects())

    def _subjects(self):
        """Return by which words a fail point knows this task."""
        return (self.res_model, f"{self.res_model},{self.res_id}")

    def _move(self, record):
        """Move the goods of a document. Hook for what follows from that."""
        record._move_goods()

    def _document(self):
        return self.env[self.res_model].browse(self.res_id).exists()

    def _quiet(self, record):
        """Return the document such that moving its goods makes no noise."""
        company = self.company_id
        quiet = {
            "allowed_company_ids": company.ids,
            "tracking_disable": True,
            "mail_notrack": True,
        }
        return record.sudo().with_company(company).with_context(**quiet)

    def _finish(self):
        self.write(
            {
                "state": "done",
                "done_at": fields.Datetime.now(),
                "error": False,
                "next_attempt_at": False,
            }
        )
        self.exception_id._settle()

    def _fail(self, error):
        """Try again later what may work then; show the rest to a person."""
        failure = self.env["retail.inbox.failure"]
        attempts, words = self.attempts + 1, failure._text(error)[:200]
        retry = decide_retry(failure._class_of(error), attempts, random)
        _logger.warning("goods of %s %s: %s", self.res_model, self.res_id, type(error).__name__)
        self.write({"attempts": attempts, "error": words})
        if retry:
            until = fields.Datetime.now() + timedelta(seconds=retry.seconds + 1)
            self.write({"next_attempt_at": until})
        else:
            self.write({"state": "blocked", "exception_id": self._report(error).id})

    @api.autovacuum
    def _forget_old(self):
        """Delete what was done long ago: the documents themselves tell of it."""
        before = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        over = [("state", "in", ("done", "given_up")), ("done_at", "<", before)]
        self.search(over, limit=10000).unlink()
