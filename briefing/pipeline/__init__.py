"""From the articles to the shelf: all stages of a build, in order.

sources -> articles -> rundown -> scripts -> clips -> recording -> shelf

`deciding` looks whether anything is out of date; `edition` makes what is.
"""

from briefing.pipeline.deciding import NETWORK, build, excludes, memory_mb, up_to_date
from briefing.pipeline.request import Report, Request
from briefing.pipeline.result import Briefing

__all__ = [
    "NETWORK",
    "Briefing",
    "Report",
    "Request",
    "build",
    "excludes",
    "memory_mb",
    "up_to_date",
]
