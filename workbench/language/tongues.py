"""Which language a prompt is in, as far as its letters and small words tell.

Scripts first (Cyrillic, Greek, Arabic, Hebrew, Han, Kana, Hangul), then counts of small words for the
languages written in Latin letters. A text in which nothing tells is taken for English: terse orders
("mech coy attack, village, dawn") have no small words.
"""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Final

from workbench.language.tokens import Token

__all__ = ["LANGUAGE_NAMES", "detect_language"]

LANGUAGE_NAMES: Final = {
    "ar": "Arabic", "cs": "Czech", "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian",
    "fi": "Finnish", "fr": "French", "he": "Hebrew", "it": "Italian", "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian",
    "lv": "Latvian", "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian",
    "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian", "zh": "Chinese", "und": "an unknown language",
}  # fmt: skip

_SCRIPTS: Final = {
    "GREEK": "el", "ARABIC": "ar", "HEBREW": "he", "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "CJK": "zh",
    "CYRILLIC": "ru", "LATIN": "",
}  # fmt: skip
_UKRAINIAN: Final = frozenset("іїєґІЇЄҐ")
_UKRAINIAN_WORDS: Final = frozenset(
    ["та", "проти", "або", "не", "на", "вночі", "через", "для", "це", "що", "уночі", "батальйон", "рота", "бригада"]
)

_SMALL_WORDS: Final = {
    "en": "the a an and of to in on at by with for from is are was has have our we they it that this against not no be will near under before after into two three one as while",
    "de": "der die das den dem des ein eine einen einem einer und oder nicht mit von zu im am auf gegen keine kein ist sind wird für über bei nach unter durch als sich wir unsere greift gegen feindliche stunden nacht",
    "fr": "le la les un une des du de et ou dans avec sans pour sur par est sont nous notre contre pendant qui au aux pas ne ennemi ennemie nuit heures attaque l d",
    "es": "el la los las un una de del y o en con sin para por es son nuestro contra durante que al no se enemigo enemiga noche horas ataca",
    "it": "il lo la i gli le un una di del della e o in con senza per su da nel contro che nemico nemica notte ore non attacca",
    "pt": "o a os as um uma de do da dos das e ou em no na com sem para por contra que inimigo noite horas nao durante ataca",
    "pl": "i w z na do nie przez pod przed od oraz lub przeciwko jest są atakuje most wróg godziny godzin noc nocy świcie kompania batalion czołgów pluton",
    "nl": "de het een en of in met zonder voor op van tegen is zijn wij onze niet door vijand nacht uur valt aan",
    "sv": "och en ett i på med utan för av mot är vi vår inte fienden natt timmar anfaller den det som",
    "no": "og en et i på med uten for av mot er vi vår ikke fienden natt timer angriper den det som",
    "fi": "ja on ei se joka hyökkää yöllä vastaan ilman kanssa tuntia vihollinen komppania pataljoona joukkue",
    "cs": "a v z na do s bez proti je není přes pod před nebo útočí nepřítel hodin noc rota prapor četa",
    "ro": "un o și în cu fără pentru pe de la contra este nu inamic noapte ore atacă",
    "tr": "ve bir ile için karşı gece saat düşman köy saldırı bölük tabur değil",
    "et": "ja on ei vastu öösel ilma tundi vaenlane kompanii pataljon rünnak ning",
    "lv": "un ir nav pret naktī bez ar stundas ienaidnieks rota bataljons uzbrūk",
    "lt": "ir yra ne prieš naktį be su valandas priešas kuopa batalionas puola iš",
}  # fmt: skip
_WORDS: Final = {code: frozenset(words.split()) for code, words in _SMALL_WORDS.items()}
_MARKS: Final = {"ß": "de", "ł": "pl", "ą": "pl", "ę": "pl", "ż": "pl", "ś": "pl", "ź": "pl", "ñ": "es", "¿": "es", "ã": "pt",
                 "õ": "et", "ř": "cs", "ě": "cs", "ů": "cs", "ț": "ro", "ș": "ro", "ă": "ro", "ğ": "tr", "ı": "tr", "å": "sv",
                 "ø": "no", "œ": "fr", "ç": "fr", "ė": "lt", "ų": "lt", "į": "lt", "ļ": "lv", "ņ": "lv", "ķ": "lv"}  # fmt: skip
_MARK_WORTH: Final = 1


def detect_language(text: str, tokens: Sequence[Token], understood: int) -> str:
    """ISO 639-1 code; ``und`` for letters of no known script.

    Args:
        text: the prompt.
        tokens: its tokens.
        understood: how many phrases of the English vocabulary it holds.
    """
    scripts = Counter(_script(character) for character in text if character.isalpha())
    if not scripts:
        return "en"
    script = min(scripts, key=lambda name: (-scripts[name], name))
    if script == "CYRILLIC":
        words = {token.text.lower() for token in tokens}
        return "uk" if _UKRAINIAN & set(text) or len(_UKRAINIAN_WORDS & words) > 1 else "ru"
    if script != "LATIN":
        return _SCRIPTS.get(script, "und")
    return _latin(text, tokens, understood)


def _latin(text: str, tokens: Sequence[Token], understood: int) -> str:
    words = [token.text.lower() for token in tokens if token.is_word]
    scores = {code: sum(word in small for word in words) for code, small in _WORDS.items()}
    for mark in set(text.lower()) & _MARKS.keys():
        scores[_MARKS[mark]] += _MARK_WORTH
    scores["en"] += min(understood, 3) if understood > 1 or scores["en"] else 0
    best = min(scores, key=lambda code: (-scores[code], code != "en", code))
    return best if scores[best] > max(scores["en"], 1) else "en"


def _script(character: str) -> str:
    if character.isascii():
        return "LATIN"
    name = unicodedata.name(character, "").split(" ")[0]
    return name if name in _SCRIPTS else "OTHER"
