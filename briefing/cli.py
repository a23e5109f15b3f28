"""The command line: parse, call, print. Results go to stdout, progress and messages to stderr."""

from __future__ import annotations

import argparse
import datetime
import json
import os
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from briefing import __version__
from briefing.commands.completion import SHELLS, PrintCompletion
from briefing.errors import EXIT_DONE, EXIT_FAILED, BriefingError, UsageError, explain

if TYPE_CHECKING:
    from briefing.commands.terminal import Terminal
    from briefing.config import Config

__all__ = ["main", "parser"]

_EXIT_INTERRUPTED = 130


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    top = _Parser(prog="briefing", description="Turn Arabic articles into one spoken briefing.")
    top.add_argument("--version", action="version", version=f"briefing {__version__}")
    top.add_argument(
        "--print-completion",
        metavar="SHELL",
        choices=SHELLS,
        action=PrintCompletion,
        help=f"print what completes commands at the Tab key: {', '.join(SHELLS)}",
    )
    commands = top.add_subparsers(title="commands", dest="command", metavar="COMMAND")
    command = partial(_add_command, commands)
    _add_what_speaks(command)
    _add_what_runs_and_keeps(command)
    return top


_Commands = Callable[[str, str], argparse.ArgumentParser]
"""Adds a command by its name and meaning, and returns its parser."""


def _add_command(commands: Any, name: str, meaning: str) -> argparse.ArgumentParser:
    """Add a command with the options that all commands have. commands: argparse's subparsers."""
    sub: argparse.ArgumentParser = commands.add_parser(name, help=meaning, description=meaning)
    sub.set_defaults(run=globals()[f"_{name}"])
    sub.add_argument("--config", metavar="FILE", type=Path, help="default: ./config.toml")
    sub.add_argument("--quiet", action="store_true", help="print errors and warnings only")
    sub.add_argument("--verbose", action="store_true", help="print more")
    return sub


def _add_what_speaks(command: _Commands) -> None:
    """Add the commands that read and speak articles."""
    sub = command("build", "Build the briefings that are out of date.")
    sub.add_argument("--voice", metavar="NAME", help="speak with this voice")
    sub.add_argument("--date", metavar="DAY", help="the edition's day, YYYY-MM-DD; default: today")
    sub.add_argument("--force", action="store_true", help="speak everything again")
    sub.add_argument("--name", metavar="NAME", help="build only this briefing of several")
    sub.add_argument("--follow-stdin", action="store_true", help=argparse.SUPPRESS)
    sub.add_argument("--progress-lines", action="store_true", help=argparse.SUPPRESS)

    sub = command("gather", "Ask the feeds and pages for new articles, without building.")
    sub.add_argument("--date", metavar="DAY", help="the edition's day, YYYY-MM-DD; default: today")
    sub.add_argument("--force", action="store_true", help="ask again, however lately they were")

    sub = command("script", "Show what will be spoken, without speaking it.")
    sub.add_argument(
        "file",
        metavar="FILE",
        nargs="?",
        help="an article, or - for standard input; default: all that the next edition reads",
    )
    sub.add_argument("--name", metavar="NAME", help="of several briefings, this one's edition")
    way = sub.add_mutually_exclusive_group()
    way.add_argument("--json", action="store_true", help="print one JSON object a sentence")
    way.add_argument("--why", action="store_true", help="print what read each word")
    sub.add_argument("--vowelled", action="store_true", help="the text is fully vowelled already")

    sub = command("say", "Hear a phrase, for instance to check a reading.")
    sub.add_argument("text", metavar="TEXT")
    sub.add_argument("--voice", metavar="NAME", help="speak with this voice")
    sub.add_argument("-o", "--output", metavar="FILE", help="an .mp3, .m4b or .opus; -: stdout")

    sub = command("mend", "Write how a word is read into your lexicon.")
    sub.add_argument("word", metavar="WORD", help="as the articles write it")
    sub.add_argument("reading", metavar="READING", help="with its vowels, or /IPA/")
    sub.add_argument("--article", metavar="FILE", help="in this article alone")
    sub.add_argument("--name", metavar="NAME", help="of several briefings, this one's lexicon")

    sub = command("names", "List the names that are guessed, the most frequent first.")
    sub.add_argument("--name", metavar="NAME", help="of several briefings, this one's edition")


