"""What counts as a prompt at all.

Rules, in the order in which they are checked:

* it is a ``str``;
* it has at most :data:`MAX_PROMPT_CHARS` characters;
* it has no lone surrogates (they are not text and have no UTF-8 form);
* it has no control characters but tab, line feed and carriage return;
* it is not blank.
"""

import unicodedata
from typing import Final

from workbench.errors import PromptError

__all__ = ["MAX_PROMPT_CHARS", "check_prompt"]

MAX_PROMPT_CHARS: Final = 8_000
"""About four printed pages; a longer text is an order to be imported, not a prompt."""

_ALLOWED_CONTROLS: Final = frozenset("\t\n\r")
_BLANK_CATEGORIES: Final = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})
"""Unicode general categories that leave no mark on paper (UAX #44)."""


def check_prompt(prompt: object) -> str:
    """The prompt itself, once it is known to be usable.

    Raises:
        PromptError: it breaks a rule of this module; the message says which and where.
    """
    if not isinstance(prompt, str):
        raise PromptError(f"the prompt must be text, got {type(prompt).__name__}; send a string")
    if len(prompt) > MAX_PROMPT_CHARS:
        raise PromptError(
            f"the prompt may have at most {MAX_PROMPT_CHARS:,} characters, got {len(prompt):,}; shorten it"
        )
    for position, character in enumerate(prompt):
        _refuse_unprintable(character, position)
    if all(unicodedata.category(character) in _BLANK_CATEGORIES for character in prompt):
        raise PromptError(
            "the prompt is empty; describe the exercise, such as "
            "'mechanised company attacks a defended village at dawn'"
        )
    return prompt


def _refuse_unprintable(character: str, position: int) -> None:
    if character.isprintable() or character in _ALLOWED_CONTROLS:
        return
    category = unicodedata.category(character)
    if category == "Cs":
        raise PromptError(
            f"the prompt has a lone surrogate (U+{ord(character):04X}) at character {position}; send it as valid UTF-8"
        )
    if category == "Cc":
        raise PromptError(
            f"the prompt has a control character (U+{ord(character):04X}) at character {position}; "
            "remove it (tabs and line breaks are fine)"
        )
