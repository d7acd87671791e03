"""Whether a text asks for a training scenario at all, in which language, and whether it tries to command.

A text without any military word that asks for something else is out of scope. A bare or vague one is a request
with everything assumed. Commands to the system are data: they change nothing, and a note says so.
"""

import re
from typing import Final

from workbench.language.phrases import Text

__all__ = ["commands_in", "is_out_of_scope", "language_of"]

_OTHER_WISHES: Final = re.compile(
    r"\b(poem|poetry|haiku|song|lyrics|recipe|cook|cake|joke|story about|love letter|essay|python|javascript|code|"
    r"function|translate|capital of|weather (?:today|tomorrow|forecast)|stock|invoice|e-?mail|homework|birthday|"
    r"how (?:do|can|to) (?:i|you|we)? ?(?:make|build) (?:a )?(?:bomb|explosive|weapon)|password|movie|football)\b",
    re.IGNORECASE,
)
_COMMANDS: Final = re.compile(
    r"\b(ignore (?:all |any )?(?:previous|prior|above)[^.!?;\n]*|disregard [^.!?;\n]*instructions|"
    r"(?:set|change|use) the seed[^.!?;,\n]*|approve and sign[^.!?;\n]*|you are now [^.!?;\n]*|system prompt[^.!?;\n]*|"
    r"delete the (?:audit )?log[^.!?;\n]*|disable [^.!?;\n]*(?:audit|policy|check)[^.!?;\n]*|sign the (?:package|release)[^.!?;\n]*)",
    re.IGNORECASE,
)
_MILITARY: Final = ("mission_verb", "mission_noun", "echelon", "branch", "thing", "scope", "posture_noun", "roe")
_STRONG: Final = ("mission_noun", "echelon", "branch", "thing", "scope", "roe")
_STOP_WORDS: Final = {
    "de": [
        "der",
        "die",
        "das",
        "und",
        "ein",
        "eine",
        "einen",
        "mit",
        "gegen",
        "auf",
        "bei",
        "nacht",
        "angriff",
        "feind",
        "im",
        "von",
        "zug",
        "kompanie",
    ],
    "fr": [
        "le",
        "la",
        "les",
        "une",
        "des",
        "et",
        "avec",
        "contre",
        "sur",
        "nuit",
        "ennemi",
        "attaque",
        "dans",
        "compagnie",
        "du",
        "pour",
        "par",
    ],
    "es": [
        "el",
        "la",
        "los",
        "una",
        "con",
        "contra",
        "de",
        "noche",
        "enemigo",
        "ataque",
        "en",
        "compania",
        "por",
        "para",
        "sobre",
        "del",
    ],
    "pl": [
        "na",
        "w",
        "z",
        "i",
        "przeciw",
        "noc",
        "atak",
        "kompania",
        "pluton",
        "wróg",
        "przez",
        "do",
        "nocy",
        "piechoty",
    ],
    "it": ["il", "lo", "gli", "una", "con", "contro", "notte", "nemico", "attacco", "compagnia", "nel", "della", "per"],
}
_STOP_SHARE: Final = 0.34
_SCRIPTS: Final = (
    ("uk", re.compile(r"[іїєґІЇЄҐ]")),
    ("ru", re.compile(r"[а-яА-Я]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
)


def is_out_of_scope(text: Text) -> bool:
    """The text asks for something that is not a training scenario."""
    wish = _OTHER_WISHES.search(text.prompt)
    if wish is None:
        return False
    strong = [phrase for phrase in text.phrases if any(phrase.values(concept) for concept in _STRONG)]
    return len(strong) < 2


def commands_in(prompt: str) -> list[tuple[int, int]]:
    """Spans that try to command the system."""
    return [match.span() for match in _COMMANDS.finditer(prompt)]


def language_of(text: Text) -> str:
    """ISO 639-1 code by script and stop words; "en" where nothing else is told."""
    for code, script in _SCRIPTS:
        if len(script.findall(text.prompt)) >= 3 or (code != "uk" and script.search(text.prompt)):
            return code
    words = [token.norm for token in text.tokens if token.is_word]
    if len(words) < 3:
        return "en"
    shares = {code: sum(word in stops for word in words) / len(words) for code, stops in _STOP_WORDS.items()}
    best = max(sorted(shares), key=lambda code: shares[code])
    english = sum(word in ("the", "a", "an", "of", "with", "at", "in", "on", "and", "by", "is") for word in words)
    return best if shares[best] >= _STOP_SHARE and shares[best] * len(words) > english else "en"
