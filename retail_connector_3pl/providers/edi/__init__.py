"""Warehouses that speak X12: files out and files in, each answered with an acknowledgement."""

from .provider import X12Provider

__all__ = ["X12Provider"]
