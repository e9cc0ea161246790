"""The table of problems knows every error, once."""

import inspect
from collections import Counter

from api.problems import BY_STATUS, status_of
from geo import errors


def test_every_error_has_exactly_one_status() -> None:
    listed = Counter(kind for kinds in BY_STATUS.values() for kind in kinds)
    there = {kind for _, kind in inspect.getmembers(errors, inspect.isclass)} - {
        errors.JingweiError
    }
    assert set(listed) == {kind for kind in there if issubclass(kind, errors.JingweiError)}
    assert max(listed.values()) == 1


def test_a_missing_thing_is_a_404() -> None:
    assert status_of(errors.MissingError(noun="plan", noun_zh="方案", key=1)) == 404
