"""`briefing feed`: shows the addresses of the feeds, and gives a private one another key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from briefing.config import Config
from briefing.errors import UsageError
from briefing.publish import private_feed, publication
from briefing.publish.feed import base_url
from briefing.shelf.private_shelves import key_of, replace_key
from briefing.shelf.register import Register, claim, read_register
from briefing.shelf.shelf import Shelf, building

__all__ = ["addresses", "renew"]


def addresses(configs: Sequence[Config]) -> Iterator[str]:
    """Yield a line for each briefing: its name, and the address of its feed or why it has none.

    A private briefing gets its key if it has none yet. If all briefings of the configuration are
    asked for, private ones whose table is gone follow. Raises BriefingError, OSError.
    """
    names = {config.output.name for config in configs}
    is_all = all(other.name in names for config in configs for other in config.neighbours)
    left = private_feed.without_table(configs) if is_all else []
    width = max(len(config.output.name) for config in (*configs, *left))
    for config in configs:
        yield f"{config.output.name:{width}}  {_address(config)}"
    for config in left:
        name = config.output.name
        end = f"in no table, still published; to end it: briefing editions --remove {name} DATE"
        yield f"{name:{width}}  {_address(config)}  {end}"


def _address(config: Config) -> str:
    folder = f"{key_of(config.shelf_folder)}/" if config.feed.private else ""
    if not config.feed.base_url:
        page = f"; its page is {folder}index.html on the shelf" if folder else ""
        return f"no feed: feed.base_url is not set{page}"
    register = claim(read_register(config.shelf_folder) or Register(), config)
    private = "  (private)" if folder else ""
    return f"{base_url(config)}{folder}{quote(register.feeds[config.output.name])}{private}"


def renew(configs: Sequence[Config]) -> Iterator[str]:
    """Replace the key of a private briefing; yield what `addresses` does. Raises BriefingError.

    Its earlier address leads nowhere afterwards. Where a shelf is published to a target, this
    holds there after the next `briefing publish`.
    """
    private = [config for config in configs if config.feed.private]
    if not private:
        raise UsageError("no briefing is private; set feed.private = true for it and build it")
    if len(private) > 1:
        names = ", ".join(config.output.name for config in private)
        raise UsageError(f"several briefings are private: {names}; choose one with --name")
    (config,) = private
    shelf, name = Shelf(config.shelf_folder), config.output.name
    with building(shelf.folder, name, config.schedule.wait_s), shelf.refusals(name):
        replace_key(shelf.folder)
        publication.recover(shelf, config)  # writes the feed anew
    yield from addresses(private)
    if config.publish.target:
        yield "run `briefing publish` now: until then the old address answers there"
