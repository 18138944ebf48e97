from odoo import fields, models

from ..providers import Verdict


class RetailProjectionState(models.AbstractModel):
    """What a channel acknowledged of one thing last, and what is being told to it.

    Concrete states add typed columns for the acknowledged, the attempted and the desired value.
    Written by their projection alone, of which one runs per backend.
    """

    _name = "retail.projection.state"
    _description = "Retail Projection State"
    _order = "id"

    backend_id = fields.Many2one(
        "retail.backend", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    binding_id = fields.Many2one(
        "retail.product.binding", readonly=True, ondelete="cascade", index=True
    )
    pending = fields.Boolean(
        readonly=True, help="Differs from what the channel acknowledged, and is on its way."
    )
    held_until = fields.Datetime(
        readonly=True, help="Not told before: something must be known first."
    )
    acknowledged_at = fields.Datetime(readonly=True)
    attempt_key = fields.Char(
        readonly=True, help="The logical attempt: the same is sent again until its answer is known."
    )
    attempted_at = fields.Datetime(readonly=True)
    attempts = fields.Integer(readonly=True, help="How often this attempt was sent.")
    checked_at = fields.Datetime(readonly=True, help="When it was compared last.")
    verdict = fields.Selection(
        [
            ("ok", "In Step"),
            ("pending", "On Its Way"),
            ("refused", "Refused"),
            ("missing", "Not in the Channel"),
        ],
        default="pending",
        readonly=True,
        index=True,
    )
    error = fields.Char(readonly=True, help="Why the channel refused it, in the channel's words.")

    _attempt_index = models.Index("(backend_id, attempt_key) WHERE attempt_key IS NOT NULL")
    _pending_index = models.Index("(backend_id, id) WHERE pending")

    def _mark(self, key):
        """Open an attempt for these rows; return them in the order in which they are sent."""
        self.write({"attempt_key": key, "attempted_at": fields.Datetime.now(), "attempts": 0})
        return self.sorted("id")

    def _count_attempt(self):
        """Note that an attempt is about to be sent."""
        self.write({"attempts": self[0].attempts + 1})

    def _refuse(self, answer):
        """Note that the channel does not take this value: it is not sent again as it is."""
        self.write(
            {
                "pending": False,
                "verdict": "missing" if answer.verdict is Verdict.MISSING else "refused",
                "error": answer.text[:500],
            }
        )

    def _acknowledged_values(self):
        """Return what every acknowledgement writes."""
        now = fields.Datetime.now()
        return {
            "acknowledged_at": now,
            "pending": False,
            "held_until": False,
            "verdict": "ok",
            "error": False,
        }
