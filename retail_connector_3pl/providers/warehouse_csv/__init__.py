"""Warehouses that speak CSV: rows out and rows in, by columns that are declared."""

from .provider import WarehouseCsvProvider

__all__ = ["WarehouseCsvProvider"]
