"""Decisions about tickets and closed days, without a database."""
