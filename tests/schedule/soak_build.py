"""Stands in for `briefing build` in the soak, at the soak's time: now and then it is the real one.

Every build takes the real lock, publishes on the real shelf and leaves the real record; the quick
one writes what it has read instead of speaking it. soak.json says what time it is and what is to
go wrong.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import os
import resource
import signal
import sys
import time
from pathlib import Path

_TODAY = datetime.datetime
FOLDER = Path.cwd()
ORDER = json.loads((FOLDER / "soak.json").read_text())
SHIFT_S = ORDER["now"] - time.time()
real_time, real_time_ns = time.time, time.time_ns
time.time = lambda: real_time() + SHIFT_S
time.time_ns = lambda: real_time_ns() + int(SHIFT_S * 1e9)


class _Shifted(_TODAY):
    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:
        return _TODAY.fromtimestamp(time.time(), tz)


datetime.datetime = _Shifted  # type: ignore[misc]


def die(moment: str) -> None:
    if ORDER.get("die") == moment:
        os.killpg(0, signal.SIGKILL)


def main() -> int:
    if ORDER.get("real"):
        from briefing.cli import main as real

        return real(["build", *sys.argv[1:]])
    from briefing.config import load
    from briefing.errors import BriefingError
    from briefing.schedule.follow import end_with_stdin
    from briefing.shelf.build_history import BuildRecord, record_build
    from briefing.shelf.shelf import Shelf, building
    from briefing.shelf.state_files import state_folder
    from briefing.sources import read

    end_with_stdin()
    if ORDER.get("full"):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
    (config,) = load(Path(sys.argv[sys.argv.index("--config") + 1]))
    started, code, message, published = _Shifted.now(datetime.UTC), 0, "", False
    try:
        with building(config.shelf_folder, "briefing"):
            shelf = Shelf(config.shelf_folder)
            shelf.recover("briefing")
            articles, _ = read(config)
            sources = [{"path": one.path, "sha256": one.sha256} for one in articles]
            digest = hashlib.sha256(repr((sources, config.title)).encode()).hexdigest()
            folder = shelf.current("briefing")
            stands = folder / "digest.txt" if folder else None
            if stands is None or not stands.exists() or stands.read_text() != digest:
                with shelf.edition("briefing") as staged:
                    sound = "\n".join(text for one in articles for text in one.paragraphs)
                    data = sound.encode() + b"\n" + bytes(3000)
                    (staged.folder / "briefing.mp3").write_bytes(data)
                    die("staged")
                    entry = {"path": "briefing.mp3", "bytes": len(data),
                             "sha256": hashlib.sha256(data).hexdigest()}  # fmt: skip
                    text = json.dumps({"outputs": [entry], "texts": sound, "title": config.title,
                                       "sources": sources}, ensure_ascii=False)  # fmt: skip
                    (staged.folder / "briefing.json").write_text(text, "utf-8")
                    (staged.folder / "digest.txt").write_text(digest)
                    staged.commit()
                published = True
                die("published")
    except BriefingError as error:
        code, message = error.exit_code, str(error)
        print(f"briefing: {error}", file=sys.stderr)
    done = BuildRecord(started, _Shifted.now(datetime.UTC), code, message, published=published,
                       pid=os.getpid())  # fmt: skip
    with contextlib.suppress(BriefingError):
        record_build(state_folder(config.shelf_folder), "briefing", done)
    die("recorded")
    return code


if __name__ == "__main__":  # its workers import it, too
    sys.exit(main())
