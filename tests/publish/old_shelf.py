"""A shelf as version 0.1 before the editions of each briefing had their own commit left it.

One edition held the files of all briefings, and one link or one journal led to it.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from briefing.config import Config, Feed, Output
from briefing.publish import feed
from briefing.shelf.sidecar_reader import read_edition
from tests.publish.shelf_maker import publish

OLD_ID = "18ec4de8d0fef698-17461"


def make_old_shelf(
    folder: Path, names: Sequence[str], days: Sequence[int], *, links: bool = True
) -> None:
    """Make the shelf of these briefings; feed.xml is that of the last, as it was."""
    edition = folder / ".editions" / OLD_ID
    kept = edition / "editions"
    kept.mkdir(parents=True)
    for name in names:
        for day in days:
            articles = [(f"خبر {name} {day}", [f"نص {name} {day}."], None)]
            publish(edition, name, date=f"2026-11-{day}", articles=articles, sound=False)
            read = read_edition(edition / f"{name}.json")
            assert read is not None
            for file in read.endings():
                os.link(edition / file, kept / read.kept_name(file))
            (kept / f"{read.day}.html").write_text(f"<p>{read.day}</p>")
        (edition / f".{name}.built").write_text("{}")
        (edition / f"{name}.html").write_text(f"<p>{name}</p>")
        config = Config(output=Output(name=name), feed=Feed("https://example.org/"))
        feed.write(edition, config, [feed.current_episode(read)], "feed.xml", "cover.png")
    (edition / "cover.png").write_bytes(b"picture")
    (edition / "index.html").write_text("<p>index</p>")
    (edition / "shelf.json").write_text('{"schema_version": 1, "editions": []}')
    if links:
        (folder / ".current").symlink_to(Path(".editions", OLD_ID))
        for path in edition.iterdir():
            if not path.name.startswith("."):
                (folder / path.name).symlink_to(Path(".current", path.name))
        return
    files = [path for path in sorted(edition.rglob("*")) if path.is_file()]
    shown = [path.relative_to(edition).as_posix() for path in files if path.name[0] != "."]
    for file in shown:
        (folder / file).parent.mkdir(exist_ok=True)
        shutil.copy2(edition / file, folder / file)
    (folder / ".state").mkdir()
    record = json.dumps({"edition": OLD_ID, "files": shown})
    (folder / ".state" / "published.json").write_text(record)
