"""What a source hands in is refused with a sentence, or kept; who reported it stays unknown."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.reporters import reporter_secret
from api.settings import Settings
from geo.errors import BadIssueError, BadRulesError
from geo.issues import Issue
from geo.issues.policy import intake_policy
from geo.issues.reporters import reporter_key
from geo.load.synonyms import value_words
from geo.reference import sources

SECRET = b"of the tests"
SAME = (
    *("13805310000", "138 0531 0000", "138-0531-0000", "+86 138-0531-0000", "8613805310000"),
    *("008613805310000", "１３８０５３１００００", "13805310000.0", " 13805310000 "),
    "张女士 13805310000",
)
NOBODY = ("", "匿名", "无", "未知", "—", "0", "000", "138****0000", "1380531xxxx", "  ", "保密")


def test_an_unknown_source_is_told_of_every_known_one() -> None:
    with pytest.raises(BadIssueError) as met:
        Issue(source="fax", reference="1")
    for source in sources().values():
        assert f"{source.code} {source.zh}" in met.value.sentence_zh
        assert source.code in met.value.sentence_en
    assert "fax" in met.value.sentence_zh


@pytest.mark.parametrize("said", ["0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00", "2026-11-26"])
def test_a_moment_that_no_clock_reckons_with_is_refused(said: str) -> None:
    for field in ("reported_at", "due_at"):
        told: dict[str, Any] = {field: datetime.fromisoformat(said)}
        with pytest.raises(BadIssueError, match=field):
            Issue(source="patrol", reference="1", **told)


@pytest.mark.parametrize("word", ["12345热线", "微信", "巡查", "入户走访", "Mobile App", "交办"])
def test_words_of_files_are_sources_of_the_list(word: str) -> None:
    assert value_words("source")[word.lower().replace(" ", "")] in sources()


@pytest.mark.parametrize("contact", SAME)
def test_a_telephone_is_the_same_person_however_it_is_written(contact: str) -> None:
    assert reporter_key(contact, SECRET) == reporter_key(SAME[0], SECRET)


@pytest.mark.parametrize("contact", NOBODY)
def test_what_names_nobody_has_no_key(contact: str) -> None:
    assert reporter_key(contact, SECRET) is None


def test_persons_and_secrets_are_told_apart() -> None:
    contacts = ("13805310000", "13805310001", "053112345678", "wx_13805310000", "a@b.cn", "12345")
    keys = {reporter_key(contact, SECRET) for contact in contacts}
    assert len(keys) == len(contacts)
    assert reporter_key("13805310000", b"another") not in keys


@given(st.text())
def test_a_key_never_holds_what_it_was_made_of(contact: str) -> None:
    key = reporter_key(contact, SECRET)
    assert key is None or Issue(source="web", reference="1", reporter=key).reporter == key


@pytest.mark.parametrize("reporter", ["13805310000", "", "G" * 32, "a" * 31])
def test_an_issue_takes_no_number_for_a_key(reporter: str) -> None:
    with pytest.raises(BadIssueError, match="reporter"):
        Issue(source="web", reference="1", reporter=reporter)


@pytest.mark.parametrize(
    "values",
    [
        {"against": "a\0b"},
        {"against": "x" * 129},
        {"reference": "\ud800"},
        {"accuracy_m": True},
        {"accuracy_m": 1e-7},
        {"accuracy_m": 6e7},
        {"lat": True, "lon": 117.0},
        {"lon": 36.66, "lat": 117.03},
        {"lon": 43.8, "lat": 87.6},
        {"located_score": float("nan")},
        {"located_by": "guess"},
    ],
)
def test_what_cannot_be_stored_is_refused_with_its_field(values: dict[str, Any]) -> None:
    with pytest.raises(BadIssueError, match=next(iter(values))) as met:
        Issue(**{"source": "web", "reference": "1", **values})
    assert met.value.sentence_zh


def test_the_secret_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    chosen = Settings(tmp_path / "home")
    first = reporter_secret(chosen, {})
    assert reporter_secret(chosen, {}) == first
    assert (tmp_path / "home" / "reporter.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["reporter.key"]
    assert reporter_secret(chosen, {"JINGWEI_REPORTER_SECRET": "x"}) == b"x"


@pytest.mark.parametrize("text", ["days = 90", "[reporter]\ndays = -1", "[reporter]\ndays = true"])
def test_a_policy_that_lacks_a_number_is_refused_with_its_key(tmp_path: Path, text: str) -> None:
    path = tmp_path / "intake.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadRulesError, match="reporter"):
        intake_policy(path)
