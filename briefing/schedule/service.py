"""The configuration -> a process that builds nightly and on change until it is stopped.

One loop in the main thread takes all decisions. Threads (the alarm, the watch, the build's end) and
signals only put a word into its inbox; after each word, and every few seconds at least, it looks at
the clock and the files and does what is due. Builds are child processes, one at a time.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from briefing.config import CONFIG_NAME, Config, load
from briefing.errors import (
    EXIT_DONE,
    BriefingError,
    ConfigError,
    Findings,
    ShelfError,
    UsageError,
)
from briefing.schedule.alarm import Alarm
from briefing.schedule.child import Child
from briefing.schedule.cron import timetable
from briefing.schedule.hooks import run_hook
from briefing.schedule.inputs import Digests, folders, look, newest, settings_digest
from briefing.schedule.logs import Log
from briefing.schedule.memory import read_memory, remember
from briefing.schedule.plan import Plan
from briefing.schedule.watch import Watch
from briefing.shelf.build_history import TRIGGER_VARIABLE, BuildRecord, read_builds, record_build
from briefing.shelf.lock import Busy, lock
from briefing.shelf.state_files import state_folder

__all__ = ["BUILD_COMMAND", "LOCK_NAME", "Clock", "Service", "run"]

BUILD_COMMAND = (sys.executable, "-m", "briefing", "build", "--follow-stdin")
LOCK_NAME = "schedule"
KEPT_NAME = ".briefing-last-good.toml"
"""The configuration that still holds while the real file is broken; beside it, as its paths are."""

_LONGEST_SLEEP_S = 15.0
"""A suspended machine stops the timers: so long after waking, or a moved clock, it is noticed."""
_WINDOWS_SLEEP_S = 0.5
"""Windows hears of Ctrl-C only between two sleeps."""
_CLOCK_MOVED_S = 5.0
_GRACE_S = 10.0
_STARTING_S = 2.0
"""How long to wait for a service that is just ending."""
_MESSAGE_PREFIX = "briefing: "


@dataclass(frozen=True)
class Clock:
    """The time, as a wall clock and as seconds that only go forward; and how it passes."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    monotonic: Callable[[], float] = time.monotonic
    wait: Callable[[queue.SimpleQueue[str], float], str] = lambda inbox, seconds: inbox.get(
        timeout=seconds
    )
    """Waits for a word in the inbox for so many seconds, then raises queue.Empty."""


@dataclass
class _Desk:
    """One briefing under the service's care."""

    config: Config
    plan: Plan
    digests: Digests
    settings: str

    @property
    def name(self) -> str:
        return self.config.output.name

    @property
    def folder(self) -> Path:
        return state_folder(self.config.shelf_folder)


@dataclass
class _Running:
    """The build under way."""

    desk: _Desk
    reason: str
    started: datetime
    edition: object
    """What stood on the shelf; see _edition()."""
    child: Child


def run(
    config_path: Path | None = None,
    *,
    quiet: bool = False,
    verbose: bool = False,
    command: Sequence[str] = BUILD_COMMAND,
    examine: Callable[[Config], Findings] | None = None,
) -> int:
    """Run the service until SIGTERM or Ctrl-C, and return its exit code.

    command: the build, to which --config, --name and --quiet are added. examine: looks at each
    configuration before it is used, for what a build would refuse. Raises ConfigError, or
    Busy when another service looks after the same shelf.
    """
    service = Service(config_path, quiet=quiet, verbose=verbose, command=command, examine=examine)
    with ExitStack() as stack:
        for number in (signal.SIGINT, signal.SIGTERM):
            old = signal.signal(number, lambda *_: service.stop())
            stack.callback(signal.signal, number, old)
        return service.run()


