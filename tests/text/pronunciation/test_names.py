"""A name of an article is read in one way wherever it stands in it."""

import re
from collections.abc import Sequence

from briefing.config import Text
from briefing.text.cleaning import strip_marks
from briefing.text.normalisation.lexicon import load_lexicon
from briefing.text.script_writer import ScriptWriter
from briefing.text.vowels.names import mentions

ARTICLE = [
    "لقاء بين زارفين ونظيره",
    "التقى وزير الخارجية الأوزبكي زارفين نظيره الكازاخي بينافيديس في جنيف.",
    "وشدد زارفين على أهمية اللقاء. وقال بينافيديس إن بلاده موافقة.",
    "ولم يعلق مكتب زارفين. وغادر الوفد، ومعه بينافيديس، إلى لندن.",
]


class Kept(dict[str, bytes]):
    """A store in memory that counts what is made anew."""

    made = 0

    def put(self, key: str, value: bytes) -> None:
        self.made += key not in self
        self[key] = value


def written(paragraphs: Sequence[str], store: Kept | None = None, lexicon=None) -> list[str]:  # type: ignore[no-untyped-def]
    writer = ScriptWriter(Text(), lexicon or load_lexicon(None), store)
    names = writer.names_of(paragraphs, title=True)
    scripts = [writer.write(text, names.of(index)) for index, text in enumerate(paragraphs)]
    return [" ".join(one.diacritised for one in script.sentences) for script in scripts]


def stems(name: str, paragraphs: Sequence[str]) -> list[str]:
    """Give each reading of a name, without its ending."""
    words = [word for text in paragraphs for word in text.split()]
    return [
        re.sub("[\u064b-\u0650\u0652]+$", "", word) for word in words if strip_marks(word) == name
    ]


def test_a_name_has_one_reading_in_its_article() -> None:
    apart = [written([text])[0] for text in ARTICLE]
    together = written(ARTICLE)
    for name in ("زارفين", "بينافيديس"):
        assert len({*stems(name, apart)}) > 1  # the model alone
        assert len(stems(name, together)) >= 3
        assert len({*stems(name, together)}) == 1


def test_what_an_author_marks_once_is_read_so_in_the_whole_article() -> None:
    marked = [*ARTICLE[:3], ARTICLE[3].replace("زارفين", "زَارِفِين")]
    assert {*stems("زارفين", written(marked))} == {"زَارِفِين"}


def test_the_lexicon_goes_before_the_article(tmp_path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "names.toml"
    file.write_text('[words]\n"زارفين" = "زَارُفِين"\n', "utf-8")
    assert {*stems("زارفين", written(ARTICLE, lexicon=load_lexicon(file)))} == {"زَارُفِين"}


def test_a_changed_paragraph_leaves_the_scripts_of_the_others() -> None:
    store = Kept()
    before = written(ARTICLE, store)
    store.made = 0
    after = written([*ARTICLE[:3], ARTICLE[3].replace("لندن", "فيينا")], store)
    assert after[:3] == before[:3]
    assert store.made == 2  # its own script, and the article's names


def test_readings_do_not_depend_on_what_was_kept() -> None:
    store = Kept()
    written([ARTICLE[0], ARTICLE[2], ARTICLE[1], ARTICLE[3]], store)
    assert written(ARTICLE, store) == written(ARTICLE)
    assert written(ARTICLE, store) == written(ARTICLE, store)


def test_common_words_and_names_that_stand_once_are_nobody() -> None:
    assert mentions(["قال الوزير إنه سيسافر.", "وأكد الوزير الفرنسي أنه سيعود."]) == [{}, {}]
    assert mentions(["قال الوزير زارفين إنه سيسافر.", "وأكد الوزير أنه سيعود."]) == [{}, {}]
