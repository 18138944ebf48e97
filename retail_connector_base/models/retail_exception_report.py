from odoo import api, fields, models

from ..decisions.fingerprint import fingerprint_of, storable_json, storable_text
from ..decisions.problem import Problem
from ..decisions.receipt import printable
from .retail_exception import AT_REST

IDENTITY = ("backend_id", "fingerprint")

# A row of a problem that many lanes run into is rewritten every few seconds only: each time it
# costs the transactions that point to it a serialization failure. now() is the transaction's start:
# a row that this transaction rewrote already is rewritten again.
REFRESH = """
    UPDATE retail_exception exception
       SET occurrence_count = greatest(exception.occurrence_count, found.messages),
           amount_at_risk = found.amount, last_seen_at = %(seen)s,
           refreshed_at = now() AT TIME ZONE 'UTC'
      FROM (SELECT exception_id, count(*) AS messages, coalesce(
                   sum(amount_at_risk) FILTER (WHERE state <> ALL(%(at_rest)s)), 0) AS amount
              FROM (SELECT exception_id, amount_at_risk, state
                      FROM retail_inbox_message WHERE exception_id = ANY(%(ids)s)
                     UNION ALL
                    SELECT exception_id, 0, state
                      FROM retail_outbox_command WHERE exception_id = ANY(%(ids)s)) tied
             GROUP BY exception_id) found
     WHERE exception.id = found.exception_id
       AND CASE WHEN %(sweep)s THEN
                exception.occurrence_count < found.messages
             OR exception.amount_at_risk IS DISTINCT FROM found.amount
           ELSE exception.refreshed_at IS NULL
            OR exception.refreshed_at < now() AT TIME ZONE 'UTC' - interval '5 seconds'
            OR exception.refreshed_at = now() AT TIME ZONE 'UTC' END
"""


