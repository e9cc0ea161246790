"""The API asked whatever fits its own description, and whatever does not, by people of many roles.

`make fuzz` asks some 5,000 times, half of it what does not fit; an ordinary run each endpoint once.
`JINGWEI_TEST_SEED=… make fuzz` asks others.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import text

from geo.store.database import transaction
from tests.deep import DEEP, SEED, cases
from tests.plugins.database import Databases
from tests.serving import served
from tests.store import matrix
from tests.store.matrix import SESSION, Ground
from tests.store.test_access_matrix import INSIDERS

CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
WAYS: Final = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
ENDLESS: Final = "/api/events/stream"
SIGNED_OUT: Final = 401  # by one of the cases: an administrator did it


@pytest.fixture(scope="module")
def ground(
    databases: Databases, toy_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ground]:
    name, store = databases.make(toy_database)
    yield matrix.made(store, tmp_path_factory.mktemp("fuzz"))
    store.close()
    databases.drop(name)


class Asker:
    """Asks a running server, as people who are signed in, and remembers what went wrong."""

    def __init__(self, ground: Ground) -> None:
        self.ground, self.session = ground, requests.Session()
        self.held = {person: matrix.session(ground, person) for person in INSIDERS}
        self.asked, self.wrong = 0, dict[str, str]()

    def ask(self, case: Case[Any], person: str, *, real: bool) -> None:
        """Ask one case; `real`: about what is there, where its address names something."""
        if real:
            here = {k: v for k, v in self.ground.parts.items() if k in case.path_parameters}
            case.path_parameters.update(here)
        held = self.held[person].partition("=")[2]
        answer = case.call(session=self.session, cookies={SESSION: held}, timeout=60)
        self.asked += 1
        if answer.status_code == SIGNED_OUT:
            self.held[person] = self._let_in(person)
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as found:
            self.wrong[case.operation.label] = f"{person}: {case.as_curl_command()}\n{found}"

    def _let_in(self, person: str) -> str:
        """What a person holds who signs in again, though a case may have closed the account."""
        again = text("update account set closed_at = null where party = :who")
        with transaction(self.ground.store.owner, "x") as conn:
            conn.execute(again, {"who": person})
        return matrix.session(self.ground, person)


def asked_much(
    asker: Asker, operation: APIOperation[Any, Any, Any, Any], way: GenerationMode
) -> None:
    @seed(SEED)
    @settings(
        max_examples=cases(1),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(way), who=st.sampled_from(INSIDERS), real=st.booleans())
    def ask(case: Case[Any], who: str, *, real: bool) -> None:
        asker.ask(case, who, real=real)

    try:
        ask()
    except Unsatisfiable:
        assert way == GenerationMode.NEGATIVE, "whatever one asks fits"


def test_no_question_is_answered_otherwise_than_described(ground: Ground) -> None:
    with served(ground.app) as root:
        schema = schemathesis.openapi.from_dict(ground.app.openapi())
        schema.config.update(base_url=root)
        asker, turns = Asker(ground), 0
        for found in schema.get_all_operations():
            assert isinstance(found, Ok), found
            operation = found.ok()
            if operation.path != ENDLESS:
                turns += 1
                for way in WAYS if DEEP > 1 else WAYS[:1]:
                    asked_much(asker, operation, way)
    assert asker.asked >= turns
    assert not asker.wrong, "\n\n".join(asker.wrong.values())
