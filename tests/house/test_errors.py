"""Every failure has one sentence in each language."""

from __future__ import annotations

import re
import string

import pytest

from geo import errors
from geo.errors import JingweiError, NobodyHoldsError, NotAllowedError
from geo.frames import ROLES
from geo.issues import EDGES
from geo.issues.refusals import not_yours
from geo.names import roles_told
from geo.plan import PLAN_EDGES, PLAN_STATES, no_step


def all_errors() -> list[type[JingweiError]]:
    named = [value for value in vars(errors).values() if isinstance(value, type)]
    return [kind for kind in named if issubclass(kind, JingweiError) and kind is not JingweiError]


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def with_values(kind: type[JingweiError]) -> JingweiError:
    return kind(**dict.fromkeys(fields(kind.zh) | fields(kind.en), "7"))


def test_there_are_errors_to_look_at() -> None:
    assert len(all_errors()) > 10


@pytest.mark.parametrize("kind", all_errors(), ids=lambda kind: kind.__name__)
def test_an_error_says_its_sentence_in_both_languages(kind: type[JingweiError]) -> None:
    error = with_values(kind)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in error.sentence_zh)
    assert error.sentence_en.isascii() or "{" not in error.sentence_en
    assert str(error) == error.sentence_en


@pytest.mark.parametrize(
    "error",
    [
        *(NotAllowedError(person="王", scope="历下", **roles_told([role])) for role in ROLES),
        NotAllowedError(person="王", scope="历下", **roles_told([])),
        *(NobodyHoldsError(scope="历下", **roles_told([role])) for role in ROLES),
        *(no_step(state, step) for state in PLAN_STATES for step in ("save", "edit", "comment")),
        *(no_step(state, edge.name) for state in PLAN_STATES for edge in PLAN_EDGES),
        *(not_yours(edge.name, ("issue", "诉求"), 7) for edge in EDGES),
    ],
    ids=str,
)
def test_a_sentence_in_chinese_names_roles_states_and_steps_in_chinese(error: JingweiError) -> None:
    assert not re.search("[a-z]", error.sentence_zh.replace("--as", ""))


@pytest.mark.parametrize("kind", all_errors(), ids=lambda kind: kind.__name__)
def test_an_error_is_named_and_described_as_one(kind: type[JingweiError]) -> None:
    assert kind.__name__.endswith("Error")
    assert kind.__doc__
