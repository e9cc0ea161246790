from __future__ import annotations

import re
import string

from maps import assets
from maps.words import WORDS, word

SOURCES = sorted((assets.ROOT / assets.WEB).rglob("*.js"))


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_each_word_is_said_in_both_languages_with_the_same_values() -> None:
    odd = [key for key, (zh, en) in WORDS.items() if not zh or not en or fields(zh) != fields(en)]
    assert not odd


def test_every_word_a_script_asks_for_is_there() -> None:
    asked = {
        key for path in SOURCES for key in re.findall(r'\bsay\("([^"$]+)"', path.read_text("utf-8"))
    }
    assert asked
    assert asked <= set(WORDS)


def test_values_are_filled_in() -> None:
    assert word("balance.over", n=92) == "超 92"
    assert word("balance.over", "en", n=92) == "over 92"
