"""TLS by Dask's own settings: who has no certificate of the cluster's authority gets nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import trustme

from tests.cluster.clusters import PATIENCE_S, Cluster, cluster
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

_ASK = """
import sys
from briefing.cluster.connection import ClusterError, connect
try:
    connection = connect(sys.argv[1], 5)
    print(connection.wait_for_workers())
    connection.close()
except ClusterError as error:
    print(error)
"""


def tls_settings(folder: Path, authority: trustme.CA) -> dict[str, str]:
    """Return Dask's settings, as variables, for a certificate of an authority."""
    folder.mkdir()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    certificate = authority.issue_cert("127.0.0.1")
    certificate.private_key_and_cert_chain_pem.write_to_path(folder / "node.pem")
    names = [f"{kind.upper()}__CERT" for kind in ("client", "scheduler", "worker")]
    files = {**dict.fromkeys(names, folder / "node.pem"), "CA_FILE": folder / "ca.pem"}
    return {f"DASK_DISTRIBUTED__COMM__TLS__{name}": str(path) for name, path in files.items()}


def ask(machines: Cluster, settings: Mapping[str, str]) -> str:
    """Return what a coordinator with these settings is told."""
    plain = {name: value for name, value in machines.environment.items() if "DASK" not in name}
    done = subprocess.run(
        [sys.executable, "-c", _ASK, machines.address],
        cwd=ROOT, env={**plain, **settings}, capture_output=True, text=True,
        timeout=PATIENCE_S, check=True,
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout.strip()


def test_only_a_certificate_of_the_authority_opens_the_cluster(tmp_path: Path) -> None:
    own = tls_settings(tmp_path / "own", authority := trustme.CA())
    others = tls_settings(tmp_path / "others", trustme.CA())
    del authority
    with cluster(tmp_path / "cluster", 1, own, protocol="tls") as machines:
        assert machines.address.startswith("tls://127.0.0.1:")
        assert ask(machines, own) == "1", machines.logs()
        assert "TLS" in ask(machines, others)
        assert "there are no TLS files" in ask(machines, {})
        no_tls = json.dumps(machines.address).replace("tls:", "tcp:").strip('"')
        machines.address = no_tls
        assert "the scheduler" in ask(machines, {})
