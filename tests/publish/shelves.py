"""Small editions for the tests of the shelf, and what must hold of a shelf at any moment."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from briefing.shelf.shelf import Shelf

ENDINGS = (".mp3", ".vtt")


def write_edition(
    folder: Path, name: str, content: str, endings: tuple[str, ...] = ENDINGS
) -> None:
    """Write a briefing's files and the sidecar that lists them."""
    outputs = []
    for ending in endings:
        data = f"{name}{ending} {content}\n".encode() * 300
        (folder / f"{name}{ending}").write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        outputs.append({"path": f"{name}{ending}", "bytes": len(data), "sha256": digest})
    sidecar = json.dumps({"title": content, "outputs": outputs})
    (folder / f"{name}.json").write_text(sidecar, encoding="utf-8")


def write_index(folder: Path) -> None:
    """A view: a page of the sidecars that are there."""
    rows = [json.loads(one.read_text())["title"] for one in sorted(folder.glob("*.json"))]
    (folder / "index.html").write_text(f"<p>{' '.join(rows)}</p>", encoding="utf-8")


def publish(
    shelf: Shelf, content: str, name: str = "briefing", endings: tuple[str, ...] = ENDINGS
) -> None:
    shelf.recover()
    with shelf.edition(name) as staged:
        write_edition(staged.folder, name, content, endings)
        staged.commit([write_index])


def title(folder: Path, name: str = "briefing") -> str | None:
    """Give the edition that a reader finds whole, None where there is none; fail if it is torn."""
    sidecar = folder / f"{name}.json"
    if not sidecar.exists():
        assert not (folder / f"{name}.mp3").exists(), "a sound without its sidecar"
        return None
    values = json.loads(sidecar.read_text(encoding="utf-8"))
    for output in values["outputs"]:
        data = (folder / output["path"]).read_bytes()
        assert len(data) == output["bytes"], output
        assert hashlib.sha256(data).hexdigest() == output["sha256"], output
    return str(values["title"])


def litter(folder: Path) -> list[str]:
    """List what is there beside the edition that stands and the one before."""
    known = {".editions", ".state", ".current"}
    current = folder / ".current"
    shown = set()
    if current.exists():
        shown = {one.name for one in current.iterdir() if not one.name.startswith(".")}
    found = [one.name for one in folder.iterdir() if one.name not in known | shown]
    editions = folder / ".editions"
    if editions.exists():
        found += [one.name for one in sorted(editions.iterdir())][:-2]
    state = folder / ".state"
    if state.exists():
        found += [one.name for one in state.iterdir() if one.suffix not in {".lock"}]
    return found
