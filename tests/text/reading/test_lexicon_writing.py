"""Lines that are written into a user's lexicon: the rest stays, and nothing is ever lost."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import pytest

from briefing.errors import ConfigError, ShelfError, UsageError
from briefing.text.normalisation.lexicon import Place, load_lexicon
from briefing.text.normalisation.lexicon_writing import (
    ANY,
    LexiconChanged,
    Line,
    LineChanged,
    lexicon_digest,
    undo_change,
    write_reading,
)
from tests.another_user import needs_root, run_as_nobody

OWN = (
    "# names of the newsroom\n\n[words]\n"
    '"ماكرون" = "مَاكْرُون" # the president\n'
    "'شولتس' = 'شُولْتْس'\n\n# the end\n"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "names.toml"
    path.write_bytes(OWN.encode())
    return path


def write(path: Path, written: str, reading: str, digest: str | None = ANY) -> None:
    write_reading(path, Line(written), reading, digest, locks=path.parent)


def test_one_line_is_added_and_all_others_stay(path: Path) -> None:
    write(path, "زيلنسكي", "زِيلِنْسْكِي")
    lines = path.read_text("utf-8").splitlines()
    assert '"زيلنسكي" = "زِيلِنْسْكِي"' in lines
    assert [line for line in lines if line in OWN.splitlines()] == OWN.splitlines()
    assert load_lexicon(path).words["زيلنسكي"] == "زِيلِنْسْكِي"


def test_a_line_that_is_there_is_changed_in_its_place(path: Path) -> None:
    write(path, "ماكرون", "مَكْرُون")
    assert path.read_text("utf-8") == OWN.replace("مَاكْرُون", "مَكْرُون")


def test_a_line_is_the_same_with_a_tatweel(path: Path) -> None:
    path.write_text('[words]\n"ماكـرون" = "مَاكْرُون"\n', "utf-8")
    write(path, "ماكرون", "مَكْرُون")
    assert path.read_text("utf-8") == '[words]\n"ماكـرون" = "مَكْرُون"\n'


def test_windows_line_ends_and_a_byte_order_mark_stay(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + OWN.replace("\n", "\r\n").encode())
    write(path, "زيلنسكي", "زِيلِنْسْكِي")
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf# names")
    assert data.count(b"\n") == data.count(b"\r\n")


def test_a_missing_file_is_made_and_undone(tmp_path: Path) -> None:
    path = tmp_path / "names.toml"
    change = write_reading(path, Line("زيلنسكي"), "زِيلِنْسْكِي", None, locks=tmp_path)
    assert load_lexicon(path).words["زيلنسكي"] == "زِيلِنْسْكِي"
    assert undo_change(path, change, change.digest, locks=tmp_path) is None
    assert not path.exists()


def test_undo_brings_back_every_byte(path: Path) -> None:
    lines = [
        Line("سالم", "seeds/a.txt"),
        Line("كتب", "seeds/a.txt", Place("0123456789abcdef", 4, "كتب")),
        Line("ماكرون"),
    ]
    changes = [write_reading(path, line, "سَالِم", ANY, locks=path.parent) for line in lines]
    for change in reversed(changes):
        undo_change(path, change, lexicon_digest(path), locks=path.parent)
    assert path.read_bytes() == OWN.encode()


def test_undo_after_an_edit_by_hand_changes_its_line_alone(path: Path) -> None:
    change = write_reading(path, Line("ماكرون"), "مَكْرُون", ANY, locks=path.parent)
    path.write_text(path.read_text("utf-8") + '"بوتين" = "بُوتِين"\n', "utf-8")
    undo_change(path, change, lexicon_digest(path), locks=path.parent)
    assert path.read_text("utf-8") == OWN + '"بوتين" = "بُوتِين"\n'


def test_undo_leaves_a_reading_that_was_changed_by_hand(path: Path) -> None:
    change = write_reading(path, Line("ماكرون"), "مَكْرُون", ANY, locks=path.parent)
    by_hand = path.read_text("utf-8").replace("مَكْرُون", "مِكْرُون")
    path.write_text(by_hand, "utf-8")
    with pytest.raises(LineChanged, match="ماكرون"):
        undo_change(path, change, lexicon_digest(path), locks=path.parent)
    assert path.read_text("utf-8") == by_hand


def test_an_edit_by_hand_meanwhile_is_not_lost(path: Path) -> None:
    digest = lexicon_digest(path)
    by_hand = OWN + '"بوتين" = "بُوتِين"\n'
    path.write_text(by_hand, "utf-8")
    with pytest.raises(LexiconChanged) as caught:
        write(path, "زيلنسكي", "زِيلِنْسْكِي", digest)
    assert caught.value.digest == lexicon_digest(path)
    assert path.read_text("utf-8") == by_hand


def test_a_file_that_appeared_meanwhile_is_not_replaced(path: Path) -> None:
    with pytest.raises(LexiconChanged):
        write(path, "زيلنسكي", "زِيلِنْسْكِي", None)
    assert path.read_bytes() == OWN.encode()


def test_writers_at_once_lose_nothing(path: Path) -> None:
    words = ["ألف", "باء", "تاء", "ثاء", "جيم", "حاء"]
    threads = [threading.Thread(target=write, args=(path, word, "سَالِم")) for word in words]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(words) < set(load_lexicon(path).own)


def test_a_link_stays_a_link(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.toml"
    link.symlink_to(path)
    write(link, "زيلنسكي", "زِيلِنْسْكِي")
    assert link.is_symlink()
    assert "زيلنسكي" in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("written", "reading"),
    [("بوتين", "putin"), ("بوتين", ""), ("بوتين", "ُبوتين"), ("!", "بُوتِين"), ("ب", "بُ" * 300)],
)
def test_an_impossible_reading_is_refused(path: Path, written: str, reading: str) -> None:
    with pytest.raises(UsageError):
        write(path, written, reading)
    assert path.read_bytes() == OWN.encode()


def test_a_wrong_file_is_not_touched(path: Path) -> None:
    path.write_text('[words]\n"بوتين" = \n', "utf-8")
    with pytest.raises(ConfigError, match=r"names\.toml:2"):
        write(path, "زيلنسكي", "زِيلِنْسْكِي")
    assert path.read_text("utf-8") == '[words]\n"بوتين" = \n'


def test_quotes_and_backslashes_of_a_word_cannot_break_out(path: Path) -> None:
    word = 'أ"] = "x"\n[article]\\'
    write(path, word, "سَالِم")
    assert load_lexicon(path).words[" ".join(word.split())] == "سَالِم"
    assert set(load_lexicon(path).articles) == set()


_WRITE = """
import sys
from pathlib import Path
from briefing.errors import ShelfError
from briefing.text.normalisation.lexicon_writing import ANY, Line, write_reading
for _ in range(2):  # the second reads the file of the first
    write_reading(Path(sys.argv[2]), Line("سالم"), "سَالِم", ANY, locks=Path(sys.argv[2]).parent)
