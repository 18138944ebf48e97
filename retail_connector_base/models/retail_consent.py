from datetime import timezone

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..canonical import Consent, ConsentChannel, ConsentState, version_of
from ..decisions.ownership import NEVER_TOLD, Decision, Facts, Owner, Rule, Ruling, decide
from ..decisions.ownership_table import BY_KEY

GROUP = BY_KEY["customer", "consent"]
# Whose word counts for nothing here, not even for when something was said.
SILENT = (Owner.ELSEWHERE, Owner.SEPARATE)
BLACKLISTED = (ConsentState.UNSUBSCRIBED.value,)


class RetailConsent(models.Model):
    """What a customer allowed to be sent to him by one way, and who told it.

    Made and changed by messages alone: consent is what the customer said, not what we wish. Each
    change is in the audit trail.
    """

    _name = "retail.consent"
    _description = "Retail Consent"
    _order = "partner_id, channel"
    _rec_name = "channel"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, readonly=True, ondelete="cascade",
        index=True,
    )  # fmt: skip
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    channel = fields.Selection(
        [
            (ConsentChannel.EMAIL.value, "E-mail"),
            (ConsentChannel.SMS.value, "SMS"),
            (ConsentChannel.PHONE.value, "Phone"),
            (ConsentChannel.POST.value, "Post"),
        ],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [
            (ConsentState.SUBSCRIBED.value, "Agreed"),
            (ConsentState.UNSUBSCRIBED.value, "Refused"),
            (ConsentState.PENDING.value, "Asked, No Answer Yet"),
            (ConsentState.NOT_ASKED.value, "Not Asked"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    changed_at = fields.Datetime(
        string="Said on", readonly=True, help="When the customer said so (UTC)."
    )
    source = fields.Char(readonly=True, help="Where he said so, in the sender's words.")
    backend_id = fields.Many2one(
        "retail.backend", string="Told by", readonly=True, ondelete="set null", index=True
    )

    _channel_unique = models.UniqueIndex(
        "(company_id, partner_id, channel)", "A customer has one consent per way."
    )

    def write(self, vals):
        """Override: nobody consents for somebody else."""
        if not self.env.su:
            raise AccessError(self.env._("Consents are told by the systems that ask for them."))
        return super().write(vals)

    @api.model
    def _take(self, backend, partner, consents, before, rule: Rule, item):
        """Take over what a system tells of a customer's consents.

        ``before`` are the consents that it told last (``None``: never told). Of an owner, too, an
        older word never replaces a newer one of his own.
        """
        known = {row.channel: row for row in self._of(backend, partner)}
        former = {each.channel: each for each in before or ()}
        news = []
        for consent in consents:
            row = known.get(consent.channel.value, self.browse())
            facts = self._facts(row, consent, former, item)
            decision = self._decide(rule, facts, row, backend)
            if decision.ruling is Ruling.APPLY:
                self._set(backend, partner, row, consent, facts.their_time)
            elif decision.ruling is Ruling.SAME and rule.owner not in SILENT:
                self._confirm(row, consent)
            news.append((consent.channel.value, facts, decision))
        return news

    def _of(self, backend, partner):
        return self.search(
            [("company_id", "=", backend.company_id.id), ("partner_id", "=", partner.id)]
        )

    def _facts(self, row, consent, former, item):
        last = former.get(consent.channel)
        # The same word at another time is said anew.
        same_word = last and last.state is consent.state and last.changed_at != consent.changed_at
        told = last.state.value if last and not same_word else NEVER_TOLD
        ours = version_of(row.changed_at.replace(tzinfo=timezone.utc)) if row.changed_at else 0
        theirs = version_of(consent.changed_at) if consent.changed_at else item.canonical.version
        return Facts(told, consent.state.value, row.state or "", theirs, ours)

    def _decide(self, rule, facts, row, backend):
        decision = decide(rule, facts)
        stale = facts.their_time and facts.their_time < facts.our_time
        if decision.ruling is Ruling.APPLY and stale and row.backend_id == backend:
            return Decision(Ruling.KEEP)
        return decision

    def _set(self, backend, partner, row, consent: Consent, their_time):
        moment = consent.changed_at
        values = {
            "state": consent.state.value,
            "changed_at": moment and moment.astimezone(timezone.utc).replace(tzinfo=None),
            "source": (consent.source or "")[:255] or False,
            "backend_id": backend.id,
        }
        if not moment and their_time:
            values["changed_at"] = fields.Datetime.now()
        self._save(backend, partner, row, consent.channel.value, values)

    def _confirm(self, row, consent):
        """Note that the same was said again, later: what lies between is older."""
        moment = consent.changed_at and consent.changed_at.astimezone(timezone.utc)
        moment = moment and moment.replace(tzinfo=None)
        if moment and (not row.changed_at or moment > row.changed_at):
            row.changed_at = moment

    def _save(self, backend, partner, row, channel, values):
        before = row.state or ""
        if row:
            row.write(values)
        else:
            row = self.create(
                {
                    **values,
                    "partner_id": partner.id,
                    "company_id": backend.company_id.id,
                    "channel": channel,
                }
            )
        detail = {"way": channel, "from": before, "to": values["state"],
                  "said": str(values.get("changed_at") or "")}  # fmt: skip
        self.env["retail.audit"]._log("consent.changed", row, backend=backend, detail=detail)
        if channel == ConsentChannel.EMAIL.value and backend.consent_blacklist:
            row._keep_blacklist()

    @api.model
    def _write_states(self, backend, partner, states):
        """Write states by way, as a person decided."""
        known = {row.channel: row for row in self._of(backend, partner)}
        for channel, state in states.items():
            values = {
                "state": state,
                "changed_at": fields.Datetime.now(),
                "source": self.env._("Decided in Odoo"),
                "backend_id": backend.id,
            }
            self._save(backend, partner, known.get(channel, self.browse()), channel, values)

    def _keep_blacklist(self):
        """Keep Odoo's list of addresses that get no mailings in step with the e-mail consent."""
        email = self.partner_id.email_normalized
        if not email:
            return
        blacklist = self.env["mail.blacklist"].sudo()
        if self.state in BLACKLISTED:
            blacklist._add(email)
        elif self.state == ConsentState.SUBSCRIBED.value:
            blacklist._remove(email)
