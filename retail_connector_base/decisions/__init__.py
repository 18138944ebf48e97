"""Pure decisions: no database, no network, no clock of their own. Each is tested alone."""