"""
_WRITE_AS_NOBODY = """
try:
    write_reading(Path(sys.argv[1]), Line("سالم"), "سَالِم", ANY, locks=Path(sys.argv[3]))
except ShelfError as error:
    print(error.errno, error)
"""


@needs_root
@pytest.mark.parametrize("mode", [(0o644, 0o755), (0o444, 0o777)], ids=["folder", "file"])
def test_a_read_only_file_or_folder_is_told(
    public_folder: Path, tmp_path: Path, mode: tuple[int, int]
) -> None:
    folder, locks = public_folder / "config", public_folder / "locks"
    for new in (folder, locks):
        new.mkdir()
    locks.chmod(0o777)
    path = folder / "names.toml"
    path.write_bytes(OWN.encode())
    path.chmod(mode[0])
    folder.chmod(mode[1])
    trial = tmp_path / "trial.toml"
    done = run_as_nobody(_WRITE, _WRITE_AS_NOBODY, path, trial, locks)
    assert done.stdout.startswith(f"{errno.EACCES} {path}: cannot be written"), done.stderr
    assert path.read_bytes() == OWN.encode()
    assert [item.name for item in folder.iterdir()] == ["names.toml"]


def test_on_a_full_disk_nothing_is_lost(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(ShelfError) as caught:
        write(path, "زيلنسكي", "زِيلِنْسْكِي")
    assert caught.value.errno == errno.ENOSPC
    assert path.read_bytes() == OWN.encode()
    assert [item.name for item in path.parent.iterdir() if item.name.endswith(".new")] == []
