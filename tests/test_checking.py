"""`briefing check` knows beforehand what a build will be: its length, its requests, its lexicon."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from briefing.clip_cache import FolderStore
from briefing.commands import check
from briefing.config import load
from briefing.production import estimate
from briefing.selection import arrange
from briefing.sources import read
from briefing.speech.voices import voices_of
from tests.conftest import ROOT, Project, make_project
from tests.speech.google.proxy import GoogleProxy

TOLERANCE = 0.10
NEWS = (ROOT / "tests" / "benchmarks" / "vowelled_news_held_out.txt").read_text("utf-8")
NUMBERS = """أسعار الصرف

بلغ سعر الدولار 89500 ليرة، واليورو 103250 ليرة، أي بزيادة 1.5% عن 24/11/2026.
سجل الذهب 2650 دولارًا للأونصة، وارتفع 12 دولارًا خلال 48 ساعة. وبلغت الصادرات 1250000 طن.
أغلق المؤشر عند 11874 نقطة في الساعة 15:30، بعد أن خسر 237 نقطة. وتراجع النفط 3.2% إلى 71 دولارًا.
"""
TALK = """حوار

من أنت؟ أنا جارك. أين كنت؟ في السوق. ماذا اشتريت؟ خبزًا وجبنًا. هل عاد أخوك؟ لا، لم يعد.
متى يعود؟ غدًا. كم الساعة الآن؟ الثامنة. شكرًا لك. عفوًا، إلى اللقاء.
"""
LATIN = """شركات التقنية

أعلنت شركة Microsoft أن نظام Windows الجديد يصل في الخريف، وقالت BBC إن Samsung ستعرض هاتف Galaxy في برلين.
اشترت Netflix حقوق فيلم من إنتاج BBC، بينما وقعت Boeing عقدًا مع شركة Airbus وناسا NASA في باريس.
"""


def estimated_s(text: str) -> int:
    minutes, seconds = re.search(r"length: about (\d+):(\d\d) minutes", text).groups()  # type: ignore[union-attr]
    return 60 * int(minutes) + int(seconds)


def test_the_length_of_the_sample_is_told_within_a_tenth(sample: Project) -> None:
    built = json.loads((sample.audio / "briefing.json").read_text("utf-8"))["duration_s"]
    estimated = estimated_s(sample.run("check").stdout)
    assert estimated == pytest.approx(built, rel=TOLERANCE)


@pytest.mark.slow
def test_the_length_of_texts_of_other_kinds_is_told_within_a_tenth(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project", {})
    kinds = {"news": NEWS, "numbers": NUMBERS, "talk": TALK, "latin": LATIN}
    tables = []
    for kind, text in kinds.items():
        (project.folder / kind).mkdir()
        (project.folder / kind / "a.txt").write_text(text, "utf-8")
        tables.append(f'[briefing.{kind}]\nsources.folder = "{kind}"\n')
    tables.append('[briefing.slow]\nsources.folder = "talk"\nvoices.espeak.speed_wpm = 100\n')
    tables.append('[briefing.two]\nsources.folder = "two"\npauses.article_s = 5\n')
    (project.folder / "two").mkdir()
    for kind in ("talk", "latin"):
        shutil.copy(project.folder / kind / "a.txt", project.folder / "two" / f"{kind}.txt")
    project.configure('sound.separator = "default"\n' + "".join(tables))
    done = project.run("build", "--date", "2026-11-24")
    assert done.returncode == 0, done.stderr
    for config in load(project.folder / "config.toml"):
        name = config.output.name
        built = json.loads((project.audio / f"{name}.json").read_text("utf-8"))["duration_s"]
        articles, _ = read(config)
        estimated = estimate.length_s(
            config, arrange(articles, config.edition), "2026-11-24", "espeak"
        )
        assert estimated == pytest.approx(built, rel=TOLERANCE), name


def test_a_check_of_many_articles_loads_no_model_and_no_audio_library(project: Project) -> None:
    article = (project.folder / "seeds" / "a.txt").read_text("utf-8")
    for number in range(100):
        project.write(f"{number}.txt", article * 5)
    done = project.run("check", environment={"PYTHONPROFILEIMPORTTIME": "1"})
    assert "102 articles" in done.stdout
    loaded = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines()}
    assert "briefing.commands.check" in loaded
    assert not loaded & {"numpy", "onnxruntime", "av", "lameenc", "pydub", "text2tashkeel"}


@pytest.mark.slow
def test_the_requests_of_a_few_articles_are_counted_exactly(project: Project) -> None:
    project.configure('voice = "gtts"\n')
    with GoogleProxy() as proxy:
        proxied = {"HTTPS_PROXY": proxy.url}
        output = project.run("check", environment=proxied).stdout
        assert project.run("build", environment=proxied).returncode == 0
        assert f"online requests: {len(proxy.asked)}\n" in output
        assert "online requests: 0\n" in project.run("check", environment=proxied).stdout


def test_the_requests_of_many_articles_are_called_about_and_are_near(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_project(tmp_path / "project", {})
    shutil.copytree(ROOT / "seeds", project.folder / "seeds", dirs_exist_ok=True)
    project.write("news.txt", NEWS)
    project.configure('voice = "gtts"\n')
    (config,) = load(project.folder / "config.toml")
    articles, _ = read(config)
    store = FolderStore(tmp_path / "cache")
    (voice,) = voices_of(config, None, store)

    def requests() -> str:
        lineup = arrange(articles, config.edition)
        return check._requests(config, lineup, voice, store, "2026-11-24")

    exact = re.fullmatch(r"; online requests: (\d+)", requests())
    monkeypatch.setattr(check, "_EXACT_BELOW_LETTERS", 0)
    about = re.fullmatch(r"; online requests: about (\d+)", requests())
    assert exact
    assert about
    assert int(about[1]) == pytest.approx(int(exact[1]), rel=0.2)


def test_what_stands_in_many_articles_is_asked_for_once(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = (project.folder / "seeds" / "a.txt").read_text("utf-8")
    project.configure('voice = "gtts"\nopening.line = ""\n')

    def requests() -> int:
        out = project.run("check", environment={"HTTPS_PROXY": "http://127.0.0.1:9"}).stdout
        return int(re.search(r"online requests: (?:about )?(\d+)", out)[1])  # type: ignore[index]

    few = requests()
    for number in range(120):
        project.write(f"a{number}.txt", article)
    assert requests() == pytest.approx(few, abs=1)


LEXICON = """[words]
"المدارس" = "الْمَدَارِس"
"NATO" = "النَّاتُو"