def _add_what_runs_and_keeps(command: _Commands) -> None:
    """Add the commands of the services, the voices, the shelf and the cache."""
    command("init", "Write a configuration, a lexicon and a folder for articles here.")

    sub = command("listen", "Serve the shelf and open it in the browser.")
    sub.add_argument("--port", metavar="N", type=int, help="default: the configuration's")
    sub.add_argument("--host", metavar="ADDRESS", default="127.0.0.1", help="default: 127.0.0.1")
    sub.add_argument("--no-browser", action="store_true", help="do not open the browser")

    sub = command("desk", "Proof-read, mend, hear and build on a page of this machine.")
    sub.add_argument("--port", metavar="N", type=int, help="default: 8643, else any free one")
    sub.add_argument("--no-browser", action="store_true", help="do not open the browser")
    sub.add_argument("--link", action="store_true", help="print another address of a running desk")

    sub = command("schedule", "Rebuild nightly and when a source changes, until stopped.")
    sub.add_argument("--install", action="store_true", help="write a systemd user unit instead")

    sub = command("status", "Show the last build, the next run, and what failed.")
    sub.add_argument("--json", action="store_true", help="as one JSON object")

    sub = command("voices", "Show the voices; install or remove a neural voice.")
    way = sub.add_mutually_exclusive_group()
    way.add_argument("--install", metavar="NAME|FILE", help="a voice to fetch, or an .onnx file")
    way.add_argument("--remove", metavar="NAME", help="remove an installed neural voice")
    sub.add_argument("--name", metavar="NAME", dest="new_name", help="the new voice's name")
    sub.add_argument("--yes", action="store_true", help="install without asking")

    sub = command("cache", "Show where the clips are kept and how large they are.")
    sub.add_argument("--clear", action="store_true", help="remove all of them")

    sub = command("editions", "Show the editions on the shelf, or remove an edition.")
    sub.add_argument(
        "--remove", nargs=2, metavar=("NAME", "DATE"), help="a briefing and a date, YYYY-MM-DD"
    )

    sub = command("publish", "Deliver the shelf to a folder, by ssh, or to a bucket.")
    sub.add_argument(
        "target", nargs="?", metavar="TARGET",
        help="a folder, ssh://user@host/path or s3://bucket/prefix; default: publish.target",
    )  # fmt: skip
    sub.add_argument("--name", metavar="NAME", help="the shelf of this briefing")
    sub.add_argument("--dry-run", action="store_true", help="only show what would be sent")

    sub = command("feed", "Show the addresses of the feeds, or change a private one.")
    sub.add_argument("--name", metavar="NAME", help="only this briefing's")
    sub.add_argument(
        "--new-key", action="store_true", help="give a private feed a new address; the old one ends"
    )

    command("check", "Check the configuration, the sources and the voices.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return its exit code (0 done, 1 failed, 2 wrong usage, 3 partly)."""
    _prepare_streams()
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
        # the reader of our output has closed the pipe
        _drop_output()
        return EXIT_DONE
    except Exception as error:
        is_expected = isinstance(error, BriefingError | OSError)
        if not is_expected and options is not None and options.verbose:
            raise
        print(f"briefing: {explain(error)}", file=sys.stderr)
        try:
            sys.stdout.flush()
        except OSError:  # a full disk: at its end, Python would try again and print a traceback
            _drop_output()
        return error.exit_code if isinstance(error, BriefingError) else EXIT_FAILED


def _drop_output() -> None:
    """Discard everything that has not been printed yet."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


_OF_COMMANDS = ("--config", "--quiet", "--verbose", "--name")
"""Options that people write before the command."""


class _Parser(argparse.ArgumentParser):
    """A parser whose messages suggest what was probably meant, as those of the configuration do."""

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Refuse an unknown option in the command's own parser, which knows its options."""
        first = next(iter(sys.argv[1:] if args is None else args), "").partition("=")[0]
        if self._subparsers is not None and first in _OF_COMMANDS:
            self.error(f"{first} stands after the command, as in: {self.prog} build {first}")
        options, unknown = super().parse_known_args(args, namespace)
        if unknown:
            option = unknown[0].partition("=")[0]
            hint = _nearest(option, self._option_string_actions) if option[:1] == "-" else ""
            self.error(f"unrecognized arguments: {' '.join(unknown)}{hint}")
        return options, unknown

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Refuse a command or a shell that is unknown."""
        if action.choices is not None and value not in action.choices:
            names = list(action.choices)
            hint = _nearest(value, names) or f"; there are: {', '.join(names)}"
            kind = "command" if action.dest == "command" else action.metavar
            self.error(f"there is no {str(kind).lower()} {value!r}{hint}")

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see: {self.prog} --help")


def _nearest(word: str, valid: Iterable[str]) -> str:
    """Return a question with the valid word that is most like a wrong one; "" if none is."""
    import difflib

    near = difflib.get_close_matches(word.lower(), valid, 1)
    return f"; did you mean {near[0]}?" if near else ""


def _stop(signal_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt(signal_number)


def _prepare_streams() -> None:
    """Make the standard streams write UTF-8 in every locale, and lone surrogates as escapes.

    Streams that were closed before the start are replaced by the null device, so that no file that
    is opened later gets their numbers.
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
    name = getattr(options, "name", None)
    if name is None:
        return configs
    chosen = tuple(config for config in configs if config.output.name == name)
    if not chosen:
        names = ", ".join(config.output.name for config in configs)
        raise UsageError(f"there is no briefing {name!r}; there are: {names}")
    return chosen


def _terminal(options: argparse.Namespace) -> Terminal:
    from briefing.commands.terminal import Terminal

    lines = getattr(options, "progress_lines", False)
    return Terminal(quiet=options.quiet, verbose=options.verbose, progress_lines=lines)


def _build(options: argparse.Namespace) -> int:
    from briefing.commands.build import build_all
    from briefing.pipeline import Request
    from briefing.shelf.build_history import TRIGGER_VARIABLE

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
    # a file or a reading that was changed is no reason to ask the feeds
    gathers = trigger not in ("change", "desk")
    return build_all(_configs(options), request, _terminal(options), gathers=gathers)


def _gather(options: argparse.Namespace) -> int:
    from briefing.commands.gathering import gather_by_command

    return gather_by_command(
        _configs(options), edition_date(options.date), _terminal(options), force=options.force
    )


def edition_date(text: str | None) -> str:
    """Return the day that an edition is for: the text, or SOURCE_DATE_EPOCH's day, or today.

    Raises UsageError.
    """
    if text is not None:
        try:
            return datetime.date.fromisoformat(text).isoformat()
        except ValueError:
            raise UsageError(f"--date {text}: write a day as YYYY-MM-DD") from None
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        try:
            return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date().isoformat()
        except (ValueError, OverflowError, OSError):
            raise UsageError(f"SOURCE_DATE_EPOCH={epoch}: must be seconds since 1970") from None
    return datetime.date.today().isoformat()


def _script(options: argparse.Namespace) -> int:
    from briefing.commands.proofreading import Form, write_edition_script, write_script

    form: Form = "json" if options.json else "why" if options.why else "text"
    if options.file is None:
        report = _terminal(options).report()
        return write_edition_script(_configs(options)[0], form=form, report=report)
    return write_script(
        _configs(options)[0],
        options.file,
        form=form,
        vowelled=options.vowelled,
        report=_terminal(options).report(),
    )


def _mend(options: argparse.Namespace) -> int:
    from briefing.commands.mending import mend

    config = _configs(options)[0]
    warn = _terminal(options).report().warn
    return mend(config, options.word, options.reading, options.article, print, warn)


def _names(options: argparse.Namespace) -> int:
    from briefing.commands.mending import names

    terminal = _terminal(options)
    with terminal:
        return names(_configs(options)[0], terminal.show_result, terminal.report())


def _init(options: argparse.Namespace) -> int:
    from briefing.commands.starting import init

    return init(options.config, print)


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


def _desk(options: argparse.Namespace) -> int:
    from briefing.config import Listen, check_setting
    from briefing.desk.server import link, run

    if options.port is not None:
        check_setting(Listen, "port", options.port)
    if options.link:
        print(link(_configs(options)[0], options.port))
        return EXIT_DONE
    _configs(options)  # a wrong configuration is refused before a page opens
    return run(options.config, options.port, open_browser=not options.no_browser)


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
    if options.install is None and (options.new_name is not None or options.yes):
        raise UsageError("--name and --yes belong to --install; see: briefing voices --help")
    if options.remove is not None:
        return voices.remove(config, options.remove, print)
    if options.install is not None:
        return voices.install(
            config,
            options.install,
            name=options.new_name,
            agreed=options.yes,
            line=print,
            notify=_terminal(options).report().warn,
        )
    return voices.list_voices(config, print)


def _cache(options: argparse.Namespace) -> int:
    config = _configs(options)[0]
    store = config.open_cache()
    usage: Any = store.clear() if options.clear else store.usage()
    verb = "dropped" if options.clear else "kept"
    print(f"{store.folder}: {usage.entries} entries {verb}, {usage.bytes / 1e6:.1f} MB")
    return EXIT_DONE


def _publish(options: argparse.Namespace) -> int:
    from briefing.commands.publishing import publish

    terminal = _terminal(options)
    report = terminal.report()
    with terminal:
        publish(
            _configs(options),
            options.target,
            dry_run=options.dry_run,
            line=print,
            phase=report.phase,
        )
        report.end()
    return EXIT_DONE


def _feed(options: argparse.Namespace) -> int:
    from briefing.commands import feeds

    configs = _configs(options)
    for line in feeds.renew(configs) if options.new_key else feeds.addresses(configs):
        print(line)
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
