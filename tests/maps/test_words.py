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


LABELS = {
    "merge": "合并",
    "sign": "签批吹哨",
    "arrive": "报到",
    "return": "退单",
    "take": "接单",
    "hand_over": "转交",
    "escalate": "上报",
    "withdraw": "撤回",
    "answer": "直接答复",
}


def test_a_step_has_one_name_in_the_table_on_the_phone_and_in_the_reasons() -> None:
    called = {name: edge_named(name).zh for name in LABELS}
    said = {
        f"{room}step.{name}": zh
        for room in ("", "phone.")
        for name, zh in called.items()
        if f"{room}step.{name}" in WORDS
    }
    assert called == LABELS
    assert len(said) > 5
    assert {key: word(key) for key in said} == said
    assert word("phone.step.escalate", "en").lower() == edge_named("escalate").en


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
