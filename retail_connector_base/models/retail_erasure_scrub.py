from psycopg2.errors import UniqueViolation

from odoo import models
from odoo.tools import SQL

# What names the request itself, and what holds no words.
NEVER = ("retail_erasure", "retail_erasure_mark", "retail_erasure_line", "retail_credential")
COLUMNS = """
    SELECT columns.table_name, columns.column_name, columns.data_type, ARRAY(
           SELECT owner.column_name::text FROM information_schema.columns owner
            WHERE owner.table_schema = columns.table_schema
              AND owner.table_name = columns.table_name
              AND owner.column_name IN ('company_id', 'backend_id'))
      FROM information_schema.columns
      JOIN information_schema.tables USING (table_schema, table_name)
     WHERE columns.table_schema = current_schema AND tables.table_type = 'BASE TABLE'
       AND columns.data_type IN ('text', 'character varying', 'jsonb')
     ORDER BY 1, 2
"""
MESSAGE = "<p>Erased.</p>"


class RetailErasure(models.Model):
    """What words keep of a person: chatter, files, and every table of ours."""

    _inherit = "retail.erasure"

    def _step_our_tables(self, after):
        """Replace his words in every text of every table of ours, the audit's names included.

        Only within the request's company, and its backend. An audit entry stays: who did what to
        which document, and when.
        """
        pattern = self._subject().pattern()
        if not pattern:
            return
        count = 0
        self.env.cr.execute(COLUMNS)
        for table, column, kind, owners in self.env.cr.fetchall():
            if table.startswith("retail_") and table not in NEVER:
                count += self._replace(table, column, kind, pattern, self._within(owners))
        self._note(self.env._("Words in exceptions, bindings, logs and audit"), count)
        return

    def _within(self, owners):
        """Return the condition that rows are the company's, and the backend's, by their columns."""
        scope = [SQL("true")]
        if "company_id" in owners:
            scope.append(SQL("(company_id = %s OR company_id IS NULL)", self.company_id.id))
        if "backend_id" in owners and self.backend_id:
            scope.append(SQL("(backend_id = %s OR backend_id IS NULL)", self.backend_id.id))
        return SQL(" AND ").join(scope)

    def _replace(self, table, column, kind, pattern, within):
        """Replace what a pattern finds in a column; return the number of rows."""
        words = SQL("%s", f"erased-{self.id}")
        try:
            with self.env.cr.savepoint():
                return self._replace_by(table, column, kind, pattern, words, within)
        except UniqueViolation:
            words = SQL("%s || id::text", f"erased-{self.id}-")
            return self._replace_by(table, column, kind, pattern, words, within)

    def _replace_by(self, table, column, kind, pattern, words, within):
        name = SQL.identifier(column)
        cast = SQL("::jsonb") if kind == "jsonb" else SQL("")
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s = regexp_replace(%s::text, %s, %s, 'gi')%s "
                "WHERE %s::text ~* %s AND %s",
                SQL.identifier(table),
                name,
                name,
                pattern,
                words,
                cast,
                name,
                pattern,
                within,
            ),
            log_exceptions=False,
        )
        return self.env.cr.rowcount

    # Chatter

    def _documents(self):
        """Return (model, ids) of the documents that are his."""
        subject = self._subject()
        sales = self.env["sale.order"].browse(subject.order_ids).exists()
        return [
            ("res.partner", self._erased_partners(subject).ids),
            ("sale.order", sales.ids),
            ("stock.picking", sales.picking_ids.ids),
            ("account.move", sales.invoice_ids.ids),
        ]

    def _step_chatter(self, after):
        """Erase messages about him, changes that were tracked, mail in the queue, tasks."""
        subject = self._subject()
        everything = subject.pattern() or "$^"
        strong = subject.pattern("email", "phone") or "$^"
        self.env.cr.execute(
            "CREATE TEMPORARY TABLE IF NOT EXISTS retail_erased_message (id int) ON COMMIT DROP; "
            "TRUNCATE retail_erased_message"
        )
        for model, ids in self._documents():
            self._find_chatter(
                everything, "message.model = %s AND message.res_id = ANY(%s)", model, ids
            )
        ours = ("message.model LIKE 'retail.%%'",)
        self._find_chatter(everything, *ours)
        if not self.backend_id:
            mine = "(message.record_company_id = %s OR message.record_company_id IS NULL)"
            self._find_chatter(strong, mine, self.company_id.id)
        authors = self._erased_partners(subject).ids
        self._find_chatter("", "message.author_id = ANY(%s)", authors)
        count = self._blank_chatter(everything)
        self._blank_activities(everything)
        self.env.cr.execute("DELETE FROM bus_bus WHERE message ~* %s", [everything])
        self._note(self.env._("Chatter and mail"), count)

    def _find_chatter(self, pattern, where, *values):
        self.env.cr.execute(
            "INSERT INTO retail_erased_message SELECT message.id FROM mail_message message "
            f"WHERE {where} AND (concat_ws(' ', message.body, message.subject, message.email_from, "
            "message.reply_to, message.record_alias_domain_id::text) ~* %s OR EXISTS (SELECT FROM "
            "mail_tracking_value tracked WHERE tracked.mail_message_id = message.id AND concat_ws("
            "' ', tracked.old_value_char, tracked.new_value_char, tracked.old_value_text, "
            "tracked.new_value_text) ~* %s))",
            [*values, pattern, pattern],
            log_exceptions=False,
        )

    def _blank_chatter(self, pattern):
        cr = self.env.cr
        cr.execute(
            "UPDATE mail_message SET body = %s, subject = NULL, email_from = NULL, reply_to = NULL "
            "WHERE id IN (SELECT id FROM retail_erased_message)",
            [MESSAGE],
        )
        count = cr.rowcount
        cr.execute(
            "UPDATE mail_tracking_value SET old_value_char = NULL, new_value_char = NULL, "
            "old_value_text = NULL, new_value_text = NULL "
            "WHERE mail_message_id IN (SELECT id FROM retail_erased_message)"
        )
        mail = self.env["mail.mail"]
        cr.execute(
            "SELECT id FROM mail_mail mail WHERE mail_message_id IN "
            "(SELECT id FROM retail_erased_message) OR (%s AND mail::text ~* %s)",
            [not self.backend_id, pattern],
            log_exceptions=False,
        )
        mails = mail.browse(row[0] for row in cr.fetchall())
        count += len(mails)
        mails.unlink()
        return count

    def _blank_activities(self, pattern):
        self.env.cr.execute(
            "UPDATE mail_activity SET summary = regexp_replace(summary, %s, %s, 'gi'), "
            "note = regexp_replace(note, %s, %s, 'gi'), "
            "res_name = regexp_replace(res_name, %s, %s, 'gi') "
            "WHERE concat_ws(' ', summary, note, res_name) ~* %s",
            [*([pattern, f"erased-{self.id}"] * 3), pattern],
            log_exceptions=False,
        )

    # Files

    def _step_files(self, after):
        """Delete files on his contacts and orders; those of invoices are kept."""
        files = self.env["ir.attachment"].browse()
        kept = files
        for model, ids in self._documents():
            domain = [("res_model", "=", model), ("res_id", "in", ids)]
            domain += [("res_field", "in", [False, *self._file_fields(model)])]
            found = files.search(domain)
            kept |= found if model == "account.move" else files
            files |= files if model == "account.move" else found
        files |= files.search(self._our_files(), order="id")
        count = len(files)
        files.unlink()
        why = self.env._("Files of invoices are kept as the law demands.") if kept else None
        self._note(self.env._("Files"), count, len(kept), why)

    def _file_fields(self, model):
        fields = self.env[model]._fields.values()
        return [field.name for field in fields if getattr(field, "attachment", False)]

    def _our_files(self):
        """Return the domain of our files that name him."""
        pattern = self._subject().pattern() or "$^"
        self.env.cr.execute(
            "SELECT id FROM ir_attachment WHERE res_model LIKE 'retail.%%' "
            "AND concat_ws(' ', name, description, index_content) ~* %s",
            [pattern],
            log_exceptions=False,
        )
        return [("id", "in", [row[0] for row in self.env.cr.fetchall()]), ("res_field", "=", False)]
