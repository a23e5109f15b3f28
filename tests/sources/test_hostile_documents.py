"""What a hostile document can do: nothing. Each limit is tried by itself, then by the samples."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from briefing.errors import SourceError
from briefing.sources.documents import child
from briefing.sources.documents.child import Interrupted, Reader
from briefing.sources.documents.child_main import is_one_message, pack
from briefing.sources.documents.document import Hints, from_json
from briefing.sources.documents.parsing import parse
from tests.conftest import ROOT
from tests.sources.held_documents import HeldDocument, held_documents

for module in ("lxml", "mammoth", "markdown_it", "trafilatura", "feedparser"):
    pytest.importorskip(
        module, reason="briefing[documents,web] is not installed; briefing[test] brings it"
    )
pytest.importorskip("resource", reason="no limits of processes on this system")

HOSTILE = [one for one in held_documents("documents") if one.is_hostile]
MOST_MEMORY_MB = 150
READ = """
import json, resource, sys, time
from pathlib import Path
from briefing.errors import SourceError
from briefing.sources.documents.child import Reader
from briefing.sources.documents.document import Hints
with Reader() as reader:
    for path in map(Path, sys.argv[1:]):
        try:
            documents = reader.read(path.read_bytes(), path.name, Hints())
            said = [paragraph.text for one in documents for paragraph in one.paragraphs]
        except SourceError as error:
            said = str(error)
        print(json.dumps([path.name, said]))
print(json.dumps(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
"""


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )


def limited(code: str) -> subprocess.CompletedProcess[str]:
    """Run code in a process that has a reader's limits."""
    begin = "from briefing.sources.documents.child_main import limit_process\nimport os, socket\n"
    return run(f"{begin}limit_process(cpu_s=1)\n{code}")


@pytest.mark.parametrize(
    "code",
    [
        "open('/etc/passwd')",
        "open('/tmp/left', 'w')",
        "os.open('.', 0)",
        "socket.socket()",
        "socket.socket(socket.AF_UNIX)",
        "os.pipe()",
    ],
)
def test_a_reader_can_open_no_file_and_no_socket(code: str) -> None:
    done = limited(code)
    assert done.returncode == 1
    assert (
        "Too many open files" in done.stderr or "EMFILE" in done.stderr or "No file" in done.stderr
    )


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit a process's data")
def test_a_reader_can_take_no_more_than_its_memory() -> None:
    done = limited("kept = [bytearray(1 << 20) for _ in range(200)]")
    assert "MemoryError" in done.stderr


def test_a_reader_that_works_too_long_is_ended() -> None:
    assert limited("while True: pass").returncode < 0


def test_a_document_that_takes_too_long_is_left_and_the_next_one_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = "# مطر\n\nهطل المطر صباح اليوم.\n".encode()
    with Reader() as reader:
        monkeypatch.setattr(child, "WAIT_S", 0.0)
        with pytest.raises(Interrupted, match="takes too long"):
            reader.read(data, "a.md", Hints())
        monkeypatch.undo()
        assert reader.read(data, "a.md", Hints())[0].title == "مطر"


@pytest.mark.parametrize(
    ("mark", "told"),
    [
        ("[", "more than 20,000 times \\["),
        ("1. a\n", "more than 30,000 lines"),
        ("**a", "more than 100,000 times \\*"),
        ("<a>", "more than 100,000 times <"),
    ],
)
def test_a_markdown_file_of_marks_is_refused_before_it_is_parsed(mark: str, told: str) -> None:
    with pytest.raises(SourceError, match=told):
        parse((mark * (900_000 // len(mark))).encode(), "a.md")


def test_an_answer_that_is_none_is_refused() -> None:
    row = {"title": 7, "byline": "", "paragraphs": []}
    with pytest.raises(ValueError, match="fields"):
        from_json([row])
    with pytest.raises(ValueError, match="kind"):
        from_json([{"paragraphs": [["نص", "script"]]}])


def test_hostile_documents_are_read_or_refused_in_little_memory() -> None:
    paths = [one.path for one in HOSTILE if one.path.suffix != ".pdf"]
    done = run(READ, *map(str, paths))
    *rows, peak = map(json.loads, done.stdout.splitlines())
    assert [name for name, _ in rows] == [path.name for path in paths], done.stderr
    if sys.platform == "linux":
        assert peak / 1024 < MOST_MEMORY_MB
    for name, said in rows:
        assert "takes too long" not in said, name
        assert "needs too much memory" not in said, name
        assert "cannot be read (" not in said, f"{name} fails in a way that nobody expected: {said}"


def test_each_document_is_read_by_itself(tmp_path: Path) -> None:
    """A document that ends its reader does not end the reading of the next."""
    good = "# مطر\n\nهطل المطر صباح اليوم.\n".encode()
    with Reader() as reader:
        with pytest.raises(SourceError, match="too many elements"):
            reader.read(b"<p>x" * 200_000, "a.html", Hints())
        assert reader.read(good, "a.md", Hints())[0].title == "مطر"


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_hostile_documents_open_no_file_and_no_socket(tmp_path: Path) -> None:
    log = tmp_path / "calls"
    paths = [str(one.path) for one in HOSTILE if one.path.suffix != ".pdf"]
    traced = "trace=open,openat,openat2,creat,socket,connect,execve,unlink,unlinkat,rename,mkdir"
    done = subprocess.run(
        ["strace", "-f", "-qq", "-e", traced, "-o", str(log), sys.executable, "-c", READ, *paths],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    if "PTRACE" in done.stderr or not log.exists():
        pytest.skip("strace may not trace here")
    assert done.returncode == 0, done.stderr
    calls = log.read_text(encoding="utf-8", errors="replace").splitlines()
    succeeded = [line for line in calls if not re.search(r"= -1 E\w+|resumed>|unfinished", line)]
    assert not [line for line in succeeded if re.search(r"\b(?:socket|connect|creat)\(", line)]
    opened = {
        found[1] for line in succeeded if (found := re.search(r'open\w*\(.*?"([^"]*)"', line))
    }
    allowed = (*map(str, own_folders()), *paths)
    beside = {path for path in opened if not path.startswith(allowed) and path.startswith("/")}
    assert not beside
    written = [line for line in succeeded if re.search(r"O_(?:WRONLY|RDWR|CREAT)", line)]
    assert {re.search('"([^"]*)"', line)[1] for line in written} <= {"/dev/null"}  # type: ignore[index]


def own_folders() -> set[str]:
    """Where Python, its libraries and this program stand, and what the system's loader reads."""
    folders = {str(ROOT), sys.prefix, sys.base_prefix, *sysconfig.get_paths().values()}
    return folders | {
        "/lib",
        "/usr/lib",
        "/usr/local/lib",
        "/etc/ld.so",
        "/etc/localtime",
        "/usr/share/locale",
        "/dev/null",
        "/sys/",
        "/proc/",
    }


def test_no_hostile_document_is_forgotten() -> None:
    assert len(HOSTILE) == 16
    assert all(isinstance(one, HeldDocument) for one in HOSTILE)


def test_an_answer_must_be_one_message_and_no_more() -> None:
    """Else a document could write the beginning of the next one's answer."""
    good = pack({"error": "x"})
    assert is_one_message(good)
    assert not any(map(is_one_message, (b"", good[:-1], good + b"x", good + good, bytes(9))))
