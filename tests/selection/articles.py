"""Articles made for tests of the selection."""

from __future__ import annotations

import random
from typing import Any

from briefing.sources import Article

WORDS = (
    "المدينة الوزير المشروع السوق الطريق الماء الكهرباء المدرسة الجامعة المطار الميناء الصيف الشتاء"
    " الحكومة البرلمان القانون العقد الشركة العمال النقابة الأسعار النفط الذهب القمح الزيتون البحر"
    " الجبل النهر القطار السيارة الطبيب المستشفى اللقاح المرض الفريق المباراة الكأس اللاعب المدرب"
).split()


def article(title: str = "عنوان", text: str = "", **known: Any) -> Article:
    """Return an article; text: a paragraph a line."""
    values: dict[str, Any] = {"path": f"{title}.txt", "sha256": "0" * 64, "key": f"{title}.txt"}
    return Article(title, "", tuple((text or title).splitlines()), **{**values, **known})


def entry(feed: str, key: str, text: str, date: str = "", **known: Any) -> Article:
    """Return an article of a feed."""
    values = {"title": key, "feed": feed, "key": key, "date": date, "gathered": date}
    return article(text=text, **{**values, **known})


def story(seed: int, words: int = 80) -> str:
    """Return a text that shares no run of words with that of another seed, as far as chance goes."""
    chance = random.Random(seed)
    return " ".join(chance.choice(WORDS) for _ in range(words))
