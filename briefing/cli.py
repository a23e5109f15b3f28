"""The command line: parse, call, print. Results go to stdout, progress and messages to stderr."""

from __future__ import annotations

import argparse
import datetime
import json
import os
import signal
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from briefing import __version__
from briefing.errors import EXIT_DONE, EXIT_FAILED, BriefingError, UsageError, explain

if TYPE_CHECKING:
    from briefing.commands.terminal import Terminal
    from briefing.config import Config

__all__ = ["main", "parser"]

_EXIT_INTERRUPTED = 130


def parser() -> argparse.ArgumentParser:
    """Make the parser of all commands."""
    top = _Parser(prog="briefing", description="Turn Arabic articles into one spoken briefing.")
    top.add_argument("--version", action="version", version=f"briefing {__version__}")
    commands = top.add_subparsers(title="commands", dest="command", metavar="COMMAND")

    def command(name: str, meaning: str) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=meaning, description=meaning)
        one.set_defaults(run=globals()[f"_{name}"])
        one.add_argument("--config", metavar="FILE", type=Path, help="default: config.toml here")
        one.add_argument("--quiet", action="store_true", help="say nothing but what went wrong")
        one.add_argument("--verbose", action="store_true", help="say more")
        return one

    one = command("build", "Build what is out of date.")
    one.add_argument("--voice", metavar="NAME", help="speak with this voice")
    one.add_argument("--date", metavar="DAY", help="the edition's day, YYYY-MM-DD; default: today")
    one.add_argument("--force", action="store_true", help="speak everything again")
    one.add_argument("--name", metavar="NAME", help="of several briefings, build this one")
    one.add_argument("--follow-stdin", action="store_true", help=argparse.SUPPRESS)

    one = command("gather", "Ask the feeds and pages for new articles, without building.")
    one.add_argument("--date", metavar="DAY", help="the edition's day, YYYY-MM-DD; default: today")
    one.add_argument("--force", action="store_true", help="ask again, however lately they were")

    one = command("script", "Show what will be spoken, without speaking it.")
    one.add_argument(
        "file",
        metavar="FILE",
        nargs="?",
        help="an article, or - for standard input; default: all that the next edition reads",
    )
    one.add_argument("--name", metavar="NAME", help="of several briefings, this one's edition")
    one.add_argument("--json", action="store_true", help="one JSON object a sentence")
    one.add_argument("--vowelled", action="store_true", help="the text is fully vowelled already")

    one = command("say", "Hear a phrase, to audition a fix.")
    one.add_argument("text", metavar="TEXT")
    one.add_argument("--voice", metavar="NAME", help="speak with this voice")
    one.add_argument("-o", "--output", metavar="FILE", help="an .mp3, .m4b or .opus; -: stdout")

    one = command("listen", "Serve the shelf and open it in the browser.")
    one.add_argument("--port", metavar="N", type=int, help="default: the configuration's")
    one.add_argument("--host", metavar="ADDRESS", default="127.0.0.1", help="default: 127.0.0.1")
    one.add_argument("--no-browser", action="store_true", help="only serve")

    one = command("schedule", "Rebuild nightly and when a source changes, until stopped.")
    one.add_argument("--install", action="store_true", help="write a systemd user unit instead")

    one = command("status", "Show the last build, the next run, and what failed.")
    one.add_argument("--json", action="store_true", help="as one JSON object")

    one = command("voices", "Show which voices there are; install or remove a neural one.")
    way = one.add_mutually_exclusive_group()
    way.add_argument("--install", metavar="NAME|FILE", help="a voice to fetch, or an .onnx file")
    way.add_argument("--remove", metavar="NAME", help="remove an installed neural voice")
    one.add_argument("--name", metavar="NAME", dest="name_it", help="what to call it")
    one.add_argument("--yes", action="store_true", help="install without being asked")

    one = command("cache", "Show where the clips are kept and how much they take.")
    one.add_argument("--clear", action="store_true", help="drop them all")

    one = command("editions", "Show the editions on the shelf, or remove one.")
    one.add_argument(
        "--remove", nargs=2, metavar=("NAME", "DATE"), help="of this briefing, dated YYYY-MM-DD"
    )

    command("check", "Check the configuration, the sources and the voices.")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; give its exit code (0 done, 1 failed, 2 wrong usage, 3 partly)."""
    _speak_utf8()
    signal.signal(signal.SIGTERM, _stop)
    options: argparse.Namespace | None = None
    try:
        options = parser().parse_args(arguments)
        if options.command is None:
            parser().print_help()
            return EXIT_DONE
        code: int = options.run(options)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        print("briefing: stopped", file=sys.stderr)
        return _EXIT_INTERRUPTED
    except BrokenPipeError:
        # the reader of our output has gone: nothing more to say to anybody
        _drop_output()
        return EXIT_DONE
    except Exception as error:
        told = isinstance(error, BriefingError | OSError)
        if not told and options is not None and options.verbose:
            raise
        print(f"briefing: {explain(error)}", file=sys.stderr)
        try:
            sys.stdout.flush()
        except OSError:  # a full disk: Python would try once more at its end, and tell in its way
            _drop_output()
        return error.exit_code if isinstance(error, BriefingError) else EXIT_FAILED


def _drop_output() -> None:
    """Let what is still to be printed go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Parser(argparse.ArgumentParser):
    """A parser whose messages name what was probably meant, as those of the configuration do."""

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Refuse an unknown option where its command's own options are known."""
        known, unknown = super().parse_known_args(args, namespace)
        if unknown:
            option = unknown[0].partition("=")[0]
            hint = _nearest(option, self._option_string_actions) if option[:1] == "-" else ""
            self.error(f"unrecognized arguments: {' '.join(unknown)}{hint}")
        return known, unknown

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Refuse a command that there is not."""
        if action.choices is not None and value not in action.choices:
            names = list(action.choices)
            hint = _nearest(value, names) or f"; there are: {', '.join(names)}"
            self.error(f"there is no command {value!r}{hint}")

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see: {self.prog} --help")


def _nearest(word: str, known: Iterable[str]) -> str:
    """Return a question for the known word that is most like a wrong one, "" for none."""
    import difflib

    near = difflib.get_close_matches(word.lower(), known, 1)
    return f"; did you mean {near[0]}?" if near else ""


def _stop(signal_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt(signal_number)


def _speak_utf8() -> None:
    """Write Arabic whatever the locale says; a lone surrogate of a file name ends no command.

    Streams that were closed before the start lead nowhere, and no file takes their places.
    """
    while (handle := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(handle)
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: PTH123 - open until the end
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: PTH123
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def _configs(options: argparse.Namespace) -> tuple[Config, ...]:
    from briefing.config import load

    configs = load(options.config)
    wanted = getattr(options, "name", None)
    if wanted is None:
        return configs
    chosen = tuple(one for one in configs if one.output.name == wanted)
    if not chosen:
        known = ", ".join(one.output.name for one in configs)
        raise UsageError(f"there is no briefing {wanted!r}; there are: {known}")
    return chosen


def _terminal(options: argparse.Namespace) -> Terminal:
    from briefing.commands.terminal import Terminal

    return Terminal(quiet=options.quiet, verbose=options.verbose)


def _build(options: argparse.Namespace) -> int:
    from briefing.commands.build import build_all
    from briefing.pipeline import Request
    from briefing.schedule.state import TRIGGER_VARIABLE

    if options.follow_stdin:
        from briefing.schedule.follow import end_with_stdin

        end_with_stdin()
    trigger = os.environ.get(TRIGGER_VARIABLE)
    nightly = trigger == "nightly"
    request = Request(
        edition_date(options.date),
        options.voice,
        ask_again=nightly or options.voice is not None,
        force=options.force,
    )
    # a file that was changed is no reason to ask the feeds
    gathers = trigger != "change"
    return build_all(_configs(options), request, _terminal(options), gathers=gathers)


def _gather(options: argparse.Namespace) -> int:
    from briefing.commands.gathering import gather_by_command

    return gather_by_command(
        _configs(options), edition_date(options.date), _terminal(options), force=options.force
    )


def edition_date(given: str | None) -> str:
    """Give the day that an edition is for: as given, else SOURCE_DATE_EPOCH's, else today.

    Raises UsageError.
    """
    if given is not None:
        try:
            return datetime.date.fromisoformat(given).isoformat()
        except ValueError:
            raise UsageError(f"--date {given}: write a day as YYYY-MM-DD") from None
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        try:
            return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date().isoformat()
        except (ValueError, OverflowError, OSError):
            raise UsageError(f"SOURCE_DATE_EPOCH={epoch}: must be seconds since 1970") from None
    return datetime.date.today().isoformat()


def _script(options: argparse.Namespace) -> int:
    from briefing.commands.proofreading import write_edition_script, write_script

    if options.file is None:
        return write_edition_script(
            _configs(options)[0], as_json=options.json, report=_terminal(options).report()
        )
    return write_script(
        _configs(options)[0],
        options.file,
        as_json=options.json,
        vowelled=options.vowelled,
        report=_terminal(options).report(),
    )


def _say(options: argparse.Namespace) -> int:
    from briefing.commands.audition import say

    path = say(
        _configs(options)[0],
        options.text,
        voice=options.voice,
        output=options.output,
        warn=_terminal(options).report().warn,
    )
    if path is not None:
        print(path)
    return EXIT_DONE


def _listen(options: argparse.Namespace) -> int:
    from briefing.config import Listen, check_setting
    from briefing.listening import server

    if options.port is not None:
        check_setting(Listen, "port", options.port)
    config = _configs(options)[0]
    port = config.listen.port if options.port is None else options.port
    return server.run(config, options.host, port, open_browser=not options.no_browser)


def _schedule(options: argparse.Namespace) -> int:
    if options.install:
        from briefing.preconditions import require
        from briefing.schedule import unit

        print(unit.install(options.config, examine=require))
        return EXIT_DONE
    from briefing.preconditions import examine
    from briefing.schedule import service

    return service.run(
        options.config, quiet=options.quiet, verbose=options.verbose, examine=examine
    )


def _status(options: argparse.Namespace) -> int:
    from briefing.schedule import status

    report = status.report(options.config)
    print(json.dumps(report.as_json(), ensure_ascii=False) if options.json else report.as_text())
    return report.exit_code


def _voices(options: argparse.Namespace) -> int:
    from briefing.commands import voices

    config = _configs(options)[0]
    if options.install is None and (options.name_it is not None or options.yes):
        raise UsageError("--name and --yes belong to --install; see: briefing voices --help")
    if options.remove is not None:
        return voices.remove(config, options.remove, print)
    if options.install is not None:
        return voices.install(
            config,
            options.install,
            name=options.name_it,
            agreed=options.yes,
            line=print,
            tell=_terminal(options).report().warn,
        )
    return voices.list_voices(config, print)


def _cache(options: argparse.Namespace) -> int:
    config = _configs(options)[0]
    store = config.open_cache()
    usage: Any = store.clear() if options.clear else store.usage()
    verb = "dropped" if options.clear else "kept"
    print(f"{store.folder}: {usage.entries} entries {verb}, {usage.bytes / 1e6:.1f} MB")
    return EXIT_DONE


def _check(options: argparse.Namespace) -> int:
    from briefing.commands.check import check

    return check(_configs(options), print, _terminal(options).report().warn)


def _editions(options: argparse.Namespace) -> int:
    from briefing.commands import editions

    configs = _configs(options)
    terminal = _terminal(options)
    if options.remove:
        print(editions.remove(configs, *options.remove, warn=terminal.report().warn))
    else:
        print("\n".join(editions.table(configs)))
    return EXIT_DONE
