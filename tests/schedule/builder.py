"""Stands in for `briefing build`: notes when it was called and what it read, as told by a file.

It takes the arguments that the service gives, and follows its standard input as the real one does.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from briefing.config import load
from briefing.schedule.follow import end_with_stdin
from briefing.shelf.shelf import Shelf


def main() -> int:
    """Build: read orders.json for what to do, append to builds.jsonl."""
    end_with_stdin()
    arguments = sys.argv[1:]
    config_path = Path(arguments[arguments.index("--config") + 1])
    name = arguments[arguments.index("--name") + 1]
    config = next(one for one in load(config_path) if one.output.name == name)
    orders = config.base / "orders.json"
    order = json.loads(orders.read_text()) if orders.exists() else {}
    files = sorted(config.sources_folder.glob("*.txt"))
    line = {
        "name": name,
        "title": config.title,
        "trigger": os.environ["BRIEFING_TRIGGER"],
        "texts": [file.read_text("utf-8") for file in files],
        "pid": os.getpid(),
        "at": time.time(),
    }
    with (config.base / "builds.jsonl").open("a") as file:
        file.write(json.dumps(line) + "\n")
    time.sleep(order.get("sleep", 0))
    with Shelf(config.shelf_folder).edition(name) as staged:
        (staged.folder / f"{name}.json").write_text(str(time.time_ns()))
        staged.commit()
    if signal := order.get("signal"):
        os.kill(os.getpid(), signal)
    if message := order.get("message"):
        print(f"briefing: {message}", file=sys.stderr)
    return int(order.get("exit", 0))


sys.exit(main())