class RetailException(models.Model):
    """How exceptions come to be and come back."""

    _inherit = "retail.exception"

    # Reporting

    @api.model
    def _report(self, backend, problem: Problem, messages=None, record=None):
        """Show a problem to a person and tie the messages that wait for its solution to it.

        Call it outside the savepoint of what failed. Two transactions that meet a new problem at
        the same time: one of them gets a serialization failure and is run again by its caller.
        """
        message_ids = messages.ids if messages else ()
        return self._report_many(backend, [(problem, message_ids, None)], record)[0]

    @api.model
    def _report_many(self, backend, reports, record=None):
        """Report (problem, message ids, amount at risk of each) and return their exceptions.

        The amount defaults to the problem's own, in its currency; where its rate is not known it
        counts one to one. The number of queries does not depend on the number of reports, but for
        problems that come back.
        """
        reports = [(problem, list(ids), amount) for problem, ids, amount in reports]
        rates = self._rates(backend, {problem.currency for problem, _ids, _amount in reports})
        rows = self.sudo()._rows(backend, reports, record, rates)
        silent = rows.keys() - {fingerprint_of(problem) for problem, ids, _ in reports if ids}
        found = self.sudo()._open_all(backend, rows, silent)
        former = self.sudo()._tie_messages(reports, found, rates)
        exceptions = [found[fingerprint_of(problem)] for problem, _ids, _amount in reports]
        touched = self.sudo().union(*exceptions)
        touched._refresh()
        (former - touched)._settle()
        return exceptions

    def _rows(self, backend, reports, record, rates):
        """Return by fingerprint the values of an exception that is new."""
        problems = {fingerprint_of(problem): problem for problem, _ids, _amount in reports}
        documents = self._documents_of(backend, problems, record)
        return {
            key: self._row(backend, key, problem, documents.get(key), rates)
            for key, problem in problems.items()
        }

    def _open_all(self, backend, rows, silent):
        """Return the open exceptions of these rows by fingerprint: found, reopened or new.

        Those in ``silent`` are met without a message, so that their occurrences are counted here.
        """
        found = self._by_fingerprint(backend, rows)
        for key, exception in found.items():
            if exception.state != "open":
                exception._reopen(rows[key])
            elif key in silent:
                exception._count_again()
        missing = [row for key, row in rows.items() if key not in found]
        self._insert_once(IDENTITY, missing)._welcome()
        return found | self._by_fingerprint(backend, rows) if missing else found

    def _count_again(self):
        count = self.occurrence_count + 1
        self.write({"occurrence_count": count, "last_seen_at": fields.Datetime.now()})

    def _by_fingerprint(self, backend, fingerprints):
        found = self.search(
            [("backend_id", "=", backend.id), ("fingerprint", "in", list(fingerprints))]
        )
        return {exception.fingerprint: exception for exception in found}

    def _documents_of(self, backend, problems, record):
        """Return what each problem is about: the given record, or the mapping that is missing."""
        if record:
            return dict.fromkeys(problems, record)
        unmapped = {key: problem for key, problem in problems.items() if problem.fix == "map_value"}
        mappings = self.env["retail.mapping"]._note_unmapped(
            backend, [problem.fix_values for problem in unmapped.values()]
        )
        return dict(zip(unmapped, mappings, strict=True))

    def _row(self, backend, fingerprint, problem, document, rates):
        now = fields.Datetime.now()
        return {
            "backend_id": backend.id,
            "company_id": backend.company_id.id,
            "fingerprint": fingerprint,
            "error_class": problem.error_class.value,
            "code": printable(problem.code),
            "title": printable(problem.title),
            "cause": storable_text(problem.cause),
            "comparison": storable_json(problem.comparison),
            "fix": problem.fix,
            "fix_values": storable_json(problem.fix_values),
            "res_model": document._name if document else None,
            "res_id": document.id if document else None,
            "owner_id": backend.owner_id.id or None,
            "state": "open",
            "amount_at_risk": float(problem.amount or 0) * rates.get(problem.currency, 1.0),
            "occurrence_count": 1,
            "reopen_count": 0,
            "first_seen_at": now,
            "last_seen_at": now,
        }

    @api.model
    def _rates(self, backend, names):
        """Return by currency the value of one unit in the company's currency, today."""
        company, today = backend.company_id, fields.Date.context_today(self)
        own = company.currency_id
        others = {name for name in names if name and name != own.name}
        currencies = self.env["res.currency"].with_context(active_test=False)
        found = currencies.search([("name", "in", list(others))]) if others else currencies
        rates = {each.name: each._convert(1.0, own, company, today, round=False) for each in found}
        return {own.name: 1.0, **rates}

    def _reopen(self, row):
        """Open a closed exception again: its problem is still there, or has come back."""
        kept = ("backend_id", "company_id", "fingerprint", "first_seen_at", "owner_id")
        values = {key: value for key, value in row.items() if key not in kept}
        self.write(
            {
                **values,
                "occurrence_count": self.occurrence_count + 1,
                "reopen_count": self.reopen_count + 1,
                "resolved_by_id": False,
                "resolved_at": False,
                "resolution": False,
            }
        )
        self._welcome()

    def _welcome(self):
        """Give the owner something to do. Without an e-mail: alerts decide about those."""
        silent = self.with_context(mail_activity_quick_update=True)
        for exception in silent.filtered("owner_id"):
            exception.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=exception.title,
                user_id=exception.owner_id.id,
            )

    # Messages

    def _tie_messages(self, reports, found, rates):
        """Point the messages to their exceptions; return the exceptions they pointed to before."""
        inbox = self.env["retail.inbox.message"]
        former = inbox.browse(id_ for _problem, ids, _amount in reports for id_ in ids).exception_id
        for problem, ids, amount in reports:
            messages = inbox.browse(ids)
            at_risk = float((problem.amount if amount is None else amount) or 0)
            messages.write(
                {
                    "exception_id": found[fingerprint_of(problem)].id,
                    "amount_at_risk": at_risk * rates.get(problem.currency, 1.0),
                }
            )
        return former

    def _refresh(self, sweep=False):
        """Bring counts and amounts up to date, not more often than every few seconds.

        A sweep brings up to date whatever differs.
        """
        if not self:
            return
        self.env["retail.inbox.message"].flush_model(["exception_id", "amount_at_risk", "state"])
        self.env["retail.outbox.command"].flush_model(["exception_id", "state"])
        self.flush_recordset()
        seen = fields.Datetime.now()
        parameters = {"ids": self.ids, "seen": seen, "sweep": sweep, "at_rest": list(AT_REST)}
        self.env.cr.execute(REFRESH, parameters)
        self.invalidate_recordset(
            ["occurrence_count", "amount_at_risk", "last_seen_at", "refreshed_at"], flush=False
        )