class Service:
    """See run(); stop() and wake() may be called from any thread and from a signal handler."""

    def __init__(
        self,
        config_path: Path | None,
        *,
        quiet: bool = False,
        verbose: bool = False,
        command: Sequence[str] = BUILD_COMMAND,
        clock: Clock | None = None,
        examine: Callable[[Config], Findings] | None = None,
    ) -> None:
        self._path = config_path
        self._quiet, self._verbose = quiet, verbose
        self._command = tuple(command)
        self._clock = clock or Clock()
        self._examine = examine or (lambda _: Findings())
        self._inbox: queue.SimpleQueue[str] = queue.SimpleQueue()  # its put() is reentrant
        self._desks: list[_Desk] = []
        self._running: _Running | None = None
        self._watch: Watch | None = None
        self._watched: object = None
        self._watching_said = False
        self._watch_failure = ""
        self._poll_instead = False
        self._look_at = 0.0
        self._hooks: list[threading.Thread] = []
        self._config_stamp: object = None
        self._config_bytes = b""
        self._config_since = 0.0
        self._config_error = ""
        self._offset = 0.0

    def stop(self) -> None:
        """End the service; a build under way is ended too."""
        self._inbox.put("stop")

    def wake(self) -> None:
        """Look at the clock and the files now."""
        self._inbox.put("look")

    @property
    def building(self) -> bool:
        """A build is under way."""
        return self._running is not None

    def run(self) -> int:
        """Look after the briefings until stop(). Raises as the function run() does."""
        configs = self._load(starting=True)
        with ExitStack() as stack:
            for shelf in sorted({config.shelf_folder.resolve() for config in configs}):
                try:
                    stack.enter_context(lock(shelf, LOCK_NAME, _STARTING_S))
                except Busy:
                    raise Busy(f"{shelf}: another `briefing schedule` is running here") from None
            self._log = Log(state_folder(configs[0].shelf_folder))
            stack.callback(self._log.close)
            alarm = self._alarm = Alarm(self.wake)
            stack.callback(alarm.stop)
            self._take(configs)
            self._log.write("started", pid=os.getpid(), briefings=len(configs))
            self._offset = self._offset_now()
            for desk in self._desks:
                self._say(f"{self._label(desk)}next nightly build {self._next(desk)}")
            try:
                return self._loop()
            finally:
                if self._watch:
                    self._watch.stop()
                if self._running:
                    self._running.child.stop(_GRACE_S)
                (self._base / KEPT_NAME).unlink(missing_ok=True)
                for hook in self._hooks:
                    hook.join(2)
                self._log.write("stopped")

    # -- the loop

    def _loop(self) -> int:
        while True:
            self._keep_watching()
            self._look_if_needed()
            self._build_if_due()
            words = self._listen()
            if "stop" in words:
                self._say("stopped")
                return EXIT_DONE
            if "ended" in words:
                self._conclude()
            if "look" in words:
                self._look_at = 0.0
            self._mind_the_clock()

    def _listen(self) -> set[str]:
        """Sleep until something happens or is due; give what happened."""
        at = self._clock.monotonic()
        wait = [_LONGEST_SLEEP_S, self._look_at - at]
        if not self._running:
            wait += [left for desk in self._desks if (left := desk.plan.wait_s(at)) > 0]
            now = self._clock.now()
            memories = [desk.plan.memory for desk in self._desks if desk.plan.memory]
            wait += [(one.retry_at - now).total_seconds() for one in memories if one.retry_at]
        if self._config_since:
            wait.append(self._config_since + self._settle_s - at)
        sleep = max(0.02, min(wait))
        words = set()
        with suppress(queue.Empty):
            words.add(
                self._clock.wait(
                    self._inbox, min(sleep, _WINDOWS_SLEEP_S) if os.name == "nt" else sleep
                )
            )
            while True:
                words.add(self._inbox.get_nowait())
        return words

    def _offset_now(self) -> float:
        return self._clock.now().timestamp() - self._clock.monotonic()

    def _mind_the_clock(self) -> None:
        """Set the alarm again when the machine slept or its clock was moved."""
        offset = self._offset_now()
        if abs(offset - self._offset) > _CLOCK_MOVED_S:
            self._log.write("clock moved", seconds=round(offset - self._offset))
            self._set_alarm()
            self._look_at = 0.0
        self._offset = offset

    # -- the configuration

    @property
    def _file(self) -> Path:
        return (self._path or Path(CONFIG_NAME)).absolute()

    @property
    def _base(self) -> Path:
        return self._file.parent

    @property
    def _settle_s(self) -> float:
        return max(desk.config.schedule.settle_s for desk in self._desks)

    def _stamp(self) -> object:
        with suppress(OSError):
            seen = self._file.stat()
            return (seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns)
        return None

    def _load(self, *, starting: bool = False) -> tuple[Config, ...]:
        """Read the configuration and look at all that its builds need. Raise BriefingError.

        Once started, only a wrong setting is refused: a full disk or a folder that is not there now
        may mend itself, and the builds are tried again.
        """
        self._config_stamp = self._stamp()
        if self._config_bytes and self._config_stamp is None:
            raise ConfigError(f"{self._file}: is gone; put it back")
        configs = load(self._path)
        for config in configs:
            findings = self._examine(config)
            for refusal in findings.refusals:
                if starting or isinstance(refusal, UsageError):
                    raise refusal
            for warning in findings.warnings:
                self._complain(warning)
        with suppress(OSError):
            self._config_bytes = self._file.read_bytes()
        return configs

    def _reload(self) -> None:
        """Take the configuration that was changed, or keep the old one if it is broken."""
        self._config_since = 0.0
        try:
            configs = self._load()
            self._refuse_new_shelf(configs)
        except BriefingError as error:
            self._config_error = str(error)
            self._complain(f"{error}; the configuration before is kept")
            self._log.write("configuration broken", message=str(error))
            with suppress(OSError):
                (self._base / KEPT_NAME).write_bytes(self._config_bytes)
            return
        self._config_error = ""
        (self._base / KEPT_NAME).unlink(missing_ok=True)
        self._say("configuration read again")
        self._log.write("configuration read", briefings=len(configs))
        self._take(configs)
        self._watched = None

    def _refuse_new_shelf(self, configs: Sequence[Config]) -> None:
        known = {desk.config.shelf_folder.resolve() for desk in self._desks}
        if new := {config.shelf_folder.resolve() for config in configs} - known:
            raise ConfigError(
                f"{self._file}: output.folder was changed to {', '.join(map(str, sorted(new)))},"
                " which takes a restart of `briefing schedule`"
            )

    def _take(self, configs: Sequence[Config]) -> None:
        """Look after these briefings, keeping what is known of those that stay."""
        known = {desk.name: desk for desk in self._desks}
        self._desks = []
        for config in configs:
            table, settings = timetable(config), settings_digest(config)
            desk = known.get(config.output.name)
            if desk:
                desk.config, desk.settings = config, settings
                desk.plan.schedule, desk.plan.table = config.schedule, table
            else:
                plan = Plan(config.schedule, table, None)
                digests = Digests(int(config.sources.max_file_mb * 1e6))
                desk = _Desk(config, plan, digests, settings)
                plan.memory = read_memory(desk.folder, desk.name)
            self._desks.append(desk)
        if self._running and self._running.desk not in self._desks:
            self._running.child.stop(_GRACE_S)
        self._set_alarm()
        self._look_at = 0.0

    def _set_alarm(self) -> None:
        self._alarm.set({desk.name: desk.plan.table for desk in self._desks})

    # -- the files

    def _keep_watching(self) -> None:
        """Watch the folders that there are now: they come, go, and are made again."""
        schedules = [desk.config.schedule for desk in self._desks]
        watched: dict[Path, tuple[int, int]] = {}
        if any(one.watch for one in schedules):
            for desk in self._desks:
                watched |= folders(desk.config)
        if self._watch_failure:
            if not self._poll_instead:
                self._complain(
                    f"cannot be told of changes ({self._watch_failure}); looking instead"
                )
            self._log.write("watch failed", message=self._watch_failure)
            self._poll_instead = True
            self._watch_failure, self._watch = "", None
            return  # the look at every rescan_s goes on; the next one tries again
        if watched == self._watched and (self._watch or not watched):
            self._say_watching()
            return
        if self._watch:
            self._watch.stop()
        self._watched, self._watch = watched, None
        if watched:
            self._watch = Watch(
                watched,
                self.wake,
                self._take_failure,
                polling=self._poll_instead or any(one.polling for one in schedules),
                poll_s=min(one.poll_s for one in schedules),
            )
            self._watch.start()

    def _take_failure(self, reason: str) -> None:
        self._watch_failure = reason
        self.wake()

    def _say_watching(self) -> None:
        if self._watch and self._watch.standing and not self._watching_said:
            self._watching_said = True
            places = sorted({str(desk.config.sources_folder) for desk in self._desks})
            self._say(f"watching {', '.join(places)}")
            self._log.write("watching", folders=len(places))

    def _look_if_needed(self) -> None:
        at = self._clock.monotonic()
        stamp = self._stamp()
        if stamp != self._config_stamp:
            self._config_stamp, self._config_since = stamp, at
        elif self._config_since and at - self._config_since >= self._settle_s:
            self._reload()
        settling = any(desk.plan.unsettled_since is not None for desk in self._desks)
        if at < self._look_at and not settling:
            return
        self._look_at = at + min(desk.config.schedule.rescan_s for desk in self._desks)
        for desk in self._desks:
            seen = look(desk.config)
            inputs = desk.settings + desk.digests.of(seen)
            first = desk.plan.seen is None
            if desk.plan.notice(seen, inputs, at):
                self._log.write("files changed", briefing=desk.name, files=len(seen))
            elif first and newest(seen) > self._clock.now().timestamp() - self._settle_s:
                desk.plan.unsettle(at)  # one may be half written

    # -- the builds

    def _build_if_due(self) -> None:
        now, at = self._clock.now(), self._clock.monotonic()
        if self._running or self._config_since:
            return
        for desk in self._desks:
            good = read_builds(desk.folder, desk.name).last_good
            desk.plan.last_good = good.started if good else None
            if reason := desk.plan.reason(now, at):
                self._start(desk, reason, now)
                return

    def _start(self, desk: _Desk, reason: str, now: datetime) -> None:
        command = [*self._command, "--name", desk.name]
        if self._config_error:
            command += ["--config", str(self._base / KEPT_NAME)]
        elif desk.config.path:
            command += ["--config", str(desk.config.path)]
        command += [] if self._verbose else ["--quiet"]
        desk.plan.begin(reason)
        edition = _edition(desk.config)
        self._log.write("build started", briefing=desk.name, trigger=reason)
        if self._verbose:
            self._say(f"{self._label(desk)}{reason} build")
        try:
            child = Child(
                command,
                {TRIGGER_VARIABLE: reason},
                self._relay,
                lambda: self._inbox.put("ended"),
            )
        except OSError as error:
            self._finish(desk, reason, self._failed(now, f"the build cannot be started: {error}"))
            return
        self._running = _Running(desk, reason, now, edition, child)

    def _conclude(self) -> None:
        """Take the result of the build that ended: from its own record, or from its exit code."""
        running, self._running = self._running, None
        if not running:
            return
        child, code = running.child, running.child.exit_code or 0
        own = read_builds(running.desk.folder, running.desk.name).last
        if own and own.pid == child.pid and own.exit_code == code:
            build = own
        else:
            code = code if code >= 0 and code < 128 else 1
            message = next((line for line in reversed(child.tail) if line.strip()), "")
            if (child.exit_code or 0) < 0 and not message:
                message = f"the build was ended by signal {-(child.exit_code or 0)}"
            build = BuildRecord(
                started=running.started,
                ended=self._clock.now(),
                exit_code=code,
                message="" if code == EXIT_DONE else message.removeprefix(_MESSAGE_PREFIX),
                published=_edition(running.desk.config) != running.edition,
                trigger=running.reason,
                pid=child.pid,
            )
            self._save(lambda: record_build(running.desk.folder, running.desk.name, build))
        self._finish(running.desk, running.reason, build)

    def _failed(self, started: datetime, message: str) -> BuildRecord:
        return BuildRecord(started, self._clock.now(), 1, message)

    def _finish(self, desk: _Desk, reason: str, build: BuildRecord) -> None:
        memory = desk.plan.end(build, self._clock.now())
        self._save(lambda: remember(desk.folder, desk.name, memory))
        seconds = (build.ended - build.started).total_seconds()
        self._log.write(
            "build ended",
            briefing=desk.name,
            trigger=reason,
            exit_code=build.exit_code,
            published=build.published,
            seconds=round(seconds, 1),
            message=build.message or None,
            reused=build.reused,
            spoken=build.spoken,
            failures=memory.failures or None,
            retry_at=memory.retry_at,
        )
        self._look_at = 0.0
        schedule = desk.config.schedule
        retry = (
            f"{memory.retry_at.astimezone(desk.plan.table.zone):%H:%M:%S}"
            if memory.retry_at
            else ""
        )
        if build.good:
            if build.published:
                self._say(f"{self._label(desk)}published ({reason}, {seconds:.1f} s)")
                self._hook(schedule.on_success, desk, build, retry)
            elif self._verbose:
                self._say(f"{self._label(desk)}up to date")
            return
        again = f"tried again at {retry}" if retry else "tried again at the next change or night"
        self._complain(
            f"{self._label(desk)}build failed: {build.message or 'no reason given'}; {again}"
        )
        self._hook(schedule.on_failure, desk, build, retry)

    def _hook(self, command: Sequence[str], desk: _Desk, build: BuildRecord, retry: str) -> None:
        facts = {
            "BRIEFING_NAME": desk.name,
            "BRIEFING_EXIT_CODE": str(build.exit_code),
            "BRIEFING_MESSAGE": build.message,
            "BRIEFING_EDITION_DATE": build.edition_date or "",
            "BRIEFING_SHELF": str(desk.config.shelf_folder),
            "BRIEFING_RETRY_AT": retry,
        }
        hook = run_hook(command, facts, desk.config.base, self._complain)
        self._hooks = [one for one in self._hooks if one.is_alive()] + ([hook] if hook else [])

    # -- what is said

    def _save(self, write: Callable[[], None]) -> None:
        try:
            write()
        except ShelfError as error:
            self._complain(str(error))
            self._log.write("state not written", message=str(error))

    def _label(self, desk: _Desk) -> str:
        return f"{desk.name}: " if len(self._desks) > 1 else ""

    def _next(self, desk: _Desk) -> str:
        due = desk.plan.table.after(self._clock.now()).astimezone(desk.plan.table.zone)
        return f"{due:%Y-%m-%d %H:%M %Z}"

    def _relay(self, line: str) -> None:
        if line.strip():
            self._print(line)

    def _say(self, message: str) -> None:
        if not self._quiet:
            self._print(_MESSAGE_PREFIX + message)

    def _complain(self, message: str) -> None:
        self._print(_MESSAGE_PREFIX + message)

    def _print(self, line: str) -> None:
        with suppress(OSError, ValueError):  # nobody listens any more
            print(line, file=sys.stderr, flush=True)


def _edition(config: Config) -> object:
    """Tell one edition on the shelf from another, by the file of its sidecar; None: none."""
    with suppress(OSError):
        seen = (config.shelf_folder / f"{config.output.name}.json").stat()
        return (seen.st_dev, seen.st_ino, seen.st_mtime_ns)
    return None
