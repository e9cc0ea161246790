from __future__ import annotations

import re
import string

from geo.issues.edges import edge_named
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


def test_reporting_up_is_called_as_the_table_of_steps_calls_it() -> None:
    table = edge_named("escalate")
    assert [word(key) for key in ("step.escalate", "phone.step.escalate")] == [table.zh] * 2
    assert word("phone.step.escalate", "en").lower() == table.en


def test_values_are_filled_in() -> None:
    assert word("balance.over", n=92) == "超 92"
    assert word("balance.over", "en", n=92) == "over 92"


def test_english_counts_one_as_one() -> None:
    assert [word("sheets.n", "en", n=n) for n in (0, 1, 2)] == ["0 sheets", "1 sheet", "2 sheets"]
    assert word("sheets.n", n=1) == "1 张"


def test_no_count_stands_before_a_word_of_many_alone() -> None:
    many = set(re.findall(r"\{\w+:[^|}]*\|(\w+)\}", " ".join(en for _, en in WORDS.values())))
    alone = re.compile(rf"\{{(?!names)\w+\}} (?:{'|'.join(sorted(many))})\b")
    assert "issues" in many
    assert [key for key, (_, en) in WORDS.items() if alone.search(en)] == []
