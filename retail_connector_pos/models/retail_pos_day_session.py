from odoo import fields, models

USABLE = ("opening_control", "opened")


class RetailPosDay(models.Model):
    """The session that takes a day's tickets."""

    _inherit = "retail.pos.day"

    def _session(self):
        """Return the session that takes tickets of this day, opened when there is none."""
        self.ensure_one()
        return self._sessions()[self]

    def _sessions(self):
        """Return by day the open session that takes its tickets, opened where there is none.

        Two lanes that open one at the same moment: one of them violates a unique index, and its
        chunk is run again.
        """
        found = self.env["pos.session"].search(
            [("retail_day_id", "in", self.ids), ("state", "in", USABLE)]
        )
        sessions = {session.retail_day_id: session for session in found}
        missing = self.filtered(lambda day: day not in sessions)
        return sessions | (missing._open_sessions() if missing else {})

    def _open_sessions(self):
        """Open a session for each day, the earliest first."""
        busy = self._busy_configs()
        sessions = {}
        for day in self.sorted("business_date"):
            config = day.register_id.odoo_id
            sessions[day] = day._open_session(config, is_rescue=config in busy)
            busy |= config
        return sessions

    def _busy_configs(self):
        """Return the points of sale that have an open session, which Odoo allows once."""
        configs = self.register_id.odoo_id
        found = self.env["pos.session"].search(
            [("config_id", "in", configs.ids), ("state", "!=", "closed"), ("rescue", "=", False)]
        )
        return found.config_id

    def _open_session(self, config, is_rescue):
        """Open a session. Odoo allows one of each point of sale but for those marked ``rescue``:
        an older day that is not closed yet must not block this one. The mark goes at closing.
        """
        user = self.backend_id.user_id
        sessions = self.env["pos.session"].with_user(user).sudo().with_company(config.company_id)
        session = sessions.create(
            {
                "config_id": config.id,
                "user_id": user.id,
                "rescue": is_rescue,
                "retail_day_id": self.id,
                # Odoo puts its own number before it; journal entries are found by it.
                "name": f" ({self.register_id.external_id} {self.business_date})",
            }
        )
        session.set_opening_control(session.cash_register_balance_start, None)
        # The company may say otherwise for its own registers. Connected ones move in batches.
        session.update_stock_at_closing = True
        return self.env["pos.session"].browse(session.id)

    def _unclosed_sessions(self):
        """Return the sessions of these days that are not closed."""
        return self.session_ids.filtered(lambda session: session.state != "closed")

    def _start_of(self, moment):
        """Return when a session of this day began: never in a period that is locked."""
        config = self.register_id.odoo_id
        journal = config.journal_id
        if journal.company_id._get_violated_lock_dates(moment.date(), True, journal):
            return fields.Datetime.now()
        return moment
