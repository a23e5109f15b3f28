"""A supply from the shared store: what other machines and earlier builds spoke is fetched.

Requests: a listing of the briefing's folder; of an article that is not all here, its index and the
parts of its objects that are missing; of what is new, an object and the index. A fault of the store
is told once, and the build goes on without it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Protocol

from briefing.buckets import BucketError
from briefing.clip_cache import key_of
from briefing.orders.bundle import (
    LARGEST_OBJECT,
    Place,
    are_bounded,
    places_of,
    put_entries,
    write_bundle,
)
from briefing.orders.index import LARGEST_INDEX, Index, index_name
from briefing.orders.order import Group, Order, OrderError, Recipe, split_into_orders
from briefing.orders.recorder import Recorder, Row
from briefing.text.script_writer import Names

if TYPE_CHECKING:
    from briefing.clip_cache import FolderStore
    from briefing.mastering.clip import Mastering
    from briefing.orders.shared_store import Present, SharedStore
    from briefing.orders.supply import Supply
    from briefing.text.script_writer import ArticleNames

__all__ = ["Carrier", "SharedSupply"]

_AT_ONCE = 8
"""Requests at the same time: those of a slow store wait for each other no more than that."""

_LARGEST_ARTICLE = 1_000_000
"""Characters of an article that is shared: its index must be read in one piece."""


class Sent(Protocol):
    """An order that was sent."""

    def wait(self) -> None:
        """Wait until the order's object is in the store, or raise why it never will be."""


class Carrier(Protocol):
    """Has orders carried out by other machines, which put the objects into the shared store."""

    @property
    def workers(self) -> int:
        """How many other machines' processes have carried out orders."""

    def send(self, order: Order) -> Sent:
        """Send an order."""


@dataclass
class _Article:
    """A group, and what is known of it in the store."""

    group: Group
    keys: Sequence[str]
    """Of its texts."""
    names_key: str
    index: Index
    fetching: Future[None] | None = None
    whole: list[Order] = field(default_factory=list)
    """The orders of all of it; [] where the names in it must be known first."""
    orders: list[tuple[Order, Sent]] | None = None
    """What other machines do of it; None until it was decided."""
    is_news: bool = False
    """Whether other machines spoke something of it that its index in the store does not name."""
    rows: list[Row] = field(default_factory=list)
    """What this build planned of it."""
    readings: dict[str, Mapping[str, str]] = field(default_factory=dict)
    """Of the names in its paragraphs, by the paragraph's key."""


