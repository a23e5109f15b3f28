"""What publishing a shelf costs when nothing has changed: seconds, requests, bytes.

    python -m tests.benchmarks.delivery [--briefings 300] [--editions 30] [--bucket]

A shelf is made of one briefing's editions, whose files are linked under the names of the others.
It is delivered to a folder, or with --bucket to a real object store on loopback (moto), and then
once more unchanged; beside it stands the time of a bare walk over the shelf's public files.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from briefing.delivery.contents import contents
from briefing.delivery.delivery import Delivery, deliver
from briefing.delivery.targets.choice import open_target
from briefing.shelf.addresses import CURRENT, EDITIONS, LISTING_NAME
from briefing.shelf.shelf import Shelf
from tests.delivery.servers import Bucket, bucket_server
from tests.delivery.shelves import table
from tests.publish.shelf_maker import shelve


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--briefings", type=int, default=300)
    options.add_argument("--editions", type=int, default=30)
    options.add_argument("--bucket", action="store_true")
    given = options.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        audio = make(folder / "audio", given.briefings, given.editions)
        bucket = stack.enter_context(bucket_server()) if given.bucket else None
        if bucket:
            os.environ.update(bucket.environment())
        address = "s3://shelf/audio" if bucket else str(folder / "web")
        target = open_target(address, folder, audio)

        def run() -> Delivery:
            return deliver(Shelf(audio), target, grace_h=24)

        print("| run | seconds | CPU s | requests | files sent | MB sent |")
        print("| --- | --- | --- | --- | --- | --- |")
        show("first", run, bucket)
        show("unchanged", run, bucket)
        name = "b000"
        articles = [("خبر تغيّر", ["نص تغيّر."], None)]
        shelve(audio, table(audio, name, given.editions), date="2026-11-30", articles=articles)
        show("one changed", run, bucket)
        walked, cpu = time.perf_counter(), time.process_time()
        count = len(contents(Shelf(audio)))
        walked, cpu = time.perf_counter() - walked, time.process_time() - cpu
        print(f"| bare walk over {count} files | {walked:.2f} | {cpu:.2f} | | | |")


def show(name: str, run: Callable[[], Delivery], bucket: Bucket | None) -> None:
    if bucket:
        bucket.requests.clear()
    started, cpu = time.perf_counter(), time.process_time()
    delivery = run()
    spent, cpu = time.perf_counter() - started, time.process_time() - cpu
    requests = len(bucket.requests) if bucket else ""
    print(
        f"| {name} | {spent:.2f} | {cpu:.2f} | {requests} | {len(delivery.sent)}"
        f" | {delivery.sent_bytes / 1e6:.2f} |",
        flush=True,
    )


def make(audio: Path, briefings: int, editions: int) -> Path:
    """Make a shelf; return its folder."""
    for day in range(editions):
        articles = [(f"خبر {day}", [f"نص {day}."], None)]
        date = f"2026-{10 + day // 30:02}-{1 + day % 30:02}"
        shelve(audio, table(audio, "b000", editions), date=date, articles=articles)
    first = audio / EDITIONS / "b000"
    current = (audio / f"{CURRENT}.b000").readlink().name
    for number in range(1, briefings):
        name = f"b{number:03}"
        for path in first.rglob("*"):
            place = audio / EDITIONS / name / path.relative_to(first)
            place = place.with_name(place.name.replace("b000", name))
            place.parent.mkdir(parents=True, exist_ok=True)
            if path.is_dir():
                place.mkdir(exist_ok=True)
            elif path.name == LISTING_NAME:
                place.write_text(path.read_text("utf-8").replace("b000", name), "utf-8")
            else:
                os.link(path, place)
        (audio / f"{CURRENT}.{name}").symlink_to(f"{EDITIONS}/{name}/{current}")
    shutil.rmtree(audio / "editions", ignore_errors=True)
    return audio


if __name__ == "__main__":
    main()
