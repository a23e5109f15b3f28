"""Small editions for the tests of the shelf, and what must hold of a shelf at any moment."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path

from briefing.shelf.addresses import kept_addresses
from briefing.shelf.shelf import Shelf
from briefing.shelf.sidecar_reader import read_edition

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


def publish(
    shelf: Shelf, content: str, name: str = "briefing", endings: tuple[str, ...] = ENDINGS
) -> None:
    shelf.recover(name)
    with shelf.edition(name) as staged:
        write_edition(staged.folder, name, content, endings)
        staged.commit()


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


def whole(folder: Path, name: str) -> dict[str, str] | None:
    """Return the digests of all that readers find of a briefing, each checked; None: nothing.

    These are its current edition, its kept ones, and what its feed leads to.
    """
    if title(folder, name) is None:
        return None
    found = {}
    # of one edition, as a reader does who must not straddle two: see docs/scripting.md
    sidecars = [(folder / f"{name}.json").resolve()]
    sidecars += sorted((folder / "editions").glob(f"{name}-????-??-??-????????????.json"))
    for sidecar in filter(Path.exists, sidecars):
        for output in json.loads(sidecar.read_text(encoding="utf-8"))["outputs"]:
            file = sidecar.stem + output["path"].removeprefix(name)
            digest = hashlib.sha256((sidecar.parent / file).read_bytes()).hexdigest()
            assert digest == output["sha256"], file
            found[file] = digest
    for feed in folder.glob("*.xml"):
        text = feed.read_text(encoding="utf-8") if feed.exists() else ""
        for address in re.findall(r'(?:url="|<link>)https://example.org/([^"<]+)', text):
            assert (folder / address).exists(), f"{feed.name} leads to {address}"
    return found


def views_agree(folder: Path, names: Sequence[str]) -> None:
    """Fail where the page and the list are not those of the editions that stand."""
    rows = json.loads((folder / "shelf.json").read_text(encoding="utf-8"))["editions"]
    listed = {row["name"]: (row["date"], row["digest"]) for row in rows if not row["kept"]}
    standing = {name: read_edition(folder / f"{name}.json") for name in names}
    assert listed == {name: (one.date, one.digest) for name, one in standing.items() if one}
    assert all((folder / row[key]).is_file() for row in rows for key in ("audio", "page"))
    page = (folder / "index.html").read_text(encoding="utf-8")
    newest = max(date for date, _ in listed.values())
    opened = next(name for name in listed if f'"name":"{name}"' in page)
    assert listed[opened][0] == newest
    assert f'"digest":"{listed[opened][1]}"' in page


def _records(folder: Path) -> set[str]:
    """Return the files in which builds tell of themselves."""
    return {
        path.name
        for path in (folder / ".state").glob("*.json")
        if "last" in json.loads(path.read_text(encoding="utf-8"))
    }


def litter(folder: Path, *, strangers: bool = False) -> list[str]:
    """Return what is there beside the editions that stand, those before them and the kept ones.

    strangers: others' files may stand there.
    """
    shelf = Shelf(folder)
    names = shelf.names()
    known = {".editions", ".state", ".views", ".kept", ".briefings.json", "editions"}
    known |= {"index.html", "shelf.json", *(f".current.{name}" for name in names)}
    found, kept = [], set()
    for name in names:
        current = shelf.current(name)
        assert current is not None
        known |= {path.name for path in current.iterdir() if not path.name.startswith(".")}
        previous = current / ".previous"
        read = {current.name, previous.read_text() if previous.exists() else ""}
        addresses = kept_addresses(current)
        kept |= {address.removeprefix("editions/") for address in addresses}
        read |= {edition for edition, _ in addresses.values()}
        place = folder / ".editions" / name
        found += [f"{name}/{path.name}" for path in place.iterdir() if path.name not in read]
    found += [
        path.name
        for path in folder.iterdir()
        if path.name not in known and not (strangers and path.name[0] != ".")
    ]
    for place, allowed in (
        (".editions", set(names)),
        (".views", {"index.html", "shelf.json", ".made.json"}),
        (".kept", kept),
        (".state", {"published", "journal", *_records(folder)}),
        (".state/journal", set()),
        (".state/published", {f"{name}.json" for name in (*names, ".views")}),
    ):
        if (folder / place).is_dir():
            entries = (folder / place).iterdir()
            found += [
                f"{place}/{path.name}"
                for path in entries
                if path.name not in allowed and path.suffix != ".lock"
            ]
    found += [path.name for path in folder.iterdir() if path.is_symlink() and not path.exists()]
    return found
