"""The service beside the tools that put articles in a folder, and beside people's mistakes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from briefing.shelf.build_history import read_builds
from tests.schedule.conftest import Site

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="links and signals as POSIX has them"),
    pytest.mark.slow,  # each waits for a build
]
WORDS = ("القاهرة", "الوزير", "المنتخب", "البرلمان")


def git(site: Site, *arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *identity, *arguments], cwd=site.seeds, check=True, capture_output=True)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_checkout_of_another_branch_makes_one_build_of_all_its_files(site: Site) -> None:
    git(site, "init", "-q", "-b", "old")
    git(site, "add", ".")
    git(site, "commit", "-q", "-m", "one")
    git(site, "checkout", "-q", "-b", "new")
    (site.seeds / "a.txt").unlink()
    for number in range(30):
        site.write(f"{number}.txt", f"خبر {number}")
    git(site, "add", "-A")
    git(site, "commit", "-q", "-m", "two")
    git(site, "checkout", "-q", "old")
    site.start()
    site.wait_builds(1)
    git(site, "checkout", "-q", "new")
    site.wait_builds(2, no_more=True)
    assert len(site.builds[1]["texts"]) == 30
    git(site, "checkout", "-q", "old")
    site.wait_builds(3, no_more=True)
    assert site.builds[2]["texts"] == ["خبر."]


@pytest.mark.slow
def test_a_copy_as_rsync_makes_it_is_seen_even_with_an_old_time_and_the_same_size(
    site: Site,
) -> None:
    path = site.write("a.txt", "خبر أول")
    os.utime(path, (1_500_000_000, 1_500_000_000))
    site.start()
    site.wait_builds(1)
    # rsync -t: written aside in pieces, given its time, renamed
    aside = site.seeds / ".a.txt.Xq1"
    with aside.open("w", encoding="utf-8") as file:
        for letter in "خبر ثان":
            file.write(letter)
            file.flush()
            time.sleep(0.1)
    os.utime(aside, (1_500_000_000, 1_500_000_000))
    aside.rename(path)
    site.wait_builds(2, no_more=True)
    assert site.builds[1]["texts"] == ["خبر ثان"]
    # rsync --inplace -t, and cp -p: the file itself, with the same size and time as before
    path.write_text("خبر بال", "utf-8")
    os.utime(path, (1_500_000_000, 1_500_000_000))
    site.wait_builds(3, no_more=True)
    assert site.builds[2]["texts"] == ["خبر بال"]


def test_a_folder_that_is_a_link_may_be_turned_to_another_folder(site: Site) -> None:
    for day in ("monday", "tuesday"):
        (site.folder / day).mkdir()
        (site.folder / day / "a.txt").write_text(day, "utf-8")
    shutil.rmtree(site.seeds)
    site.seeds.symlink_to("monday")
    site.start()
    site.wait_builds(1)
    (site.folder / "new").symlink_to("tuesday")
    (site.folder / "new").rename(site.seeds)
    site.wait_builds(2)
    assert site.builds[1]["texts"] == ["tuesday"]
    (site.folder / "tuesday" / "a.txt").write_text("wednesday", "utf-8")
    site.wait_builds(3, no_more=True)
    assert site.builds[2]["texts"] == ["wednesday"]


def test_a_file_that_the_patterns_name_in_capitals_is_watched_too(site: Site) -> None:
    site.start()
    site.wait_builds(1)
    site.write("B.TXT", "خبر")
    site.wait_builds(2, no_more=True)


def test_a_file_that_is_being_written_when_the_service_starts_is_read_whole(site: Site) -> None:
    over = threading.Event()

    def write() -> None:
        with (site.seeds / "a.txt").open("w", encoding="utf-8") as file:
            while not over.wait(0.05):
                file.write(".")
                file.flush()
            file.write("تم")

    writer = threading.Thread(target=write)
    writer.start()
    site.config.write_text("[schedule]\nsettle_s = 1.0\n", "utf-8")
    site.start()
    time.sleep(1.5)
    assert not site.builds
    over.set()
    writer.join()
    site.wait_builds(1, no_more=True)
    assert site.builds[0]["texts"][0].endswith(".تم")


def test_a_configuration_that_is_removed_is_told_and_the_one_before_kept(site: Site) -> None:
    site.configure(top='title = "قديم"')
    site.start()
    site.wait_builds(1)
    kept = site.config.read_text("utf-8")
    site.config.unlink()
    site.wait(lambda: "is gone; put it back" in site.said)
    site.write("b.txt")
    site.wait_builds(2)
    assert site.builds[1]["title"] == "قديم"
    site.config.write_text(kept, "utf-8")
    site.wait(lambda: "configuration read again" in site.said)
    site.wait_builds(2, no_more=True)


def test_briefings_have_their_own_sources_voices_and_times(site: Site) -> None:
    (site.folder / "sport").mkdir()
    (site.folder / "sport" / "a.txt").write_text("هدف.", "utf-8")
    site.config.write_text(
        'cache.folder = "cache"\nschedule.settle_s = 0.4\nschedule.timezone = "Africa/Cairo"\n'
        "[briefing.news]\n"
        '[briefing.sport]\nsources.folder = "sport"\nvoice = "auto"\noffline = true\n'
        'schedule.cron = "0 18 * * fri"\nvoices.espeak.pitch = 70\n',
        "utf-8",
    )
    site.start(real=True)
    site.wait(lambda: len(ended(site)) >= 2, 60)
    done = subprocess.run(
        [sys.executable, "-m", "briefing", "status", "--config", str(site.config)],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    news, sport = done.stdout.split("sport: ")
    assert re.search(r"next nightly \d{4}-\d\d-\d\d 03:00$", news.strip())
    assert re.search(r"next nightly \d{4}-\d\d-\d\d 18:00$", sport.strip())
    for name in ("news", "sport"):
        assert (site.folder / "audio" / f"{name}.mp3").stat().st_size > 1000


def ended(site: Site) -> list[dict[str, object]]:
    return [event for event in site.events if event["event"] == "build ended"]


def test_neither_the_log_nor_what_is_said_holds_a_word_of_an_article(site: Site) -> None:
    site.configure(schedule="retry_s = 0.3\nretries = 2")
    site.write("a.txt", f"عنوان {WORDS[0]}\n\nقال {WORDS[1]} إن {WORDS[2]} فاز في {WORDS[3]}.\n")
    site.write("bad.txt", f"{WORDS[1]}".encode("cp1256").decode("latin-1"))
    site.start(real=True)
    site.wait(lambda: len(ended(site)) >= 1, 60)
    # the disk refuses: what fails is told, with its reason
    shutil.rmtree(site.folder / "audio" / ".editions")
    (site.folder / "audio" / ".editions").write_text("")
    site.write("b.txt", f"{WORDS[2]}\n\nوصل {WORDS[1]} إلى {WORDS[0]}.\n")
    site.wait(lambda: len(ended(site)) >= 3, 60)
    site.stop()
    last = ended(site)[-1]
    assert last["exit_code"] == 1
    assert "audio" in str(last["message"])
    log = (site.folder / "audio" / ".state" / "schedule.log").read_text("utf-8")
    for word in WORDS:
        assert word not in log
        assert word not in site.said
        assert word.encode("unicode_escape").decode() not in log
    assert read_builds(site.folder / "audio" / ".state", "briefing").last_good


def test_the_log_stays_small(tmp_path: Path) -> None:
    from briefing.schedule.logs import Log

    log = Log(tmp_path)
    for number in range(2_600):
        log.write("build ended", briefing="briefing", message="x" * 2000, number=number)
    log.close()
    files = sorted(one.name for one in tmp_path.iterdir())
    assert files == ["schedule.log", "schedule.log.1", "schedule.log.2", "schedule.log.3"]
    assert sum(one.stat().st_size for one in tmp_path.iterdir()) < 4_100_000
    assert '"number": 2599' in (tmp_path / "schedule.log").read_text()
