"""The development environment behind every command in setup/.

The first stage (Odoo, the virtual environment) needs nothing but Python's standard library; the
rest runs inside that virtual environment. Everything lives in one ignored folder.
"""

from .console import Failure, failures_shown, say, step
from .environment import Environment, ensure
from .server import Server

__all__ = ["Environment", "Failure", "Server", "ensure", "failures_shown", "say", "step"]
