"""The service as a process: what starts a build, what stops it, what it leaves behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from briefing.schedule import status
from briefing.schedule.memory import Memory, read_memory, remember
from briefing.shelf.build_history import BuildRecord, read_builds, record_build
from tests.schedule.conftest import ROOT, Site

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")


def alive(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        # a zombie whose parent has not looked yet is dead
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    return False


def test_it_watches_soon_after_its_start(site: Site) -> None:
    start = time.monotonic()
    site.start()
    assert time.monotonic() - start < 20, "0.5 s on a quiet machine"


def test_it_builds_at_first_start_and_not_again_when_nothing_changed(site: Site) -> None:
    site.start()
    site.wait_builds(1)
    assert site.stop() == 0
    site.start()
    site.wait_builds(1, no_more=True)


def test_a_copy_of_twenty_files_makes_one_build(site: Site) -> None:
    site.start()
    site.wait_builds(1)
    for number in range(20):
        site.write(f"{number}.txt")
        time.sleep(0.1)
    site.wait_builds(2, no_more=True)
    assert len(site.builds[1]["texts"]) == 21


def test_changes_during_a_build_make_exactly_one_more(site: Site) -> None:
    site.order(sleep=3)
    site.start()
    site.wait(lambda: site.builds)
    for number in range(5):
        site.write(f"{number}.txt")
        time.sleep(0.3)
    site.order()
    site.wait_builds(2, no_more=True)
    assert len(site.builds[1]["texts"]) == 6


def _rename(site: Site) -> None:
    (site.folder / "new").write_text("جديد", "utf-8")
    (site.folder / "new").rename(site.seeds / "a.txt")


def _truncate(site: Site) -> None:
    with (site.seeds / "a.txt").open("w", encoding="utf-8") as file:
        file.flush()
        time.sleep(0.4)
        file.write("جديد")


def _slowly(site: Site) -> None:
    with (site.seeds / "a.txt").open("w", encoding="utf-8") as file:
        for letter in "جديد":
            file.write(letter)
            file.flush()
            time.sleep(0.35)


def _remade_folder(site: Site) -> None:
    shutil.rmtree(site.seeds)
    site.seeds.mkdir()
    time.sleep(0.3)
    site.write("a.txt", "جديد")


def _link(site: Site) -> None:
    (site.folder / "elsewhere").mkdir()
    (site.folder / "elsewhere" / "b").write_text("جديد", "utf-8")
    (site.seeds / "a.txt").unlink()
    (site.seeds / "a.txt").symlink_to(site.folder / "elsewhere" / "b")


@pytest.mark.parametrize("save", [_rename, _truncate, _slowly, _remade_folder, _link])
def test_one_build_reads_the_whole_text_however_it_was_saved(site: Site, save: object) -> None:
    site.start()
    site.wait_builds(1)
    save(site)  # type: ignore[operator]
    site.wait_builds(2, no_more=True)
    assert site.builds[1]["texts"] == ["جديد"]


@pytest.mark.slow
def test_a_folder_away_for_long_is_watched_again_when_it_is_back(site: Site) -> None:
    site.start()
    site.wait_builds(1)
    shutil.rmtree(site.seeds)
    site.wait_builds(2)
    site.seeds.mkdir()
    time.sleep(1)
    site.write("a.txt", "جديد")
    site.wait_builds(3)
    site.write("a.txt", "أجدّ")
    site.wait_builds(4, no_more=True)
    assert site.builds[3]["texts"] == ["أجدّ"]


def test_a_change_behind_a_symbolic_link_is_seen(site: Site) -> None:
    elsewhere = site.folder / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "b").write_text("قديم", "utf-8")
    (site.seeds / "b.txt").symlink_to(elsewhere / "b")
    site.start()
    site.wait_builds(1)
    (elsewhere / "b").write_text("جديد", "utf-8")
    site.wait_builds(2, no_more=True)


def test_a_file_touched_or_of_another_kind_starts_no_build(site: Site) -> None:
    site.start()
    site.wait_builds(1)
    (site.seeds / "a.txt").touch()
    site.write(".a.txt.swp")
    site.wait_builds(1, no_more=True)


def test_polling_sees_a_change(site: Site) -> None:
    site.configure(schedule="polling = true\npoll_s = 0.3")
    site.start()
    site.wait_builds(1)
    site.write("b.txt")
    site.wait_builds(2, no_more=True)


def test_watch_false_starts_no_build_on_a_change(site: Site) -> None:
    site.configure(schedule="watch = false\nrescan_s = 1")
    site.start(watching=False)
    site.wait_builds(1)
    site.write("b.txt")
    site.wait_builds(1, no_more=True)


def test_the_lexicon_is_watched(site: Site) -> None:
    site.configure(top='text.lexicon = "names.toml"')
    (site.folder / "names.toml").write_text("")
    site.start()
    site.wait_builds(1)
    (site.folder / "names.toml").write_text('[words]\n"قطر" = "قَطَر"\n', "utf-8")
    site.wait_builds(2, no_more=True)


def test_a_changed_configuration_is_read_again_and_built(site: Site) -> None:
    site.start()
    site.wait_builds(1)
    site.configure(top='title = "نشرة"')
    site.wait_builds(2, no_more=True)
    assert site.builds[1]["title"] == "نشرة"


def test_a_broken_configuration_is_told_and_the_one_before_kept(site: Site) -> None:
    site.configure(top='title = "قديم"')
    site.start()
    site.wait_builds(1)
    site.configure(top="titel = 5")
    site.wait(lambda: "unknown key titel" in site.said)
    site.write("b.txt")
    site.wait_builds(2)
    assert site.builds[1]["title"] == "قديم"
    site.configure(top='title = "جديد"')
    site.wait_builds(3, no_more=True)
    assert site.builds[2]["title"] == "جديد"
    assert sorted(path.name for path in site.folder.glob(".*")) == []


def test_a_broken_configuration_at_start_ends_it_with_2(site: Site) -> None:
    site.configure(schedule='cron = "0 25 * * *"')
    command = [sys.executable, "-m", "briefing", "schedule", "--config", str(site.config)]
    ended = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        timeout=90, check=False,
    )  # fmt: skip
    assert ended.returncode == 2
    assert "schedule.cron = '0 25 * * *': hour 25 is not between 0 and 23" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_and_the_build_under_way_with_0(site: Site, number: int) -> None:
    site.order(sleep=60)
    site.start()
    site.wait(lambda: site.builds)
    start = time.monotonic()
    assert site.stop(number) == 0
    assert time.monotonic() - start < 30, "the build sleeps for 60 s; 1 s on a quiet machine"
    assert not alive(site.builds[0]["pid"])


def test_a_build_that_was_ended_by_a_stop_is_made_up_at_the_next_start(site: Site) -> None:
    site.order(sleep=60)
    site.start()
    site.wait(lambda: site.builds)
    site.stop()
    site.order()
    site.start()
    site.wait(lambda: len(site.builds) == 2)


def test_killed_it_leaves_no_build_and_no_lock(site: Site) -> None:
    site.order(sleep=60)
    process = site.start()
    site.wait(lambda: site.builds)
    process.kill()
    process.wait()
    site.wait(lambda: not alive(site.builds[0]["pid"]))
    site.order()
    site.start()
    site.wait(lambda: len(site.builds) == 2)


def test_a_second_service_on_the_same_shelf_is_refused(site: Site) -> None:
    site.start()
    command = [sys.executable, "-m", "briefing", "schedule", "--config", str(site.config)]
    ended = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        timeout=90, check=False,
    )  # fmt: skip
    assert ended.returncode == 1
    assert "another `briefing schedule` is running" in ended.stderr


def test_a_night_slept_through_is_made_up_at_start(site: Site) -> None:
    site.start()
    site.wait_builds(1)
    site.stop()
    folder = site.folder / "audio" / ".state"
    before = datetime.now(UTC) - timedelta(days=2)
    memory = read_memory(folder, "briefing")
    assert memory is not None
    record_build(folder, "briefing", BuildRecord(before, before, 0))
    remember(folder, "briefing", Memory(before, memory.inputs))
    assert status.report(site.config).briefings[0].state == "stale"
    site.start()
    site.wait_builds(2, no_more=True)
    assert site.builds[1]["trigger"] == "nightly"
    assert status.report(site.config).exit_code == 0


def test_a_failed_build_is_tried_again_so_often_and_told_by_status(site: Site) -> None:
    site.configure(schedule="retries = 2\nretry_s = 0.4")
    site.order(exit=1, message="the disk is full")
    site.start()
    site.wait_builds(1 + 2)
    assert [build["trigger"] for build in site.builds] == ["start", "retry", "retry"]
    assert site.builds[2]["at"] - site.builds[1]["at"] > 0.8
    report = status.report(site.config)
    assert report.exit_code == 1
    assert "the disk is full" in report.as_text()
    assert "failed 3 times" in report.as_text()
    (one,) = report.as_json()["briefings"]
    assert (one["state"], one["failures"], one["retry_at"]) == ("failed", 3, None)
    site.order()
    site.write("b.txt")
    site.wait_builds(4, no_more=True)
    assert status.report(site.config).exit_code == 0


def test_a_build_that_crashes_is_told_and_the_service_lives(site: Site) -> None:
    site.order(signal=int(signal.SIGSEGV))
    process = site.start()
    site.wait(lambda: "ended by signal 11" in site.said)
    assert process.poll() is None
    last = read_builds(site.folder / "audio" / ".state", "briefing").last
    assert last is not None
    assert last.exit_code == 1


def test_commands_on_success_and_failure_get_the_facts_and_no_shell(site: Site) -> None:
    script = site.folder / "hook.py"
    script.write_text(
        "import os, sys\n"
        "with open(sys.argv[1], 'a') as file:\n"
        "    names = 'NAME', 'EXIT_CODE', 'MESSAGE'\n"
        "    print(*(os.environ['BRIEFING_' + x] for x in names), file=file)\n"
    )
    for key in ("success", "failure"):
        words = json.dumps([sys.executable, str(script), f"{key} $HOME;.txt"])
        old = site.config.read_text() if key == "failure" else ""
        if old:
            site.config.write_text(f"{old}on_{key} = {words}\n")
        else:
            site.configure(schedule=f"on_{key} = {words}")
    site.start()
    site.wait((site.folder / "success $HOME;.txt").exists)
    site.order(exit=1, message="$(reboot)")
    site.write("b.txt")
    site.wait(lambda: (site.folder / "failure $HOME;.txt").exists() and
              (site.folder / "failure $HOME;.txt").read_text())  # fmt: skip
    assert (site.folder / "failure $HOME;.txt").read_text() == "briefing 1 $(reboot)\n"
    assert (site.folder / "success $HOME;.txt").read_text() == "briefing 0 \n"


def test_several_briefings_are_built_one_after_the_other_each_by_its_own_sources(
    site: Site,
) -> None:
    (site.folder / "sport").mkdir()
    site.config.write_text(
        'schedule.settle_s = 0.4\n[briefing.news]\n[briefing.sport]\nsources.folder = "sport"\n'
    )
    site.order(sleep=0.5)
    site.start()
    site.wait_builds(2)
    assert sorted(build["name"] for build in site.builds) == ["news", "sport"]
    assert site.builds[1]["at"] - site.builds[0]["at"] > 0.5
    (site.folder / "sport" / "b.txt").write_text("هدف.", "utf-8")
    site.wait_builds(3, no_more=True)
    assert site.builds[2]["name"] == "sport"


def test_the_log_is_one_object_a_line_without_text_of_articles(site: Site) -> None:
    site.write("a.txt", "سرّ")
    site.start()
    site.wait_builds(1, no_more=True)
    site.stop()
    events = [event["event"] for event in site.events]
    assert events[0] == "started"
    assert events[-1] == "stopped"
    assert "سرّ" not in (site.folder / "audio" / ".state" / "schedule.log").read_text("utf-8")
