"""The folder of the articles: order, and everything that may lie in it."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from briefing.config import Config, Sources
from briefing.errors import SourceError
from briefing.sources import digests, read
from tests.another_user import needs_root, run_as_nobody

TEXT = "عنوان الخبر\nقال الوزير إن العمل مستمر.\n"
posix = pytest.mark.skipif(os.name != "posix", reason="POSIX files")


def write(project: Config, name: str, text: str = TEXT) -> Path:
    path = project.sources_folder / name
    path.write_text(text, encoding="utf-8")
    return path


def paths(project: Config) -> list[str]:
    return [one.path for one in read(project)[0]]


def skipped(project: Config) -> dict[str, str]:
    write(project, "good.txt")
    articles, skipped = read(project)
    assert [one.path for one in articles] == ["seeds/good.txt"]
    return {one.path: one.reason for one in skipped}


def test_files_come_in_the_order_of_names_and_numbers(project: Config) -> None:
    for name in (
        "10.txt",
        "b.txt",
        "2.txt",
        "A.TXT",
        "c.jpg",
        ".hidden.txt",
        "٣.txt",
        "~$a.txt",
        "b.txt~",
        "c.txt.part",
        "d.crdownload",
    ):
        write(project, name)
    (project.sources_folder / "folder.txt").mkdir()
    assert paths(project) == [f"seeds/{name}.txt" for name in ("2", "٣", "10")] + [
        "seeds/A.TXT",
        "seeds/b.txt",
    ]


def test_two_identical_files_are_two_articles(project: Config) -> None:
    write(project, "a.txt")
    write(project, "b.txt")
    assert paths(project) == ["seeds/a.txt", "seeds/b.txt"]


def test_the_digest_is_that_of_the_bytes(project: Config) -> None:
    path = write(project, "a.txt")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert read(project)[0][0].sha256 == digest
    assert digests(project) == [("seeds/a.txt", digest)]


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such folder; make it"):
        read(Config(base=tmp_path))


def test_an_empty_folder_is_told(project: Config) -> None:
    with pytest.raises(SourceError, match=r"no article \(\.txt \.md .*\)"):
        read(project)


def test_when_no_file_can_be_read_each_is_told(project: Config) -> None:
    write(project, "a.txt", "")
    write(project, "b.txt", "English")
    with pytest.raises(SourceError, match=r"a\.txt: is empty.*b\.txt: has no Arabic"):
        read(project)


def test_a_large_file_is_skipped_unread(project: Config) -> None:
    with (project.sources_folder / "big.txt").open("wb") as file:
        file.truncate(20_000_000)
    assert "larger than 5 MB" in skipped(project)["seeds/big.txt"]


def test_the_limit_is_a_setting(tmp_path: Path) -> None:
    project = Config(base=tmp_path, sources=Sources(max_file_mb=0.001))
    project.sources_folder.mkdir()
    write(project, "big.txt", TEXT * 100)
    assert "larger than 0.001 MB" in skipped(project)["seeds/big.txt"]


@posix
def test_a_pipe_is_skipped_at_once(project: Config) -> None:
    os.mkfifo(project.sources_folder / "pipe.txt")
    started = time.monotonic()
    assert "pipe" in skipped(project)["seeds/pipe.txt"]
    assert time.monotonic() - started < 20, "a pipe that is opened waits for ever"


@posix
def test_links_that_lead_nowhere_or_in_a_circle_are_skipped(project: Config) -> None:
    (project.sources_folder / "circle.txt").symlink_to("circle.txt")
    (project.sources_folder / "nowhere.txt").symlink_to("gone.txt")
    (project.sources_folder / "device.txt").symlink_to("/dev/zero")
    reasons = skipped(project)
    assert "leads nowhere" in reasons["seeds/nowhere.txt"]
    assert "symbolic links" in reasons["seeds/circle.txt"]
    assert "device" in reasons["seeds/device.txt"]


@posix
def test_names_of_every_kind_are_read_and_can_be_printed(project: Config) -> None:
    folder = os.fsencode(project.sources_folder)
    for name in ("خبر عاجل.txt".encode(), b"a b.txt", b"new\nline.txt", b"bad\xff.txt"):
        Path(os.fsdecode(folder + b"/" + name)).write_text(TEXT, encoding="utf-8")
    assert paths(project) == [
        "seeds/a b.txt",
        "seeds/bad\\udcff.txt",
        "seeds/new\\nline.txt",
        "seeds/خبر عاجل.txt",
    ]


READ = """
import sys
from pathlib import Path
from briefing.config import Config
from briefing.errors import SourceError
from briefing.sources import read
read(Config(base=Path(sys.argv[1])))
"""
READ_AGAIN = """
try:
    articles, skipped = read(Config(base=Path(sys.argv[1])))
    print([article.path for article in articles], [(file.path, file.reason) for file in skipped])
except SourceError as error:
    print("SourceError", error)
"""


@needs_root
@pytest.mark.parametrize(
    ("mode", "of", "expected"),
    [
        (
            0o000,
            "seeds/shut.txt",
            "['seeds/good.txt'] [('seeds/shut.txt',"
            " 'cannot be read: permission denied; make it readable')]",
        ),
        (
            0o000,
            "seeds",
            "SourceError {folder}: the folder of the articles cannot be read: Permission denied;",
        ),
        (
            0o444,
            "seeds",
            "SourceError {folder}: no file can be read as an article:"
            " seeds/good.txt: cannot be read: permission denied;",
        ),
    ],
)
def test_what_may_not_be_read_is_told(
    public_folder: Path, mode: int, of: str, expected: str
) -> None:
    project = Config(base=public_folder)
    project.sources_folder.mkdir()
    write(project, "good.txt")
    write(project, "shut.txt")
    (project.base / of).chmod(mode)
    done = run_as_nobody(READ, READ_AGAIN, project.base)
    (project.base / of).chmod(0o755)
    assert not done.stderr
    assert done.stdout.startswith(expected.format(folder=project.sources_folder))


def test_digests_import_nothing_heavy() -> None:
    code = "import sys, briefing.sources; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "av", "onnxruntime", "charset_normalizer"} & set(done.stdout.split())
