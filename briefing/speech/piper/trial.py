"""A model that is being installed speaks a sentence: does it speak, and how fast?

Run as `python -m briefing.speech.piper.trial FOLDER`, in a process of its own: prints one JSON
object with `symbol_s`, or with `problem`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from briefing.errors import VoiceError
from briefing.speech.models.installed import CONFIG_NAME, MODEL_NAME
from briefing.speech.piper.graph import UnsuitableModel
from briefing.speech.piper.model_config import read_model_config
from briefing.speech.piper.network import EndlessSoundError, Pace, load_network
from briefing.speech.piper.pieces import size
from briefing.speech.piper.quality import defect

__all__ = ["main"]

_SENTENCES = (
    "ħˈadːaθa ðˈaːka ɣˈadan, faqˈad χˈaffat ʕˈalaikumu t̪ˈa․riːqu lqˈudsi.",
    "qˈaːla lwazˈiːru ʔˈinna lʕˈamala s̪ˈa․ʕbun, waʃʃˈarqu hˈunaː dʒamˈiːlun wadˤˈa․jjiq.",
)
"""All sounds of Arabic."""
_LEAST_SYMBOL_S, _MOST_SYMBOL_S = 0.02, 0.3
"""Speech has 8 to 20 symbols a second."""
_MOST_BYTES = 6 << 30


def main(place: Path) -> dict[str, object]:
    """Speak two sentences; return `symbol_s` or `problem`."""
    _bound_memory()
    try:
        config = read_model_config(place / CONFIG_NAME)
        network = load_network(place / MODEL_NAME, config)
        pace = Pace(config.length_scale, config.noise, config.rhythm_noise)
        lengths = []
        for sentence in _SENTENCES:
            words = sentence.split(" ")
            take = network.speak(words, pace, take=0)
            samples, held = take.samples, take.longest_symbol
            seconds = len(samples) / config.sample_rate_hz
            held_s = None if held is None else held / config.sample_rate_hz
            per_symbol = seconds / size(words)
            if len(samples) and not _LEAST_SYMBOL_S <= per_symbol <= _MOST_SYMBOL_S:
                return {"problem": f"it makes {seconds:.1f} s of sound of {len(words)} words"}
            if problem := defect(samples, config.sample_rate_hz, seconds, held_s):
                return {"problem": f"its sound is no speech: {problem}"}
            lengths.append(per_symbol)
        return {"symbol_s": round(sum(lengths) / len(lengths), 4)}
    except EndlessSoundError:
        return {"problem": "it makes far more sound than its words take"}
    except (VoiceError, UnsuitableModel, OSError) as error:
        return {"problem": f"{error}; does the .json fit the model?"}


def _bound_memory() -> None:
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        least = _MOST_BYTES if most == resource.RLIM_INFINITY else min(most, _MOST_BYTES)
        resource.setrlimit(resource.RLIMIT_AS, (least, most))


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
