"""Kinds of words that the model alone reads wrong in news, each with the word as grammar has it."""

import re
import unicodedata

import pytest

from briefing.config import Text
from briefing.text.cleaning import strip_marks
from briefing.text.normalisation.lexicon import load_lexicon
from briefing.text.normalisation.paragraph import read_paragraph
from briefing.text.vowels.diacritiser import Diacritiser

# the word that is looked at has its marks, except the ending
HAMZA_SHOWS_THE_CASE = [  # Ryding 2005, 2.3.4.2: the seat of the hamza is that of the case's vowel
    "ترفع المرأة دُعَاءَهَا نحو السماء.",
    "التقى الرئيس أَبْنَاءَهُمْ.",
    "وجدد أَعْضَاؤُهَا الثقة بالحكومة.",
    "واجتمع الوزير مع شُرَكَائِهِ في باريس.",
]
SERVANTS = [  # the second part is as it is alone: moon letters after a lam without vowel
    "التقى ناصر بن عَبْدِالْعَزِيز بمحافظ الرياض.",
    "التقى ناصر بن عَبْدِالرَّحْمَن بمحافظ الرياض.",
    "التقى ناصر بن عَبْدِالْمُطَّلِب بمحافظ الرياض.",
    "التقى ناصر بن عَبْدِالْوَهَّاب بمحافظ الرياض.",
]
FAMILY_NAMES = [  # as their bearers write them: Al-Mutairi, Al-Zuhairi, Al-Subaie, Al-Buqami
    "وقال محمد الْمُطَيْرِيّ إن المشروع مهم.",
    "وشكر خالد الزُّهَيْرِيّ الحاضرين.",
    "وقال محمد السُّبَيْعِيّ إن المشروع مهم.",
    "وقال محمد الْبُقَمِيّ إن المشروع مهم.",
]
NAMED_AGENT = [  # Ryding 2005, 38.5; without "by", or where another word has it, nothing changes
    "دُمِّرَ الدير خلال حرب طويلة من قبل القوات السويدية.",
    "دُمِّرَتِ القرية القديمة على يد الغزاة.",
    "هُدِمَتِ الكنيسة من قبل السكان.",
    "رَفَضَ الوزير استخدام القوة من قبل الشرطة.",
    "أَدْرَكَ الأخضر التعادل على يد مهاجمه.",
]
OF_NOBODY = [  # Wright II §133: "she" would have تزعم
    "وأوقف نشر المنشورات التي يُزْعَمُ أنها تصدر عن الشرطة.",
    "وزار الباحثون المقبرة التي يُعْتَقَدُ بأن فيها كنزا.",
]
FREQUENT = [
    "وَهَنَّأَ أمير المنطقة الفائزين.",
    "تلقى الوزير التَّهَانِي والتبريكات.",
    "عاد الوزير اليوم الْإِثْنَيْنِ.",
    "أنفقت الدولة ما تَبَقَّى من المال.",
    "وقالت الوكالة الدولية للطاقة الذَّرِّيَّةِ إن المنشأة آمنة.",
    "وَتُقَدَّرُ بملايين الدولارات.",
    "وُقِّعَتِ المعاهدة بين البلدين في باريس.",
]
COLLOCATIONS = [  # a word that is read otherwise elsewhere, beside what it belongs to in news
    "لم تَرُدَّ الشركة على طلب للتعليق.",
    "ينتظر أن يَمْثُلَ المتهم أمام القاضي.",
    "قتل جنديان وَجُرِحَ ثالث.",
    "انفجر لغم أَرْضِيٌّ.",
    "شُفِيَ المريض تماما.",
    "ليس هناك أَيُّ دليل على ذلك.",
    "نفت الشركة أَيَّ علاقة لها بالأمر.",
    "ارتفع السعر، أَيْ بزيادة واحد في المئة.",
    "بَيَّنَ مدير عام الشؤون الصحية أن المستشفى يخدم القرى.",
    "ثَمَّنَ مدير الجامعة الدعم السخي.",
    "اشتكى السكان من انتشار الْحُفَرِ.",
    "وَفَّرَتِ الوزارة الأدوية مجانا.",
    "تَكَفَّلَ رجل أعمال بالعلاج.",
    "أنهى حَكَمُ المباراة اللقاء.",
    "نَاشَدَ والد الطفلة أهل الخير.",
    "أمهلت الحكومة الشركات الْمُخَالِفَةَ شهرا.",
    "أنقذ مرماه من هدف مُحَقَّقٍ.",
    "ترفض بلاده أي تَدَخُّلٍ في شؤونها.",
    "ألقي القبض على الْمُشْتَبَهِ بهم.",
    "عَدَلَ عن قراره.",
    "حَظِيَ المرشح بتأييد واسع.",
    "اعْتَرَضَتِ الدفاعات الجوية صاروخين باليستيين.",
    "أبدى التجار الْتِزَامًا بالأسعار.",  # form VIII of a root with ل: no article
    "لاقى القرار الْتِفَافًا شعبيا.",
    "شخص الطبيب الْتِهَابًا في الرئة.",
    "تعاقد النادي مع لاعبين جُدُدٍ هذا الصيف.",
    "صدر بحقه حُكْمٌ بالسجن.",
    "وَدَّعَ أهالي القرية جثمان الشهيد.",
    "استقبل الملك رئيس الوزراء والوفد الْمُرَافِقَ له.",
    "صدر للكاتب ديوان شِعْرٍ جديد.",
    "كانت العواقب وَخِيمَةً.",
    "الخطوة تُنْذِرُ بمزيد من التصعيد.",
    "تُنَظِّمُ البلدية غدا معرضا خيريا.",
    "سجل المهاجم الشَّابُّ هدفين في المباراة.",
    "منحت الجامعة الْعَالِمَ المصري جائزة.",
    "تشهد البلاد موجة حَرّ شديدة.",
    "يعاني السكان من شدة الْحَرِّ.",
    "فتحت دُورُ العبادة أبوابها.",
    "تشارك في المعرض مئات من دُورِ النشر.",
    "لعبت الممثلة دَوْرَ البطولة.",
    "المتهم يَمْثُلُ أمام القاضي.",
    "ولم يَسْعَ إلى حل.",
    "لم يُدْعَ إلى المحكمة.",
    "كُبْرَى الشركات في البلاد.",
    "لدى الشركة خُطَط طموحة.",
    "زار مدينة صُور أمس.",
    "وكلا الطرفين رفض وَكِلْتَا الدولتين وافقت.",
    "صده المدافع وَصَدَّ الحارس الكرة.",
    "كان صغيرا وَأَنَا طفل.",
    "غرق القارب لَوْلَا تدخل الجيش.",
    "زار الرئيس لُولَا دا سيلفا بكين.",
    "حضر لَفِيفٌ من الأدباء.",
    "قصفت القوات مدينة لْفِيفْ.",
    "المحامي الذي يُمَثِّلُ المتهم.",
    "محاولة قَلْبِ النظام فشلت.",
    "بعد ضَخِّ البنك سيولة في السوق.",
    "سَيَمْثُلُونَ أمام المحكمة غدا.",
    "يُمَثِّلُ النائب دائرته.",
    "طرد الْحَكَمُ مدافع الضيوف.",
    "أدلى الشاهد بإفادته تحت الْقَسَمِ.",
    "تحطمت الطائرة بُعَيْدَ إقلاعها.",
    "توعدت طهران بِرَدٍّ قاس.",
    "تأهلت السَّبَّاحَةُ المصرية إلى النهائي.",
    "قَلَبَ الفريق تأخره إلى فوز.",
    "المدينة مركز تجاري منذ الْقِدَمِ.",
    "رحل الشاعر عن عُمْرٍ ناهز الثمانين عاما.",
    "عثر الْمُزَارِعُ على جرة.",
    "شَخَّصَ الأطباء المرض مبكرا.",
    "نشرت النتائج في مجلة علمية مُحَكَّمَة.",
    "وَعَدَتْهُمُ البلدية بحل.",
    "تَلَقَّى الأطفال اللقاح.",
    "المبادرة التي تَلْقَى دعم الدول.",
    "بَرَّأَتِ المحكمة الوزير من التهمة.",
    "وافته الْمَنِيَّةُ في منزله.",
    "قذف البركان الْحُمَمَ والرماد.",
    "النتائج الْمُخَيِّبَةُ للآمال.",
    "سجلت إصابة بالفيروس الْمُتَحَوِّرِ.",
    "رصد الفلكيون كُوَيْكِبًا قريبا.",
    "ذكر أن البلدين وَقَّعَا معاهدة سلام.",
    "ولد الْعَالِمُ في قرية صغيرة.",
    "تَخَرَّجَ في كلية الحقوق.",
    "أَلَّفَ أكثر من عشرين كتابا.",
    "تَعَلَّمَ القراءة والكتابة.",
    "حَكَمَ الخليفة البلاد عشرين عاما.",
    "تتكون الذَّرَّةُ من نواة.",
    "حَافَظَ الحارس على نظافة شباكه.",
    "عَبَرَ المئات الحدود سيرا على الأقدام.",
    "وجدوها مُدَمَّرَةً بالكامل.",
    "طَالَبَ الوفد بضمانات.",
    "سَيَّرَ الهلال الأحمر قافلة.",
    "حجزت السلطات الأدوية الْمُهَرَّبَةَ.",
    "استنكر الأزهر حرق نُسَخٍ من المصحف.",
    "لا تقي الخيام بَرْدَ الشتاء.",
    "تَعَطَّلَ المسبار قبيل هبوطه.",
    "تُهَاجِرُ الطيور شتاء.",
]
LAST_RADICAL_IS_HEH = [  # no pronoun: its vowel does not follow the i before it (Wehr: وجه, نبه, شبه)
    "يُوَاجِهُ الفريق صعوبات.",
    "تُوَاجِهُ الحكومة أزمة.",
    "تَتَّجِهُ الأنظار إلى القمة.",
    "سَتُوَاجِهُ الشركة منافسة.",
    "تَنْتَبِهُ الأم إلى ابنها.",
]
KINDS = {
    "hamza": HAMZA_SHOWS_THE_CASE,
    "servant": SERVANTS,
    "family": FAMILY_NAMES,
    "agent": NAMED_AGENT,
    "nobody": OF_NOBODY,
    "frequent": FREQUENT,
    "beside": COLLOCATIONS,
}
CASES = [
    pytest.param(text, id=f"{kind}-{number}")
    for kind, texts in KINDS.items()
    for number, text in enumerate(texts)
]
MARKS = re.compile("[\u064b-\u0652]")
ENDING = re.compile("[\u064b-\u0650\u0652]+(?=\u0651?$)")


@pytest.fixture(scope="module")
def diacritiser() -> Diacritiser:
    return Diacritiser()


def without_ending(word: str) -> str:
    return ENDING.sub("", unicodedata.normalize("NFC", word.strip(".")))


@pytest.mark.parametrize("text", CASES)
def test_the_marked_word_is_read_so_from_bare_letters(diacritiser: Diacritiser, text: str) -> None:
    [marked] = [word for word in text.split() if MARKS.search(word)]
    sentences = read_paragraph(strip_marks(text), Text(), load_lexicon(None))
    words = [word for one in sentences for word in diacritiser.diacritise(one).diacritised.split()]
    assert without_ending(words[text.split().index(marked)]) == without_ending(marked)


@pytest.mark.parametrize("text", LAST_RADICAL_IS_HEH)
def test_a_verb_that_ends_in_heh_has_its_own_last_vowel(
    diacritiser: Diacritiser, text: str
) -> None:
    due = next(word for word in text.split() if MARKS.search(word))
    done = diacritiser.diacritise(read_paragraph(strip_marks(text), Text(), load_lexicon(None))[0])
    words = unicodedata.normalize("NFC", done.diacritised).split()
    assert unicodedata.normalize("NFC", due) in words
