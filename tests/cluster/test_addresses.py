"""An address of a cluster that cannot be one, or is not safe, is refused with what to write."""

from __future__ import annotations

import pytest

from briefing.config.cluster_addresses import check_address
from briefing.errors import UsageError
from tests.conftest import Project

GOOD = [
    "tls://scheduler.example:8786",
    "tcp://127.0.0.1:8786",
    "tcp://[::1]:8786",
    "tcp://localhost:1",
]
BAD = [
    ("tcp://10.0.0.5:8786", "tls://10.0.0.5:8786"),
    ("tcp://scheduler.example:8786", "tls://scheduler.example:8786"),
    ("tcp://127.0.0.1.example:8786", "tls://"),
    ("scheduler.example:8786", "tls://host:8786"),
    ("http://127.0.0.1:8786", "tls://host:8786"),
    ("tls://scheduler.example", "tls://host:8786"),
    ("tls://scheduler.example:eighty", "tls://host:8786"),
    ("tls://scheduler.example:8786/path", "tls://host:8786"),
    ("inproc://1", "tls://host:8786"),
    ("tls://[::1", "tls://host:8786"),
]


@pytest.mark.parametrize("address", GOOD)
def test_a_scheduler_here_or_behind_tls_is_accepted(address: str) -> None:
    check_address(address, "s3://bucket/clips")


@pytest.mark.parametrize(("address", "instead"), BAD)
def test_any_other_address_is_refused_with_what_to_write(address: str, instead: str) -> None:
    with pytest.raises(UsageError, match="write") as refusal:
        check_address(address, "s3://bucket/clips")
    assert instead in str(refusal.value)


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(UsageError, match="no user or password") as refusal:
        check_address("tls://me:secret@scheduler.example:8786", "s3://bucket/clips")
    assert "secret" not in str(refusal.value)


def test_offline_opens_no_connection_to_a_cluster() -> None:
    with pytest.raises(UsageError, match="offline = true"):
        check_address("tcp://127.0.0.1:8786", "s3://bucket/clips", offline=True)


@pytest.mark.parametrize("command", ["check", "build"])
def test_a_cluster_without_a_shared_store_is_refused_with_its_line(
    project: Project, command: str
) -> None:
    project.configure('title = "a"\n\n[cluster]\naddress = "tcp://127.0.0.1:8786"\n')
    done = project.run(command)
    assert done.returncode == 2
    assert "config.toml:4: cluster.address:" in done.stderr
    assert 'shared = "s3://bucket/prefix"' in done.stderr
    assert not (project.audio / "briefing.mp3").exists()
