"""The benchmark on text by others works without such a text, and on one of our own."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def run(file: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.foreign_text", str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_a_missing_text_by_others_is_told_and_no_failure(tmp_path: Path) -> None:
    done = run(tmp_path / "gold.txt")
    assert done.returncode == 0
    assert "there is no such file" in done.stdout


def test_the_program_is_measured_beside_the_bare_model(tmp_path: Path) -> None:
    file = tmp_path / "gold.txt"
    file.write_text("فُرِضَتْ غَرَامَاتٌ عَلَى الْمُخَالِفِينَ\n", encoding="utf-8")
    done = run(file)
    assert done.returncode == 0, done.stderr
    rows = [line.split(" | ")[0] for line in done.stdout.splitlines()[2:5]]
    assert rows == ["| bare model", "| without verb rules", "| as it is"]
    assert "verb rules:" in done.stdout
