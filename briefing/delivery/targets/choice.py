"""An address -> its target."""

from __future__ import annotations

from pathlib import Path

from briefing.config.target_addresses import check_target, scheme_of
from briefing.delivery.targets.target import Target

__all__ = ["open_target"]


def open_target(address: str, base: Path, shelf: Path, *, offline: bool = False) -> Target:
    """Return the target of an address. base: what a relative folder is relative to.

    Raises UsageError, or DeliveryError if an extra is missing.
    """
    check_target(address, base, shelf, offline=offline)
    scheme = scheme_of(address)
    if scheme == "ssh":
        from briefing.delivery.targets.rsync import RsyncTarget

        return RsyncTarget(address)
    if scheme == "s3":
        from briefing.delivery.targets.bucket import BucketTarget

        return BucketTarget(address)
    from briefing.delivery.targets.folder import FolderTarget

    return FolderTarget((base / Path(address).expanduser()).absolute())
