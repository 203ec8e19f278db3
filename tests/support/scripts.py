"""Names and titles in many scripts, with all that folding and splitting words can trip over."""

import random
import unicodedata

WORDS: dict[str, tuple[str, ...]] = {
    "plain": ("Blue", "Train", "kind", "OF", "Love", "Supreme", "Live", "the", "Best", "Vol.", "1959", "77"),
    "latin": (
        "Ágætis",
        "byrjun",
        "Motörhead",
        "Björk",
        "Sigur",
        "Rós",
        "Naïve",
        "Češka",
        "Łódź",
        "Dvořák",
        "Ōsaka",
        "Việt",
        "Nguyễn",
        "Ştefan",
        "Żywiec",
        "Œuvre",
        "Ænima",
        "ØRE",
        "Ðorđe",
        "þursaflokkurinn",
        "Ħamrun",
        "ǅungla",
        "ŀlull",
        "ŉgo",
        "ſtraße",
        "ẞ",
        "Straße",
        "GROẞ",
        "Mûm",
        "C̄̈afé",
        "l·l",
        "d’Amour",
        "x̌y",
    ),
    "turkish": ("İstanbul", "ISPARTA", "ısı", "Iğdır", "Işık", "i̇yi"),
    "greek": ("Σίσυφος", "ΣΊΣΥΦΟΣ", "Ἀθῆναι", "ᾠδή", "Ὀδυσσεύς", "ΰ", "ᾳ", "ϐίος", "ΐ"),
    "cyrillic": ("Кино", "ЁЛКА", "ёлка", "Йогурт", "Їжак", "Ѳеодоръ", "Мумий", "ꙗко"),
    "hebrew": ("שָׁלוֹם", "ירושלים", "כּל", "ﭏ", "יִשְׂרָאֵל"),
    "arabic": ("فيروز", "أُمّ", "كلثوم", "ﻻ", "مُحَمَّد", "ـعـ", "١٢٣", "ﷺ"),
    "devanagari": ("लता", "मंगेशकर", "क्षत्रिय", "ज़िंदगी", "१९७७"),
    "thai": ("สุนทราภรณ์", "น้ำ", "เพลง", "๑๒", "ก็"),
    "georgian": ("თბილისი", "ᲗᲑᲘᲚᲘᲡᲘ", "ჰამლეტი", "Ⴀა"),
    "armenian": ("Արամ", "և", "Խաչատրյան"),
    "japanese": (
        "マイルス・デイヴィス",
        "ジョン･コルトレーン",
        "細野晴臣",
        "ガラス",
        "ｶﾞﾗｽ",
        "はっぴいえんど",
        "時々",
        "〆切",
        "ゝゞ",
        "ー",
        "〇一",
        "ヶ",
        "㍿",
        "㋿",
        "゛",
        "ゟ",
        "ヿ",
        "〼",
        "〜",
        "゠",
    ),
    "chinese": (
        "鄧麗君",
        "邓丽君",
        "龍",
        "𠮷野家",
        "𡃁",
        "𩸽定食",
        "⺀",
        "⼀",
        "〡〢",
        "ㄅㄆㄇ",
        "㆐",
        "龘龘",
        "豈",
    ),
    "korean": ("김광석", "김광석", "ㄱㄴ", "ㅎㅎㅎ", "한국 노래", "ꥠ", "ힰ", "ᄀᆞ"),
    "emoji": ("🎷", "👩‍🎤", "❤️", "🇯🇵", "1️⃣", "☮"),
    "forms": (
        "ﬁne",
        "ﬄ",
        "Ｗａｒｐ",
        "ＡＢＣ１２３",
        "①②",
        "Ⅷ",
        "½",
        "x²",
        "№7",
        "℡",
        "ℵ",
        "𝔍𝔞𝔷𝔷",
        "𝟙𝟚",
        "㎏",
        "™",
    ),
    "digits": ("٣٤", "۷۸", "५६", "๗", "𝟩", "₈", "⑨", "߀", "᠐"),
    "joined": (
        "e\u0301\u0327",
        "a\u0308\u0304",
        "ö\u20dd",
        "n\u0303o",
        "\u0301x",
        "q\u034fr",
        "\u200dz\u200c",
    ),
    "signs": ("&", "…", "—", '(12")', "#1", "a_b", "AC/DC", "R.E.M.", "¿qué?", "'n'", "%", "\\", '"x"', "*"),
}
"""Words by script; some of them are several words, some none."""

SPACES = (" ", " ", " ", " ", "-", " / ", "\u00a0", "\u3000", "", "・", "_", ", ")


def title(chance: random.Random, most: int = 4) -> str:
    """Return a title of one to `most` words, mostly of one script, composed in one of the ways there are."""
    script = chance.choice(tuple(WORDS))
    found = ""
    for at in range(chance.randint(1, most)):
        other = chance.choice(tuple(WORDS)) if chance.random() < 0.25 else script
        found += (chance.choice(SPACES) if at else "") + chance.choice(WORDS[other])
    form = chance.choice(("NFC", "NFC", "NFD", "NFKC", ""))
    return unicodedata.normalize(form, found) if form else found  # pyright: ignore[reportArgumentType]


def visible(text: str) -> str:
    """Return a text as a record keeps it, or “x” where nothing would be left of it."""
    return unicodedata.normalize("NFC", text).strip() or "x"


def code(chance: random.Random) -> str:
    """Return a catalogue number or SKU, often with signs between and not always in Latin letters."""
    parts = [
        chance.choice(("CS", "blp", "ΑΒ", "КИ", "東芝", "Ｘ", "ÉP", "KOB")),
        str(chance.randint(1, 9999)),
    ]
    if chance.random() < 0.3:
        parts.append(chance.choice(("b", "ー", "ⅳ", "½", "٣")))
    return chance.choice((" ", "-", "/", ".", "", "・")).join(parts)


def typed(chance: random.Random, text: str) -> str:
    """Return what a person may type to find a text: a beginning of one of its words, in a case and form."""
    parts = text.split() or [text]
    part = chance.choice(parts)
    start = part[: chance.randint(1, len(part))] if part else ""
    form = chance.choice(("NFC", "NFD", "NFKC", "NFKD"))
    changed = chance.choice((str, str.upper, str.lower, str.casefold, str.swapcase))(start)
    return unicodedata.normalize(form, changed)  # pyright: ignore[reportArgumentType]
