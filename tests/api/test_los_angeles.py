"""A real city end to end: councils that overlap as grids, tickets as issues, assigned in SQL."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from geo.load import ReadOptions, read
from geo.load.findings import Noun
from geo.store import imports
from geo.store.database import Store, transaction
from geo.store.working.issues import read_issues

DATA = Path(__file__).parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the folder of real files is not here")


def imported(store: Store, noun: Noun, name: str, **options: object) -> imports.Counts:
    (layer,) = read(DATA / name, noun, ReadOptions(**options))  # type: ignore[arg-type]
    assert not layer.questions
    with transaction(store.owner, "importer") as conn:
        return imports.COMMITS[noun](conn, layer.frame, imports.open_batch(conn, noun, file=name))


@pytest.fixture(scope="module")
def councils(store: Store) -> imports.Counts:
    return imported(
        store,
        "areas",
        "la_neighborhood_councils_2019.fgb",
        net="grid",
        kind="grid",
        columns={"code": "nc_id"},
        accept=frozenset({"overlaps", "mends"}),
    )


@pytest.mark.usefixtures("councils")
def test_tickets_of_2017_get_the_council_of_the_record(store: Store) -> None:
    counts = imported(store, "issues", "la_311_2017_subset.csv.gz", timezone="America/Los_Angeles")
    assert counts.new == 9999
    record = pd.read_csv(DATA / "la_311_2017_subset.csv.gz", dtype="str").set_index("SRNumber")
    with transaction(store.owner, "importer") as conn:
        issues = read_issues(conn).set_index("reference")
    official = record["NC"].reindex(issues.index)
    compared = official.notna() & issues.geometry.notna()
    assert (issues["grid"] == official)[compared].mean() >= 0.978
    assert (issues.loc[issues.geometry.isna(), "grid"].isna()).all()


@pytest.mark.usefixtures("councils")
def test_tickets_of_2020_are_assigned(store: Store) -> None:
    counts = imported(store, "issues", "la_311_2020_subset.csv.gz", timezone="America/Los_Angeles")
    with transaction(store.owner, "importer") as conn:
        issues = read_issues(conn).set_index("reference")
    assert counts.new == 9989
    assert issues["grid"].notna().sum() > 15_000
