"""The screenshots of the documentation, taken of a real Odoo that trades with simulated shops."""
