"""The configuration -> a process that builds nightly and on change until it is stopped.

One loop in the main thread takes all decisions. Threads (the alarm, the watch, the end of a build)
and signals only put a word into its inbox. After each word, and at least every few seconds, the
loop looks at the clock and the files and does what is due. Builds are child processes, one at a
time.
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
from briefing.schedule.inputs import Digests, folders, newest, settings_digest, take_snapshot
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
LAST_GOOD_NAME = ".briefing-last-good.toml"
"""A copy of the last good configuration, used while the real file is broken. It is in the same
folder, because paths in it are relative to that folder."""

_LONGEST_SLEEP_S = 15.0
"""Timers stop while a machine is suspended. Within this time after it wakes, or after the clock
was moved, the service notices it."""
_WINDOWS_SLEEP_S = 0.5
"""Windows delivers Ctrl-C only between two sleeps."""
_CLOCK_MOVED_S = 5.0
"""A difference between wall clock and monotonic clock that counts as a moved clock."""
_GRACE_S = 10.0
_STARTING_S = 2.0
"""How long to wait at the start for another service that is just ending."""
_MESSAGE_PREFIX = "briefing: "


@dataclass(frozen=True)
class Clock:
    """The time as a wall clock and as monotonic seconds, and how to wait."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    monotonic: Callable[[], float] = time.monotonic
    wait: Callable[[queue.SimpleQueue[str], float], str] = lambda inbox, seconds: inbox.get(
        timeout=seconds
    )
    """Returns a word from the inbox, or raises queue.Empty after so many seconds."""


