"""What is measured inside a process with Odoo's registry. Each ``measure`` returns seconds."""
