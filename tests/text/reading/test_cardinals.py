"""Cardinal numbers with their endings, from grammar: Wright I §318-327, Ryding chapter 15."""

import pytest

from briefing.text.numbers.cardinals import Form, cardinal

# number, gender of what is counted, then nominative, accusative, genitive with a noun behind it
BEFORE_A_NOUN = [
    (3, "m", "ثَلَاثَةُ", "ثَلَاثَةَ", "ثَلَاثَةِ"),
    (3, "f", "ثَلَاثُ", "ثَلَاثَ", "ثَلَاثِ"),
    (8, "m", "ثَمَانِيَةُ", "ثَمَانِيَةَ", "ثَمَانِيَةِ"),
    (8, "f", "ثَمَانِي", "ثَمَانِيَ", "ثَمَانِي"),
    (10, "m", "عَشَرَةُ", "عَشَرَةَ", "عَشَرَةِ"),
    (10, "f", "عَشْرُ", "عَشْرَ", "عَشْرِ"),
    (100, "m", "مِئَةُ", "مِئَةَ", "مِئَةِ"),
    (200, "f", "مِئَتَا", "مِئَتَيْ", "مِئَتَيْ"),
    (1000, "m", "أَلْفُ", "أَلْفَ", "أَلْفِ"),
    (2000, "m", "أَلْفَا", "أَلْفَيْ", "أَلْفَيْ"),
]
# the same with no noun in the genitive behind it
ALONE = [
    (1, "m", "وَاحِدٌ", "وَاحِدًا", "وَاحِدٍ"),
    (1, "f", "وَاحِدَةٌ", "وَاحِدَةً", "وَاحِدَةٍ"),
    (2, "m", "اثْنَانِ", "اثْنَيْنِ", "اثْنَيْنِ"),
    (2, "f", "اثْنَتَانِ", "اثْنَتَيْنِ", "اثْنَتَيْنِ"),
    (8, "f", "ثَمَانٍ", "ثَمَانِيًا", "ثَمَانٍ"),
    (11, "m", "أَحَدَ عَشَرَ", "أَحَدَ عَشَرَ", "أَحَدَ عَشَرَ"),
    (11, "f", "إِحْدَى عَشْرَةَ", "إِحْدَى عَشْرَةَ", "إِحْدَى عَشْرَةَ"),
    (12, "m", "اثْنَا عَشَرَ", "اثْنَيْ عَشَرَ", "اثْنَيْ عَشَرَ"),
    (12, "f", "اثْنَتَا عَشْرَةَ", "اثْنَتَيْ عَشْرَةَ", "اثْنَتَيْ عَشْرَةَ"),
    (15, "m", "خَمْسَةَ عَشَرَ", "خَمْسَةَ عَشَرَ", "خَمْسَةَ عَشَرَ"),
    (18, "f", "ثَمَانِيَ عَشْرَةَ", "ثَمَانِيَ عَشْرَةَ", "ثَمَانِيَ عَشْرَةَ"),
    (20, "f", "عِشْرُونَ", "عِشْرِينَ", "عِشْرِينَ"),
    (21, "f", "إِحْدَى وَعِشْرُونَ", "إِحْدَى وَعِشْرِينَ", "إِحْدَى وَعِشْرِينَ"),
    (28, "f", "ثَمَانٍ وَعِشْرُونَ", "ثَمَانِيًا وَعِشْرِينَ", "ثَمَانٍ وَعِشْرِينَ"),
    (28, "m", "ثَمَانِيَةٌ وَعِشْرُونَ", "ثَمَانِيَةً وَعِشْرِينَ", "ثَمَانِيَةٍ وَعِشْرِينَ"),
]  # fmt: skip


CASES = ("nom", "acc", "gen")
ROWS = [
    (number, Form(gender, case, construct=construct), words)
    for table, construct in ((BEFORE_A_NOUN, True), (ALONE, False))
    for number, gender, *forms in table
    for case, words in zip(CASES, forms, strict=True)
]


@pytest.mark.parametrize(("number", "form", "words"), ROWS)
def test_a_number_has_the_gender_and_the_case_that_grammar_gives_it(
    number: int, form: Form, words: str
) -> None:
    assert cardinal(number, form) == words