@dataclass
class _Desk:
    """One briefing that the service builds."""

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
    """The running build."""

    desk: _Desk
    reason: str
    started: datetime
    edition: object
    """The edition that was published when the build started; see _edition()."""
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

    command: the build, to which --config, --name and --quiet are added. examine: called with each
    configuration before it is used; returns what a build would refuse. Raises ConfigError, or
    Busy if another service is running for the same shelf.
    """
    service = Service(config_path, quiet=quiet, verbose=verbose, command=command, examine=examine)
    with ExitStack() as stack:
        for number in (signal.SIGINT, signal.SIGTERM):
            old = signal.signal(number, lambda *_: service.stop())
            stack.callback(signal.signal, number, old)
        return service.run()


class Service:
    """The service; see run(). stop() and wake() may be called from any thread or signal handler."""

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
        self._has_reported_watch = False
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
        """End the service and the running build."""
        self._inbox.put("stop")

    def wake(self) -> None:
        """Look at the clock and the files now."""
        self._inbox.put("look")

    @property
    def building(self) -> bool:
        """Whether a build is running."""
        return self._running is not None

    def run(self) -> int:
        """Build the briefings when they are due until stop(). Raises what run() raises."""
        configs = self._load(starting=True)
        with ExitStack() as stack:
            for shelf in sorted({config.shelf_folder.resolve() for config in configs}):
                try:
                    stack.enter_context(lock(shelf, LOCK_NAME, _STARTING_S))
                except Busy:
                    raise Busy(f"{shelf}: another `briefing schedule` is running here") from None
            self._log = Log(state_folder(configs[0].output_folder))
            stack.callback(self._log.close)
            alarm = self._alarm = Alarm(self.wake)
            stack.callback(alarm.stop)
            self._adopt(configs)
            self._log.write("started", pid=os.getpid(), briefings=len(configs))
            self._offset = self._offset_now()
            for desk in self._desks:
                self._inform(f"{self._label(desk)}next nightly build {self._next(desk)}")
            try:
                return self._loop()
            finally:
                if self._watch:
                    self._watch.stop()
                if self._running:
                    self._running.child.stop(_GRACE_S)
                (self._base / LAST_GOOD_NAME).unlink(missing_ok=True)
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
                self._inform("stopped")
                return EXIT_DONE
            if "ended" in words:
                self._conclude()
            if "look" in words:
                self._look_at = 0.0
            self._check_clock()

    def _listen(self) -> set[str]:
        """Sleep until something happens or is due; return the words of the inbox."""
        at = self._clock.monotonic()
        wait = [_LONGEST_SLEEP_S, self._look_at - at]
        if not self._running:
            wait += [left for desk in self._desks if (left := desk.plan.wait_s(at)) > 0]
            now = self._clock.now()
            memories = [desk.plan.memory for desk in self._desks if desk.plan.memory]
            retries = [memory.retry_at for memory in memories if memory.retry_at]
            wait += [(retry_at - now).total_seconds() for retry_at in retries]
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

    def _check_clock(self) -> None:
        """Set the alarm again if the machine slept or its clock was moved."""
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
            facts = self._file.stat()
            return (facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns)
        return None

    def _load(self, *, starting: bool = False) -> tuple[Config, ...]:
        """Read the configuration and examine what its builds need. Raise BriefingError.

        starting: raise for everything that a build would refuse. Otherwise raise only for a wrong
        setting: a full disk or a missing folder may be temporary, and builds are tried again.
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
        """Adopt the changed configuration, or keep the previous one if it is broken."""
        self._config_since = 0.0
        try:
            configs = self._load()
            self._refuse_new_shelf(configs)
        except BriefingError as error:
            self._config_error = str(error)
            self._complain(f"{error}; the previous configuration is still used")
            self._log.write("configuration broken", message=str(error))
            with suppress(OSError):
                (self._base / LAST_GOOD_NAME).write_bytes(self._config_bytes)
            return
        self._config_error = ""
        (self._base / LAST_GOOD_NAME).unlink(missing_ok=True)
        self._inform("configuration read again")
        self._log.write("configuration read", briefings=len(configs))
        self._adopt(configs)
        self._watched = None

    def _refuse_new_shelf(self, configs: Sequence[Config]) -> None:
        before = {desk.config.shelf_folder.resolve() for desk in self._desks}
        if new := {config.shelf_folder.resolve() for config in configs} - before:
            raise ConfigError(
                f"{self._file}: output.folder or feed.private was changed, the shelf is now"
                f" {', '.join(map(str, sorted(new)))}; restart `briefing schedule` to use it"
            )

    def _adopt(self, configs: Sequence[Config]) -> None:
        """Build these briefings from now on. A briefing that was there before keeps its plan."""
        before = {desk.name: desk for desk in self._desks}
        self._desks = []
        for config in configs:
            table, settings = timetable(config), settings_digest(config)
            desk = before.get(config.output.name)
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
        """Watch the folders that exist now; they may appear, disappear and be made again."""
        schedules = [desk.config.schedule for desk in self._desks]
        watched: dict[Path, tuple[int, int]] = {}
        if any(schedule.watch for schedule in schedules):
            for desk in self._desks:
                watched |= folders(desk.config)
        if self._watch_failure:
            if not self._poll_instead:
                self._complain(
                    f"the folders cannot be watched ({self._watch_failure}); looking for changes"
                    " from time to time instead"
                )
            self._log.write("watch failed", message=self._watch_failure)
            self._poll_instead = True
            self._watch_failure, self._watch = "", None
            return  # the files are still looked at every rescan_s; the next time tries again
        if watched == self._watched and (self._watch or not watched):
            self._report_watch()
            return
        if self._watch:
            self._watch.stop()
        self._watched, self._watch = watched, None
        if watched:
            self._watch = Watch(
                watched,
                self.wake,
                self._on_watch_failure,
                polling=self._poll_instead or any(schedule.polling for schedule in schedules),
                poll_s=min(schedule.poll_s for schedule in schedules),
            )
            self._watch.start()

    def _on_watch_failure(self, reason: str) -> None:
        self._watch_failure = reason
        self.wake()

    def _report_watch(self) -> None:
        if self._watch and self._watch.has_started and not self._has_reported_watch:
            self._has_reported_watch = True
            places = sorted({str(desk.config.sources_folder) for desk in self._desks})
            self._inform(f"watching {', '.join(places)}")
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
            snapshot = take_snapshot(desk.config)
            inputs = desk.settings + desk.digests.of(snapshot)
            first = desk.plan.snapshot is None
            if desk.plan.notice(snapshot, inputs, at):
                self._log.write("files changed", briefing=desk.name, files=len(snapshot))
            elif first and newest(snapshot) > self._clock.now().timestamp() - self._settle_s:
                desk.plan.unsettle(at)  # a file may be half written

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
            command += ["--config", str(self._base / LAST_GOOD_NAME)]
        elif desk.config.path:
            command += ["--config", str(desk.config.path)]
        command += [] if self._verbose else ["--quiet"]
        desk.plan.begin(reason)
        edition = _edition(desk.config)
        self._log.write("build started", briefing=desk.name, trigger=reason)
        if self._verbose:
            self._inform(f"{self._label(desk)}{reason} build")
        try:
            child = Child(
                command,
                {TRIGGER_VARIABLE: reason},
                self._relay,
                lambda: self._inbox.put("ended"),
            )
        except OSError as error:
            self._finish(desk, reason, self._failure(now, f"the build cannot be started: {error}"))
            return
        self._running = _Running(desk, reason, now, edition, child)

    def _conclude(self) -> None:
        """Process the result of the ended build: its own record, or else its exit code."""
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

    def _failure(self, started: datetime, message: str) -> BuildRecord:
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
                self._inform(f"{self._label(desk)}published ({reason}, {seconds:.1f} s)")
                self._hook(schedule.on_success, desk, build, retry)
            elif self._verbose:
                self._inform(f"{self._label(desk)}up to date")
            return
        again = f"next try at {retry}" if retry else "next try after a change or at the next night"
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
        self._hooks = [thread for thread in self._hooks if thread.is_alive()]
        if hook:
            self._hooks.append(hook)

    # -- messages

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

    def _inform(self, message: str) -> None:
        if not self._quiet:
            self._print(_MESSAGE_PREFIX + message)

    def _complain(self, message: str) -> None:
        self._print(_MESSAGE_PREFIX + message)

    def _print(self, line: str) -> None:
        with suppress(OSError, ValueError):  # standard error was closed
            print(line, file=sys.stderr, flush=True)


def _edition(config: Config) -> object:
    """Return what identifies the published edition, its sidecar file; None: there is none."""
    with suppress(OSError):
        facts = (config.shelf_folder / f"{config.output.name}.json").stat()
        return (facts.st_dev, facts.st_ino, facts.st_mtime_ns)
    return None
