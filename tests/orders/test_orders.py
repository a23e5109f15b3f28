"""Orders and their objects: what leaves a machine, what comes back, and what is not believed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from briefing.clip_cache import FolderStore, MemoryStore, entry_of
from briefing.mastering.clip import Clip, Mastering
from briefing.orders.bundle import places_of, put_entries, unpack, write_bundle
from briefing.orders.carrying_out import carry_out
from briefing.orders.entry_checks import read_entry
from briefing.orders.order import (
    LONGEST_ORDER,
    Group,
    Order,
    OrderError,
    Paragraph,
    split_into_orders,
)
from briefing.orders.recorder import Row
from tests.conftest import BUILT_DATE, Project
from tests.orders.recipes import no_names, orders, recipe

ONE_KEY = "0" * 64


def is_entry(kind, value, mastering) -> bool:
    return read_entry(kind, value, mastering) is not None


@pytest.fixture(scope="module")
def built(_built_once: Path) -> Path:
    """Two short articles, built by the command with an empty configuration."""
    (_built_once / "config.toml").touch()
    return _built_once


@pytest.fixture(scope="module")
def carried(built: Path) -> tuple[Order, bytes]:
    order = orders(built)[0]
    return order, carry_out(Order.from_json(order.packed))


def mastering_of(order: Order) -> Mastering:
    return Order.from_json(order.packed).mastering


def test_an_order_carried_out_has_the_bytes_of_the_built_in_build(
    built: Path, carried: tuple[Order, bytes]
) -> None:
    order, packed = carried
    cache = FolderStore(built / "cache" / "briefing")
    values = unpack(packed, order.digest, mastering_of(order))
    kinds = [place.row.kind for place in places_of(packed, order.digest)]
    assert kinds.count("clip") == 6, "the opening's four, the title among them, two paragraphs"
    for key, value in values.items():
        assert cache.get(key) == value
    assert len(values) == len({place.row.key for place in places_of(packed, order.digest)})


def test_what_is_spoken_around_an_article_is_in_its_order(built: Path) -> None:
    first, second = orders(built)
    assert [paragraph.readings for paragraph in first.paragraphs].count(None) == 3
    assert first.paragraphs[0].readings == {}, "the opening has no names of the article"
    assert second.paragraphs[0].text == "فوز المنتخب"
    assert first.has_title
    assert second.has_title
    assert first.recipe.briefing == second.recipe.briefing
    assert first.article != second.article


def test_a_long_article_is_several_orders_whose_names_are_known(built: Path) -> None:
    texts = tuple(f"{number} " + "كلمة " * 1200 for number in range(8))
    group = Group(0, ONE_KEY, ("عنوان", *texts), has_title=True, around=("مقدمة",))
    parts = split_into_orders(group, recipe(built), lambda index: {f"اسم{index}": ""})
    assert [len(order.paragraphs) for order in parts] == [5, 3, 2]
    spoken = [paragraph.text for order in parts for paragraph in order.paragraphs]
    assert spoken == list(group.texts)
    for order in parts:
        assert sum(len(paragraph.text) for paragraph in order.paragraphs) <= LONGEST_ORDER
        assert not order.has_title
    assert parts[0].paragraphs[0].readings == {}
    assert parts[1].paragraphs[0].readings == {"اسم4": ""}
    assert len({order.digest for order in parts}) == 3


def test_an_order_of_some_paragraphs_has_their_names(built: Path) -> None:
    group = Group(0, ONE_KEY, ("عنوان", "أول", "ثان", "ثالث"), has_title=True)
    (order,) = split_into_orders(group, recipe(built), lambda index: {"اسم": str(index)}, [1, 3])
    assert [paragraph.text for paragraph in order.paragraphs] == ["أول", "ثالث"]
    assert [paragraph.readings for paragraph in order.paragraphs] == [{"اسم": "1"}, {"اسم": "3"}]


def test_a_paragraph_longer_than_an_order_is_in_none(built: Path) -> None:
    group = Group(0, ONE_KEY, ("أ" * (LONGEST_ORDER + 1), "ب"), has_title=False)
    (order,) = split_into_orders(group, recipe(built), lambda index: {})
    assert [paragraph.text for paragraph in order.paragraphs] == ["ب"]


def test_the_same_paragraphs_are_the_same_order_and_any_change_another(built: Path) -> None:
    group = Group(0, ONE_KEY, ("نص",), has_title=False)
    shape = recipe(built)
    (order,) = split_into_orders(group, shape, no_names)
    assert split_into_orders(group, recipe(built), no_names)[0].digest == order.digest
    others = [
        replace(order, article="1" * 64),
        replace(order, paragraphs=(Paragraph("نصر", None),)),
        replace(order, recipe=replace(shape, identity="another")),
        replace(order, recipe=replace(shape, lexicon={"words": {"نص": "نَصّ"}, "article": {}})),
        replace(order, recipe=replace(shape, mastering={**shape.mastering, "quality": 2})),
    ]
    assert len({other.digest for other in (order, *others)}) == 6


def test_an_order_survives_its_way_with_a_lone_surrogate(built: Path) -> None:
    group = Group(0, ONE_KEY, ("نص \ud800",), has_title=False)
    (order,) = split_into_orders(group, recipe(built), no_names)
    again = Order.from_json(order.packed)
    assert again == order
    assert again.digest == order.digest
    assert order.packed.isascii()


def test_an_order_for_another_machine_is_refused(built: Path) -> None:
    (order, *_) = orders(built, identity="avx512")
    with pytest.raises(OrderError, match="for another program, other libraries or another proc"):
        carry_out(order, identity="avx2")
    other_voice = replace(order, recipe=replace(order.recipe, voice_version="9"))
    with pytest.raises(OrderError, match="'espeak' has another version"):
        carry_out(other_voice, identity="avx512")
    other_settings = replace(order, recipe=replace(order.recipe, mastering={"format": "mp3"}))
    with pytest.raises(OrderError, match=r"other settings \(Mastering\)"):
        carry_out(other_settings, identity="avx512")


DEEP = b"[" * 100_000


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda table: DEEP, id="deep"),
        pytest.param(lambda table: b"null", id="null"),
        pytest.param(lambda table: b"\xff", id="bytes"),
        pytest.param(lambda table: b" " * 9_000_000, id="huge"),
        pytest.param(lambda table: {**table, "layout": 2}, id="layout"),
        pytest.param(lambda table: {**table, "article": "../../etc"}, id="article"),
        pytest.param(lambda table: {**table, "has_title": 1}, id="title"),
        pytest.param(lambda table: {**table, "paragraphs": [["ن" * 20_001, None]]}, id="long"),
        pytest.param(lambda table: {**table, "paragraphs": [[7, None]]}, id="number"),
        pytest.param(lambda table: {**table, "paragraphs": [["ن", {"ن": 1}]]}, id="names"),
        pytest.param(
            lambda table: {**table, "recipe": {**table["recipe"], "briefing": "../x"}}, id="folder"
        ),
        pytest.param(lambda table: {**table, "recipe": {"run": "me"}}, id="recipe"),
    ],
)
def test_what_is_no_order_is_refused_in_one_line(
    built: Path, change: Callable[[dict[str, Any]], Any]
) -> None:
    changed = change(json.loads(orders(built)[0].packed))
    packed = changed if isinstance(changed, bytes) else json.dumps(changed).encode()
    with pytest.raises(OrderError) as raised:
        Order.from_json(packed)
    assert "\n" not in str(raised.value)


def test_an_object_cut_short_damaged_or_foreign_is_refused(carried: tuple[Order, bytes]) -> None:
    order, packed = carried
    mastering = mastering_of(order)
    for size in (0, 3, 40, len(packed) // 2, len(packed) - 1):
        with pytest.raises(OrderError):
            unpack(packed[:size], order.digest, mastering)
    flipped = bytearray(packed)
    flipped[len(packed) // 2] ^= 1
    with pytest.raises(OrderError, match="damaged or cut short"):
        unpack(flipped, order.digest, mastering)
    with pytest.raises(OrderError, match="of another order"):
        unpack(packed, "1" * 64, mastering)
    assert unpack(packed, order.digest, mastering)


def test_a_damaged_entry_of_an_object_is_missing_and_the_others_are_there(
    carried: tuple[Order, bytes],
) -> None:
    order, packed = carried
    places = places_of(packed, order.digest)
    hurt = places[0]
    damaged = bytearray(packed)
    damaged[hurt.offset + hurt.length - 1] ^= 1
    store = MemoryStore()
    contents = ((place, place.entry_in(damaged)) for place in places_of(damaged, order.digest))
    rows = put_entries(store, contents, mastering_of(order))
    assert rows == {place.row for place in places if place.row.key != hurt.row.key}
    assert store.values.keys() == {row.key for row in rows}


def test_an_object_of_layout_1_whose_digest_is_of_all_is_read(carried: tuple[Order, bytes]) -> None:
    order, packed = carried
    size = int.from_bytes(packed[4:8], "little")
    head = json.loads(packed[8 : 8 + size])
    first = signed({**head, "layout": 1}, packed[8 + size : -32])
    mastering = mastering_of(order)
    assert unpack(first, order.digest, mastering) == unpack(packed, order.digest, mastering)
    with pytest.raises(OrderError):
        places_of(signed(head, packed[8 + size : -32]), order.digest)


def signed(head: object, body: bytes = b"") -> bytes:
    """An object by somebody who can write one: its digest is right."""
    import hashlib
    import struct

    text = head if isinstance(head, bytes) else json.dumps(head).encode()
    packed = struct.pack("<4sI", b"BRFO", len(text)) + text + body
    return packed + hashlib.sha256(packed).digest()


ROW = [ONE_KEY, "clip", ONE_KEY, 0, 4]


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(DEEP, id="deep"),
        pytest.param(b"[]", id="list"),
        pytest.param({"layout": 1, "order": ONE_KEY, "rows": 7}, id="rows"),
        *(
            pytest.param({"layout": 1, "order": ONE_KEY, "rows": [row]}, id=name)
            for name, row in {
                "path": [ONE_KEY, "clip", "../../../etc/passwd", 0, 4],
                "paragraph": ["/etc", "clip", ONE_KEY, 0, 4],
                "kind": [ONE_KEY, "pickle", ONE_KEY, 0, 4],
                "beyond": [ONE_KEY, "clip", ONE_KEY, 0, 5],
                "before": [ONE_KEY, "clip", ONE_KEY, -1, 4],
                "negative": [ONE_KEY, "clip", ONE_KEY, 2, -2],
                "text": [ONE_KEY, "clip", ONE_KEY, "0", 4],
            }.items()
        ),
    ],
)
def test_an_object_by_a_stranger_with_a_wrong_head_is_refused(head: object) -> None:
    with pytest.raises(OrderError):
        places_of(signed(head, b"body"), ONE_KEY)
    good = signed({"layout": 1, "order": ONE_KEY, "rows": [ROW]}, b"body")
    assert [place.length for place in places_of(good, ONE_KEY)] == [4]


def test_a_small_object_does_not_name_its_bytes_many_times() -> None:
    rows = [[ONE_KEY, "clip", f"{number:064x}", 0, 4] for number in range(100_000)]
    with pytest.raises(OrderError):
        places_of(signed({"layout": 1, "order": ONE_KEY, "rows": rows}, b"body"), ONE_KEY)
    long = [[*row[:3], 0, 1000] for row in rows[:900]]
    with pytest.raises(OrderError, match="overlap"):
        places_of(signed({"layout": 1, "order": ONE_KEY, "rows": long}, bytes(1000)), ONE_KEY)
    bomb = b"[" + b"[]," * 2_000_000 + b"[]]"
    for kind in ("script", "plan", "names"):
        assert not is_entry(kind, bomb, Mastering(0, 0, 0, 0, 0))
    with pytest.raises(OrderError):
        places_of(signed(bomb), ONE_KEY)


def test_a_name_is_read_with_its_own_letters() -> None:
    mastering = Mastering(0, 0, 0, 0, 0)
    for names, is_right in (
        ({"سرغيني": "سِرْغِينِي"}, True),
        ({"سرغيني": "سِرْغِينِي?"}, True),
        ({"سرغيني": ""}, True),
        ({"سرغيني": "rm -rf"}, False),
        ({"سرغيني": None}, False),
    ):
        assert is_entry("names", json.dumps([{}, names]).encode(), mastering) == is_right, names


def test_entries_by_a_stranger_that_are_none_are_left_out(carried: tuple[Order, bytes]) -> None:
    order, _ = carried
    mastering = mastering_of(order)
    store = MemoryStore()
    rows = []
    for number, value in enumerate((b"\xff", b"{}", DEEP, b"[[1]]")):
        for kind in ("script", "plan", "names", "clip"):
            key = f"{number}{len(kind)}{kind[0].encode().hex()}".ljust(64, "0")
            store.put(key, value)
            rows.append(Row(ONE_KEY, kind, key))  # type: ignore[arg-type]
    assert unpack(write_bundle(order.digest, rows, store), order.digest, mastering) == {}


def test_a_clip_whose_facts_are_impossible_is_no_clip(carried: tuple[Order, bytes]) -> None:
    order, packed = carried
    mastering = mastering_of(order)
    values = unpack(packed, order.digest, mastering)
    clips = [place.row.key for place in places_of(packed, order.digest) if place.row.kind == "clip"]
    clip = Clip.from_bytes(values[clips[0]])
    assert is_entry("clip", clip.to_bytes(), mastering)
    for change in (
        {"sample_rate_hz": 0},
        {"sample_rate_hz": 12_345},
        {"sample_rate_hz": "22050"},
        {"frame_count": 10**12},
        {"frame_count": -1},
        {"samples": 10**12},
        {"samples": 1.5},
        {"bitrate_kbps": 0},
        {"format": "../x"},
        {"format": "opus"},
        {"true_peak_dbtp": None},
    ):
        assert not is_entry("clip", replace(clip, **change).to_bytes(), mastering), change
    facts = orjson.loads(clip.to_bytes()[4 : 4 + int.from_bytes(clip.to_bytes()[:4], "little")])
    for bomb in ({"blocks": 10**15}, {"sizes": -1}, {"sentences": [[0, 10**12, None]]}, {"x": 1}):
        head = orjson.dumps({**facts, **bomb})
        assert not is_entry("clip", len(head).to_bytes(4, "little") + head, mastering), bomb


def test_a_plan_that_counts_other_words_than_it_has_is_none() -> None:
    mastering = Mastering(0, 0, 0, 0, 0)
    good = [[["نص", "كلمتان هنا", [["نص", 2]], "[[a]]", False]]]
    assert is_entry("plan", json.dumps(good).encode(), mastering)
    for count in (1, 10**9, -1, "2", True):
        wrong = [[["نص", "كلمتان هنا", [["نص", count]], "[[a]]", False]]]
        assert not is_entry("plan", json.dumps(wrong).encode(), mastering), count


def test_an_entry_under_another_key_is_not_believed(carried: tuple[Order, bytes]) -> None:
    order, packed = carried
    places = places_of(packed, order.digest)
    first, second = [place for place in places if place.row.kind == "clip"][:2]
    swapped = first._replace(row=first.row._replace(key=second.row.key))
    assert first.value_in(packed) is not None
    assert swapped.value_in(packed) is None
    part = packed[first.offset : first.offset + first.length]
    assert first.value_in(part, first.offset) == first.value_in(packed)
    assert entry_of(first.row.key, first.value_in(part, first.offset) or b"") == part


def test_a_lexicon_goes_with_the_order(project: Project) -> None:
    project.configure('[text]\nlexicon = "names.toml"\n')
    (project.folder / "names.toml").write_text('[words]\n"المطر" = "الْمَطَرَ"\n', "utf-8")
    order = orders(project.folder)[0]
    assert order.recipe.lexicon == {"words": {"المطر": "الْمَطَرَ"}, "article": {}}
    with_line = places_of(carry_out(order), order.digest)
    bare = replace(order, recipe=replace(order.recipe, lexicon={"words": {}, "article": {}}))
    without = places_of(carry_out(bare), bare.digest)
    keys = {place.row.key for place in with_line if place.row.kind == "clip"}
    assert keys - {place.row.key for place in without}


def test_a_recipe_has_no_place_of_this_machine(built: Path) -> None:
    assert str(built) not in json.dumps(asdict(recipe(built)), ensure_ascii=False)


def with_own_readings(project: Project) -> list[Order]:
    """The orders of two articles, the first of which has a line of the lexicon for itself."""
    project.configure('[text]\nlexicon = "names.toml"\n')
    own = '[article."seeds/a.txt".words]\n"المطر" = "الْمَطَرَ"\n'
    (project.folder / "names.toml").write_text(own, "utf-8")
    return orders(project.folder)


def test_the_readings_of_one_article_go_with_its_order_alone(project: Project) -> None:
    first, second = with_own_readings(project)
    assert list(first.recipe.lexicon["article"]) == ["seeds/a.txt"]
    # the headlines of the opening are read as their articles read them
    assert {part.article for part in first.paragraphs} == {"", "seeds/a.txt", "seeds/b.txt"}
    assert second.recipe.lexicon == {"words": {}, "article": {}}


@pytest.mark.slow
def test_readings_of_one_article_are_spoken_as_the_built_in_build_does(project: Project) -> None:
    first, _ = with_own_readings(project)
    built_here = project.run("build", "--date", BUILT_DATE)
    assert built_here.returncode == 0, built_here.stderr
    cache = FolderStore(project.folder / "cache" / "briefing")
    values = unpack(carry_out(first), first.digest, mastering_of(first))
    assert all(cache.get(key) == value for key, value in values.items())
