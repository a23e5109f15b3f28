"""What the desk writes, with the real model and voice: hearing, mending, building, hearing it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import wave
from pathlib import Path

import pytest

from tests.conftest import Project
from tests.desk.conftest import CONFIG
from tests.desk.desks import Answer, OpenDesk, open_desk

TEXT = (
    "زيارة وزير الخارجية سرغيني\n\n"
    "قال الوزير سرغيني إن الاجتماع انتهى. وقال سرغيني إن الاتفاق قريب.\n\n"
    "كتب سالم كتابا جديدا.\n"
)
NAME = "سرغيني"
READING = "سِرْغِينِي"

pytestmark = pytest.mark.slow


@pytest.fixture
def desk_project(desk_project: Project) -> Project:
    desk_project.write("a.txt", TEXT)
    return desk_project


def write(desk: OpenDesk, word: dict[str, object], reading: str, scope: str) -> Answer:
    digest = desk.lexicon_digest()
    return desk.post("/api/readings", **word, reading=reading, scope=scope, lexicon_digest=digest)


def seconds(sound: bytes) -> float:
    with wave.open(io.BytesIO(sound)) as file:
        assert any(file.readframes(file.getnframes()))
        return file.getnframes() / file.getframerate()


def test_a_name_is_mended_heard_built_and_heard_in_the_edition(
    desk: OpenDesk, desk_project: Project
) -> None:
    assert desk.build()["state"] == "done"
    word = desk.word(NAME)
    assert desk.reading(word)["source"] in ("guess", "model")
    candidates = desk.post("/api/candidates", **word).json
    assert candidates["written"] == NAME
    assert 1 <= len(candidates["candidates"]) <= 4
    assert candidates["candidates"][0]["reading"] == candidates["reading"]
    assert candidates["places"]["article"] == 3
    place = {key: word[key] for key in ("briefing", "article", "digest", "paragraph", "sentence")}
    heard = desk.post(
        "/api/sound",
        **place,
        from_token=word["token"],
        to_token=word["token"],
        reading={"token": word["token"], "reading": READING},
        agreed=False,
    )
    assert heard.headers["content-type"] == "audio/wav"
    assert 0.2 < seconds(heard.body) < 5
    assert not (desk_project.folder / "names.toml").exists()

    answer = write(desk, word, READING, "always")
    assert (answer.json["places"], answer.json["articles"]) == (3, 1)
    lexicon = (desk_project.folder / "names.toml").read_text("utf-8")
    assert f'"{NAME}" = "{READING}"' in lexicon
    assert desk.reading(word)["source"] == "lexicon"
    assert desk.reading(word)["reading"].startswith("سِرْغِين")
    assert desk.get("/api/desk").json["briefings"][0]["changed"] == 2

    state = desk.build()
    assert state["state"] == "done"
    assert state["edition"]["address"] == "briefing.mp3"
    assert desk.get("/api/desk").json["briefings"][0]["changed"] == 0
    whole = desk.post(
        "/api/sound", **place, from_token=None, to_token=None, reading=None, agreed=False
    )
    edition = desk.post("/api/edition_sound", **place)
    assert seconds(edition.body) == pytest.approx(seconds(whole.body), abs=0.4)
    facts = json.loads((desk_project.audio / "briefing.json").read_text("utf-8"))["build"]
    assert 1 <= facts["clips_spoken"] <= 3  # the title, its headline, the paragraph
    assert facts["clips_reused"] >= 3


def test_each_scope_is_read_where_it_should_and_undone(
    desk: OpenDesk, desk_project: Project
) -> None:
    path = desk_project.folder / "names.toml"
    word = desk.word(NAME)
    later = {**word, "paragraph": 1, "sentence": 1, "token": 1}
    assert desk.reading(later)["written"] == NAME
    first = write(desk, word, READING, "here")
    assert desk.reading(word)["source"] == "lexicon"
    assert desk.reading(later)["source"] != "lexicon"
    second = write(desk, word, "سَرْغِينِي", "article")
    assert "here]" not in path.read_text("utf-8") or READING not in path.read_text("utf-8")
    assert desk.reading(later)["reading"].startswith("سَرْغِين")
    assert desk.reading(word)["reading"].startswith("سَرْغِين")
    for answer in (second, first):
        undone = desk.post(
            "/api/undo", undo=answer.json["undo"], lexicon_digest=desk.lexicon_digest()
        )
        assert undone.status == 200
    assert not path.exists()
    assert desk.reading(word)["source"] != "lexicon"


def test_two_desks_and_a_hand_lose_nothing(desk: OpenDesk, desk_project: Project) -> None:
    path = desk_project.folder / "names.toml"
    word = desk.word(NAME)
    with open_desk(desk_project.folder / "config.toml") as other:
        seen = other.lexicon_digest()
        assert write(desk, word, READING, "always").status == 200
        late = other.post(
            "/api/readings", **word, reading="سَرْغِينِي", scope="always", lexicon_digest=seen
        )
        assert late.status == 409
        assert late.json["reason"] == "lexicon changed"
        assert late.json["lexicon_digest"] == desk.lexicon_digest()
    by_hand = path.read_text("utf-8") + '"سالم" = "سَالِم"\n'
    seen = desk.lexicon_digest()
    path.write_text(by_hand, "utf-8")
    late = desk.post("/api/readings", **word, reading="سَرْغِينِي", scope="always", lexicon_digest=seen)
    assert late.status == 409
    assert path.read_text("utf-8") == by_hand


def test_undo_keeps_what_a_hand_made_of_the_reading(desk: OpenDesk, desk_project: Project) -> None:
    path = desk_project.folder / "names.toml"
    written = write(desk, desk.word(NAME), READING, "always").json
    by_hand = path.read_text("utf-8").replace(READING, "سَرْغِينِي")
    path.write_text(by_hand, "utf-8")
    undone = desk.post("/api/undo", undo=written["undo"], lexicon_digest=desk.lexicon_digest())
    assert (undone.status, undone.json["reason"]) == (409, "line changed")
    assert path.read_text("utf-8") == by_hand


def test_an_article_that_changed_meanwhile_is_told(desk: OpenDesk, desk_project: Project) -> None:
    word = desk.word(NAME)
    desk_project.write("a.txt", TEXT.replace("قريب", "بعيد"))
    for answer in (
        write(desk, word, READING, "always"),
        desk.post("/api/candidates", **word),
        desk.post("/api/reviewed", **word, reviewed=True),
    ):
        assert answer.status == 409
        assert answer.json["reason"] == "article changed"
    assert not (desk_project.folder / "names.toml").exists()


def test_a_reviewed_word_is_counted_no_more(desk: OpenDesk) -> None:
    word = desk.word(NAME)
    assert desk.reading(word)["unsure"] == "name"

    def unsure() -> int:
        count: int = desk.get("/api/desk").json["briefings"][0]["articles"][0]["unsure"]
        return count

    before = unsure()
    assert desk.post("/api/reviewed", **word, reviewed=True).status == 200
    assert desk.reading(word)["reviewed"] is True
    assert unsure() == before - 1
    assert desk.post("/api/reviewed", **word, reviewed=False).status == 200
    assert unsure() == before


def test_an_impossible_reading_is_refused_with_the_reason(desk: OpenDesk) -> None:
    word = desk.word(NAME)
    answer = write(desk, word, "Sarghini", "always")
    assert answer.status == 400
    assert "Sarghini" in answer.json["error"]


def test_what_is_left_out_is_not_in_the_edition_until_it_is_back(
    desk: OpenDesk, desk_project: Project
) -> None:
    def left_out() -> list[bool]:
        return [row["left_out"] for row in desk.get("/api/desk").json["briefings"][0]["articles"]]

    assert left_out() == [False, False]
    assert desk.post("/api/leave_out", **desk.article(0), out=True).status == 200
    assert left_out() == [True, False]
    assert desk.build()["state"] == "done"
    assert NAME not in (desk_project.audio / "briefing.json").read_text("utf-8")
    assert desk.post("/api/leave_out", **desk.article(0), out=False).status == 200
    assert desk.build()["state"] == "done"
    assert NAME in (desk_project.audio / "briefing.json").read_text("utf-8")


def test_a_failed_build_says_why(desk: OpenDesk, desk_project: Project) -> None:
    desk_project.configure(CONFIG.replace('lexicon = ""', 'lexicon = "names.toml"'))
    (desk_project.folder / "names.toml").write_text('[words]\n"س" = "x"\n', "utf-8")
    state = desk.build()
    assert state["state"] == "failed"
    assert "names.toml:2" in state["message"]
    assert "names.toml:2" in desk.get("/api/desk").json["briefings"][0]["problem"]


def test_a_worker_that_dies_is_replaced(desk_project: Project) -> None:
    import signal

    from briefing.config import load
    from briefing.desk.speaking import ArticleText
    from briefing.desk.worker import Worker, WorkerFailed

    config = load(desk_project.folder / "config.toml")[0]
    article = ArticleText("a", (TEXT,), title=False)
    worker = Worker()
    try:
        assert worker.begin("marks", config, article, 0).result(120)
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGKILL)
        with contextlib.suppress(WorkerFailed):
            worker.begin("marks", config, article, 0).result(120)
        assert worker.begin("marks", config, article, 0).result(120)
    finally:
        worker.stop()


def test_an_online_voice_is_asked_about_first(tmp_path: Path, desk_project: Project) -> None:
    desk_project.configure(CONFIG.replace("espeak", "gtts"))
    with open_desk(desk_project.folder / "config.toml") as desk:
        voice = desk.get("/api/desk").json["briefings"][0]["voice"]
        assert voice == {"name": "gtts", "online": True}
        spot = {"paragraph": 0, "sentence": 0, "from_token": None, "to_token": None}
        answer = desk.post("/api/sound", **desk.article(), **spot, reading=None, agreed=False)
        assert answer.status == 403, "before the service is looked up"
        assert answer.json["reason"] == "online voice"


def test_the_page_opens_and_tells_what_is_wrong_with_the_configuration(
    desk: OpenDesk, desk_project: Project
) -> None:
    desk_project.configure("voice = espeak\n")
    page = desk.get("/", {"X-Desk-Token": None})
    assert page.status == 200
    assert page.headers["content-type"].startswith("text/html")
    answer = desk.get("/api/desk")
    assert answer.status == 503
    assert "config.toml:1: is not valid TOML" in answer.json["error"]