# a comment
"البلدية" = "البلدية"
"مباراة" = "مُبَارَاة"
"مباراة الأمس" = "مُبَارَاةِ الْأَمْس"
'المنتخب الوطني' = "الْمُنْتَخَبُ الْوَطَنِيّ"
"""


def test_lines_of_the_lexicon_that_do_nothing_are_told_with_their_place(project: Project) -> None:
    (project.folder / "names.toml").write_text(LEXICON, "utf-8")
    project.configure('[text]\nlexicon = "names.toml"\n')
    done = project.run("check")
    assert done.returncode == 0
    place = f"briefing: {project.folder / 'names.toml'}"
    assert done.stderr.splitlines() == [
        f'{place}:3: "NATO" is in no article',
        f'{place}:6: the reading of "البلدية" has no vowels, so they are guessed',
        f'{place}:7: "مباراة" is in no article',  # the longer line says it
        f'{place}:9: "المنتخب الوطني" is in no article',
    ]
    project.write("c.txt", "خبر\n\nقال حلف Nato إن المنتخب\u00a0الوطني فاز بمباراة.\n")
    assert "is in no article" not in project.run("check").stderr


def test_a_line_that_one_of_several_briefings_uses_is_not_told(project: Project) -> None:
    (project.folder / "names.toml").write_text('[words]\n"مطر" = "مَطَر"\n', "utf-8")
    (project.folder / "sport").mkdir()
    shutil.move(project.folder / "seeds" / "b.txt", project.folder / "sport" / "b.txt")
    project.configure(
        'text.lexicon = "names.toml"\n[briefing.news]\n[briefing.sport]\nsources.folder = "sport"\n'
    )
    done = project.run("check")
    assert (done.returncode, done.stderr) == (0, "")


def test_of_a_long_lexicon_ten_lines_are_told(project: Project) -> None:
    lines = [f'"نادر{letter}" = "نَادِر"' for letter in "ابتثجحخدذرزس"]
    (project.folder / "names.toml").write_text("[words]\n" + "\n".join(lines), "utf-8")
    project.configure('text.lexicon = "names.toml"\n')
    lines = project.run("check").stderr.splitlines()
    assert len(lines) == 11
    assert lines[-1].endswith("and 2 more lines like these")


def test_articles_in_which_nothing_is_said_are_refused_as_by_a_build(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project", {"a.txt": "#وسم\n"})
    project.configure('[text]\nhashtags = "skip"\n')
    checked, done = project.run("check"), project.run("build")
    assert checked.returncode == done.returncode == 1
    assert "nothing in the sources can be spoken" in checked.stdout
    assert "nothing in the sources can be spoken" in done.stderr


def test_a_cache_in_which_nothing_can_be_written_is_told_as_by_a_build(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    (project.folder / "file").touch()
    project.configure('cache.folder = "file/cache"\n')
    checked = project.run("check")
    assert checked.returncode == 0, checked.stderr
    assert "file/cache: clips cannot be kept: Not a directory" in checked.stderr
    assert not list(project.folder.glob("**/.new-*"))
