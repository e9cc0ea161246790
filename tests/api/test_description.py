"""The API describes itself: every route with a sentence, examples, and its ways to fail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from api.demo import Shown
from api.description import METHODS, recorded

Operation = tuple[str, dict[str, Any]]


@pytest.fixture(scope="module")
def spec(browser: TestClient) -> dict[str, Any]:
    answer = browser.get("/api/openapi.json")
    assert answer.status_code == 200
    return dict(answer.json())


def operations(spec: dict[str, Any]) -> Iterator[Operation]:
    for path, ops in spec["paths"].items():
        for method in METHODS:
            if method in ops:
                yield f"{method.upper()} {path}", ops[method]


def test_the_description_is_one_by_its_own_standard(spec: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(spec).validate()
    assert not {"HTTPValidationError", "ValidationError"} & spec["components"]["schemas"].keys()


def test_every_operation_has_a_sentence_and_is_for_programs(spec: dict[str, Any]) -> None:
    for name, told in operations(spec):
        assert name.split()[1].startswith(("/api/", "/tiles/")), name
        assert told["summary"].endswith("."), name
        assert told["summary"][0].isupper(), name


def test_every_operation_says_how_it_fails(spec: dict[str, Any]) -> None:
    for name, told in operations(spec):
        failures = {s: r for s, r in told["responses"].items() if not s.startswith("2")}
        assert {"403", "404", "409", "422", "503", "default"} <= failures.keys(), name
        assert ("413" in failures) is ("requestBody" in told), name
        for failure in failures.values():
            content = failure["content"]["application/problem+json"]
            assert content["schema"] == {"$ref": "#/components/schemas/Problem"}, name


def test_every_operation_has_an_answer_with_a_schema_and_examples(spec: dict[str, Any]) -> None:
    for name, told in operations(spec):
        for parameter in told.get("parameters", ()):
            assert "example" in parameter, name
        for content in told.get("requestBody", {}).get("content", {}).values():
            assert content["example"], name
        for status, answer in told["responses"].items():
            if status in ("204", "205") or not status.startswith("2"):
                continue
            for content in answer["content"].values():
                assert content["schema"], name
                assert "example" in content, name


def test_no_recorded_example_is_of_a_route_that_is_gone(spec: dict[str, Any]) -> None:
    assert recorded().keys() <= dict(operations(spec)).keys()


def test_recorded_examples_are_what_is_answered_today(browser: TestClient, shown: Shown) -> None:
    assert browser.post("/api/plans", json={"scope": shown.scope, "title": "x"}).json()
    for name, example in recorded().items():
        if not name.startswith("GET") or "response" not in example:
            continue
        query = dict(example.get("parameters", {}))
        path = name.split()[1]
        for key in [key for key in query if f"{{{key}}}" in path]:
            path = path.replace(f"{{{key}}}", str(query.pop(key)))
        answer = browser.get(path, params=query)
        assert answer.status_code == 200, (name, answer.text)
        assert answer.headers["content-type"].startswith(example.get("media", "application/json"))
        assert names_in(example["response"]) <= names_in(answer.json()), name


def names_in(tree: Any) -> set[str]:
    """Return the names of the fields of a tree and of the first of each list in it."""
    match tree:
        case dict():
            return {str(key) for key in tree}
        case [first, *_]:
            return names_in(first)
        case _:
            return set()


def test_recorded_requests_are_none_that_is_malformed(browser: TestClient) -> None:
    for name, example in recorded().items():
        if "request" not in example:
            continue
        path = name.split()[1]
        for key, value in example.get("parameters", {}).items():
            path = path.replace(f"{{{key}}}", str(value))
        answer = browser.request(name.split()[0], path, json=example["request"])
        assert answer.status_code < 500, name
        assert answer.json().get("code") not in ("Malformed", "NoDatum", "BadIssue"), answer.text


@pytest.mark.parametrize("path", ["/api/plans/999", "/api/nothing", "/api/lookup?lon=x"])
def test_a_problem_is_one_by_its_schema_in_both_languages(
    browser: TestClient, spec: dict[str, Any], path: str
) -> None:
    answer = browser.get(path)
    problem, schema = answer.json(), spec["components"]["schemas"]["Problem"]
    assert problem.keys() == schema["properties"].keys() == set(schema["required"])
    assert problem["instance"] == path.partition("?")[0]
    assert problem["status"] == answer.status_code
    assert problem["code"] in schema["properties"]["code"]["enum"]
    assert problem["zh"] != problem["en"]


def test_no_page_of_documentation_loads_anything_from_outside(browser: TestClient) -> None:
    for path in ("/docs", "/redoc", "/api/docs"):
        assert browser.get(path).status_code == 404
