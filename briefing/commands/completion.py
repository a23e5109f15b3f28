"""The parser of all commands -> a script with which a shell completes them at the Tab key.

shtab writes the script once, and then the shell needs no Python. (argcomplete would start the
program at each Tab.)
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

__all__ = ["SHELLS", "PrintCompletion", "completion_script"]

SHELLS = ("bash", "zsh", "fish", "tcsh", "powershell")
_FILES = frozenset({"FILE", "NAME|FILE"})
"""The metavariables of arguments that are file names."""


def completion_script(parser: argparse.ArgumentParser, shell: str) -> str:
    """Return the script for a shell. shell: one of `SHELLS`."""
    import shtab

    for action in _actions(parser):
        if action.metavar in _FILES:
            action.complete = shtab.FILE  # type: ignore[attr-defined]
    script: str = shtab.complete(parser, shell)
    return script


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Yield the arguments of a parser and of its commands."""
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from _actions(command)


class PrintCompletion(argparse.Action):
    """Prints the script for a shell instead of running a command."""

    def __call__(self, parser: argparse.ArgumentParser, *arguments: object) -> None:
        """Print the script and end the program."""
        _, shell, *_ = arguments
        print(completion_script(parser, str(shell)))
        parser.exit()