class SharedSupply:
    """The clip cache, and behind it the shared store."""

    def __init__(
        self,
        open_store: Callable[[], SharedStore],
        local: FolderStore,
        recorder: Recorder,
        recipe: Recipe,
        mastering: Mastering,
        warn: Callable[[str], None],
        carrier: Carrier | None = None,
    ) -> None:
        """open_store: returns the store, or raises BucketError. warn: receives the fault that ends
        the use of the store. carrier: speaks what the store does not have; None: this build does.
        """
        self.planner = recorder
        self._open_store = open_store
        self._store: SharedStore | None = None
        self._local = local
        self._recorder = recorder
        self._recipe = recipe
        self._mastering = mastering
        self._warn = warn
        self._carrier = carrier
        self._fault: BucketError | None = None
        self._has_warned = False
        self._present: dict[str, Present] | None = None
        self._articles: list[_Article] = []
        self._indexes: dict[str, Index] = {}
        self._current: _Article | None = None
        self._spoken: set[str] = set()
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="shared-store")
        self._uploads: list[Future[None]] = []

    def __enter__(self) -> Supply:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    # -- the build's side: one thread

    def begin(self, groups: Sequence[Group], *, ahead: bool = True) -> None:
        """List the store, and begin to fetch what it has of the articles."""
        self._list()
        self._recorder.empty()
        self._current = None
        news = {article.group.article for article in self._articles if article.is_news}
        self._articles = [self._article(group) for group in groups]
        for article in self._articles:
            article.is_news = article.group.article in news
            article.fetching = self._pool.submit(self._guard, self._fetch, article)
        if ahead and self._carrier is not None:
            for article in self._articles:
                self._send(article)

    def bring(self, place: int) -> None:
        """Wait until what the store has of an article is in the clip cache."""
        self._close()
        article = self._articles[place]
        if article.fetching is not None:
            article.fetching.result()
        if self._carrier is not None:
            self._send(article)
            self._receive(article)
        self._recorder.empty()
        self._current = article
        self._report_fault()

    def keep(self, place: int) -> None:
        """Begin to put what is new of an article into the store."""
        article = self._articles[place]
        if article is self._current:
            self._close()
        size = sum(map(len, article.group.texts))
        if self._store is None or self._fault is not None or size > _LARGEST_ARTICLE:
            return
        fresh = [
            row
            for row in dict.fromkeys(article.rows)
            if not article.index.has(row) and self._local.has(row.key)
        ]
        # names alone are not worth an object: they are found in the scripts
        if article.is_news or any(row.kind != "names" for row in fresh):
            self._uploads.append(self._pool.submit(self._guard, self._upload, article, fresh))

    def was_spoken(self, key: str) -> bool:
        """Return whether another machine spoke a clip for this build; only once for each."""
        if key not in self._spoken:
            return False
        self._spoken.remove(key)
        return True

    @property
    def workers(self) -> int:
        """How many other machines' processes spoke for this build."""
        return self._carrier.workers if self._carrier is not None else 0

    def finish(self) -> None:
        """Wait until everything is in the store."""
        for upload in self._uploads:
            upload.result()
        self._uploads.clear()
        self._recorder.fetched_plans.clear()
        self._report_fault()

    def _close(self) -> None:
        """Keep what was recorded for the article at hand."""
        if self._current is not None:
            self._current.rows, self._current.readings = self._recorder.empty()
            self._current = None

    def _article(self, group: Group) -> _Article:
        self._names_of(group)
        index = self._indexes.setdefault(
            group.article, Index(index_name(group.article, self._recipe))
        )
        return _Article(
            group=group,
            keys=list(map(self._recorder.paragraph_key, group.texts, group.keys)),
            names_key=self._recorder.names_key(
                group.paragraphs, title=group.has_title, article=group.key
            ),
            index=index,
        )

    def _names_of(self, group: Group) -> ArticleNames:
        """Return the names of an article; the planner then works on this article."""
        return self._recorder.names_of(group.paragraphs, title=group.has_title, article=group.key)

    def _report_fault(self) -> None:
        if self._fault is not None and not self._has_warned:
            self._has_warned = True
            self._warn(f"{self._fault}; the build goes on without the shared store")

    # -- what other machines speak

    def _send(self, article: _Article) -> None:
        """Have other machines speak what neither the store nor this machine has of an article."""
        if article.orders is not None or self._fault is not None or self._carrier is None:
            return
        if article.fetching is not None:
            article.fetching.result()
        article.orders = []
        wanting = [
            index for index, key in enumerate(article.keys) if not self._is_here(article, key)
        ]
        if not wanting:
            return
        stored = self._stored_names(article)
        wanting = [index for index in wanting if not self._is_planned(article, index, stored)]

        @cache
        def names() -> ArticleNames:
            return self._names_of(article.group).leave_storing()

        orders = article.whole
        if not orders or len(wanting) < len(article.keys):
            orders = split_into_orders(
                article.group, self._recipe, lambda index: names().of(index).readings, wanting
            )
        for order in orders:
            article.orders.append((order, self._carrier.send(order)))

    def _stored_names(self, article: _Article) -> Mapping[int, Names]:
        """Return the names of an article's paragraphs that the clip cache has, by their index."""
        group = article.group
        if not self._local.has(article.names_key):
            return {}
        return self._recorder.stored_names(
            group.paragraphs, title=group.has_title, article=group.key
        )

    def _is_here(self, article: _Article, paragraph: str) -> bool:
        """Return whether all that the store has of a paragraph is in the clip cache."""
        rows = article.index.paragraphs.get(paragraph, {})
        kinds = {row.kind for row in rows}
        return "plan" in kinds and all(
            row.kind == "script" or self._local.has(row.key) for row in rows
        )

    def _is_planned(self, article: _Article, index: int, stored: Mapping[int, Names]) -> bool:
        """Return whether the clip cache has a paragraph that the store does not have.

        stored: the names that the clip cache has.
        """
        group = article.group
        around = len(group.around)
        names = Names({}, group.keys[index]) if index < around else stored.get(index - around)
        return names is not None and self._recorder.is_stored(
            group.texts[index], names, self._local.has
        )

    def _receive(self, article: _Article) -> None:
        """Wait for what other machines speak of an article. What they cannot is spoken here."""
        for order, sent in article.orders or ():
            if self._fault is not None:
                return
            try:
                sent.wait()
            except Exception:  # whoever sent it told why; it is spoken here
                continue
            self._guard(self._take, article, order, self._spoken)
            article.is_news = True

    # -- the store's side: threads

    def _guard(self, work: Callable[..., None], *arguments: object) -> None:
        """Do something with the store, unless it failed before. The first fault is kept."""
        if self._store is None or self._fault is not None:
            return
        try:
            work(*arguments)
        except BucketError as fault:
            self._fault = self._fault or fault
        except (OSError, ValueError, RuntimeError, MemoryError) as error:
            # the edition is made without the store, whatever its library has met
            reason = f"{type(error).__name__}: {error}"
            self._fault = self._fault or BucketError(f"{self._store.label}: {reason}")

    def _list(self) -> None:
        if self._store is not None or self._fault is not None:
            return
        try:
            self._store = self._open_store()
            self._present = dict(self._store.listing(self._recipe.briefing))
        except BucketError as fault:
            self._fault = fault

    def _fetch(self, article: _Article) -> None:
        """Fetch an article's index, and what the clip cache does not have of its entries."""
        assert self._present is not None
        index = article.index
        if not index.paragraphs:
            self._read_index(index)
        orders = self._finished_orders(article)
        for order in orders:
            self._take(article, order, set())
        if orders:
            return
        needs_scripts = article.names_key not in index.paragraphs
        by_object: dict[str, list[Place]] = defaultdict(list)
        for paragraph in {article.names_key, *article.keys}:
            for row, (digest, place) in index.paragraphs.get(paragraph, {}).items():
                if (row.kind != "script" or needs_scripts) and not self._local.has(row.key):
                    by_object[digest].append(place)
        for digest, places in by_object.items():
            self._fetch_parts(index, digest, places)

    def _read_index(self, index: Index) -> None:
        """Read an index from the clip cache if it is the same, else from the store."""
        assert self._store is not None
        assert self._present is not None
        present = self._present.get(index.article)
        if present is None or present.bytes > LARGEST_INDEX:
            return
        key = self._index_key(index.article, present)
        packed: bytes | memoryview | None = self._local.get(key)
        is_new = packed is None
        if packed is None:
            packed = self._store.get(index.article)
        try:
            index.paragraphs = Index.from_bytes(packed or b"", index.article).paragraphs
        except OrderError:
            return  # a damaged or foreign index counts as missing
        if is_new and packed is not None:
            self._local.put(key, bytes(packed))
        folder = f"{self._recipe.briefing}/"
        index.only_in({name.removeprefix(folder) for name in self._present})

    def _finished_orders(self, article: _Article) -> list[Order]:
        """Return the orders of a whole article whose objects stand there without an index."""
        assert self._present is not None
        if any(key in article.index.paragraphs for key in article.keys):
            return []
        try:
            article.whole = split_into_orders(article.group, self._recipe, _refuse)
        except OrderError:
            return []
        return [order for order in article.whole if order.object_name in self._present]

    def _fetch_parts(self, index: Index, digest: str, places: Sequence[Place]) -> None:
        assert self._store is not None
        assert self._present is not None
        name = f"{self._recipe.briefing}/{digest}"
        size = self._present[name].bytes if name in self._present else 0
        inside = [place for place in places if place.offset + place.length <= size]
        rows: set[Row] = set()
        if inside and size <= LARGEST_OBJECT and are_bounded(inside, size):
            parts = self._store.get_parts(name, [(place.offset, place.length) for place in inside])
            rows = put_entries(self._local, zip(inside, parts, strict=False), self._mastering)
        index.without([place.row for place in places if place.row not in rows])

    def _take(self, article: _Article, order: Order, spoken: set[str]) -> None:
        """Put the object of an order into the clip cache, and its entries into the index.

        spoken: the keys of clips that the clip cache did not have are added to it.
        """
        assert self._store is not None
        packed = self._store.get(order.object_name)
        try:
            places = places_of(packed or b"", order.digest)
        except OrderError:
            return  # a damaged or foreign object counts as missing
        clips = {place.row.key for place in places if place.row.kind == "clip"}
        fresh = {key for key in clips if not self._local.has(key)}
        rows: set[Row] = set()
        if any(place.row.kind == "names" for place in places):
            # with an article's names and plans no script is read; it is checked when it is fetched
            rows = {place.row for place in places if place.row.kind == "script"}
        needed = [place for place in places if place.row not in rows]
        contents = ((place, place.entry_in(packed or b"")) for place in needed)
        plans = self._recorder.fetched_plans
        rows |= put_entries(self._local, contents, self._mastering, plans)
        article.index.add(order.digest, [place for place in places if place.row in rows])
        article.is_news |= bool(rows)
        spoken |= fresh & {row.key for row in rows}

    def _upload(self, article: _Article, fresh: Sequence[Row]) -> None:
        """Put the entries that are new into the store, and then the index that names them."""
        assert self._store is not None
        index = article.index
        by_paragraph: dict[str, list[Row]] = defaultdict(list)
        for row in fresh:
            by_paragraph[row.paragraph].append(row)
        names_rows = by_paragraph.pop(article.names_key, [])
        orders = self._orders_of(article, by_paragraph) if by_paragraph else []
        for order, keys in orders:
            rows = [*names_rows, *(row for key in keys for row in by_paragraph[key])]
            names_rows = []
            packed = write_bundle(order.digest, rows, self._local)
            self._store.put(order.object_name, packed)
            index.add(order.digest, places_of(packed, order.digest))
        if not orders and not article.is_news:
            return  # a paragraph too long for an order is spoken on each machine
        index.sort([article.names_key, *article.keys])
        content = index.to_bytes()
        present = self._store.put(index.article, content)
        self._local.put(self._index_key(index.article, present), content)

    def _orders_of(
        self, article: _Article, fresh: Mapping[str, object]
    ) -> list[tuple[Order, Sequence[str]]]:
        """Return the orders that would have spoken some paragraphs, with the keys of those."""
        keys, around = article.keys, len(article.group.around)
        wanting = [index for index, key in enumerate(keys) if key in fresh]

        def readings_of(index: int) -> Mapping[str, str]:
            return article.readings.get(keys[around + index], {})

        group = article.group
        by_text = dict(zip(zip(group.texts, group.keys, strict=True), keys, strict=True))
        orders = split_into_orders(group, self._recipe, readings_of, wanting)
        return [
            (
                order,
                [by_text[part.text, part.article] for part in order.paragraphs],
            )
            for order in orders
        ]

    def _index_key(self, name: str, present: Present) -> str:
        assert self._store is not None
        return key_of("shared index", [self._store.identity, name, present.tag, present.bytes])


def _refuse(index: int) -> Mapping[str, str]:
    """Raise OrderError: names are found where the article is planned, not in a thread."""
    raise OrderError(f"the names of paragraph {index} are not known yet")
