"""What makes a machine's clips the same bytes as another's: program, libraries, models, processor.

Two machines of one identity give one order the same bytes. Everything is read without importing a
voice, a model or an audio library, except on systems without /proc, where NumPy knows the
processor.
"""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from briefing.clip_cache import key_of
from briefing.versions import files_digest, version

__all__ = ["Identity", "identity_here"]

_LIBRARIES = (
    "av",
    "espeakng-loader",
    "lameenc",
    "numpy",
    "onnxruntime",
    "pyarabic",
    "pydub",
    "text2tashkeel",
)
"""Of those of the fingerprint, what scripts and clips are made by. The coordinator alone writes the
edition, with libraries that workers need not have."""
_INSTRUCTIONS = (
    # x86: what ONNX Runtime's and NumPy's kernels are chosen by
    "avx", "avx2", "fma", "avx_vnni", "avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512_vnni",
    "avx512_bf16", "avx512_fp16", "amx_tile", "amx_int8", "amx_bf16",
    # ARM
    "asimd", "asimddp", "asimdhp", "i8mm", "bf16", "sve", "sve2",
)  # fmt: skip
"""The sets of instructions by which libraries choose their kernels. A sum in another order ends in
other last digits: with AVX2 instead of AVX-512 the vowel model's probabilities differ by 0.005."""
_DIGEST_SHOWN = 12
_LONGEST_SHOWN = 300
_FLAGS = re.compile(r"^(?:flags|Features)\s*:\s*(.*)$", re.MULTILINE)
_MOST_CPUINFO_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Identity:
    """All that a clip's bytes depend on besides its order and its voice's model."""

    program: str
    """The digest of this package's files."""
    python: str
    libraries: Mapping[str, str]
    """Package -> version, "none" where it is not installed."""
    processor: str
    """Its architecture and the sets of instructions that kernels are chosen by."""
    system: str
    """The operating system and its C library."""

    @property
    def digest(self) -> str:
        """The identity as one hexadecimal digest."""
        return key_of("identity", asdict(self))

    def as_row(self) -> dict[str, Any]:
        """Return the identity as JSON."""
        return {**asdict(self), "libraries": dict(self.libraries)}

    def differences(self, row: object) -> list[str]:
        """Return what another's row has otherwise, each as "what: theirs instead of ours".

        row: what `as_row` returned on another machine; it is checked, as anybody may have sent it.
        """
        if not isinstance(row, dict):
            return ["it does not say what it is: start it with --preload briefing.cluster.worker"]
        differences = []
        for name, own in asdict(self).items():
            other = row.get(name)
            if other == own:
                continue
            if name == "libraries":
                versions = other if isinstance(other, dict) else {}
                differences += [
                    f"{package} {_plain(versions.get(package, 'none'))} instead of {wanted}"
                    for package, wanted in own.items()
                    if versions.get(package, "none") != wanted
                ]
            elif name == "program":
                differences.append(
                    f"another state of briefing, {_plain(other)[:_DIGEST_SHOWN]}"
                    f" instead of {own[:_DIGEST_SHOWN]}"
                )
            elif name == "processor":
                differences.append(f"another kind of processor: {_compare(own, _plain(other))}")
            else:
                differences.append(f"{name} {_plain(other)} instead of {own}")
        return differences


@cache
def identity_here() -> Identity:
    """Return the identity of this process; versions are those of its first call."""
    return Identity(
        program=files_digest(""),
        python=".".join(map(str, sys.version_info[:2])),
        libraries={name: version(name) for name in _LIBRARIES},
        processor=_processor(),
        system=_system(),
    )


def _processor() -> str:
    """Return the processor's kind, such as "x86_64 avx2 fma"."""
    flags: set[str] = set()
    with suppress(OSError):
        with Path("/proc/cpuinfo").open(encoding="utf-8", errors="replace") as file:
            text = file.read(_MOST_CPUINFO_BYTES)
        if match := _FLAGS.search(text):
            flags = set(match[1].split())
    if not flags:
        return " ".join([platform.machine(), *_numpy_features()])
    return " ".join([platform.machine(), *(name for name in _INSTRUCTIONS if name in flags)])


def _numpy_features() -> list[str]:
    """Return the sets of instructions that NumPy finds, sorted; [] if it does not tell."""
    with suppress(ImportError, OSError, TypeError, KeyError):
        import numpy as np

        features: Any = np.show_config(mode="dicts")["SIMD Extensions"]
        return sorted({*features.get("baseline", ()), *features.get("found", ())})
    return []


def _compare(own: str, other: str) -> str:
    """Return what one kind of processor has more and less than another."""
    ours, theirs = own.split(), other.split()
    more = [name for name in theirs if name not in ours]
    less = [name for name in ours if name not in theirs]
    parts = [("it has ", more), ("it lacks ", less)]
    return ", ".join(start + " ".join(names) for start, names in parts if names)


def _system() -> str:
    """Return the system and its C library, whose functions make the last digits of samples."""
    library = None
    if hasattr(os, "confstr"):
        with suppress(ValueError, OSError):
            library = os.confstr("CS_GNU_LIBC_VERSION")
    return " ".join(filter(None, (platform.system(), library)))


def _plain(value: object) -> str:
    """Return what a stranger sent as a short printable line."""
    return "".join(letter for letter in str(value) if letter.isprintable())[:_LONGEST_SHOWN]
