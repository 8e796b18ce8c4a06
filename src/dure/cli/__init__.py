"""The command line: one command a module; heavy imports only inside the command that needs them."""

from dure.cli.main import main

__all__ = ["main"]
