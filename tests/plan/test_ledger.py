from __future__ import annotations

import geopandas as gpd
import pandas as pd

from geo.plan import LEDGER_COLUMNS, ledger


def table(columns: str, *rows: tuple[object, ...]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(pd.DataFrame(list(rows), columns=columns.split()))


GRIDS = table(
    "code name special rule households people",
    ("g2", "乙网格", False, "village", 3, 7),
    ("g1", "甲网格", False, None, 5, 9),
    ("g9", "实验小学", True, "special", 0, 0),
)
PLACES = table(
    "kind class name grid",
    ("building", "slab", "1号楼", "g1"),
    ("building", "school", "实验小学", "g9"),
    ("building", "school", "实验小学", "g9"),
    ("service_point", None, "党群服务站", "g1"),
    ("station", None, "", "g1"),
    ("building", "slab", "2号楼", None),
)
DUTIES = table(
    "area role full_time lead name",
    ("g1", "grid_worker", True, False, "李四"),
    ("g1", "grid_worker", True, True, "赵六"),
    ("g1", "grid_worker", False, True, "王五"),
    ("g1", "grid_leader", True, True, "张三"),
    ("g1", "grid_branch", True, True, "第一党支部"),
    ("g1", "branch_secretary", True, True, "张三"),
    ("g1", "department", True, True, "城管局"),
    ("elsewhere", "grid_leader", True, True, "别人"),
)


def test_a_row_of_the_ledger_holds_what_stands_and_who_serves_in_the_grid() -> None:
    found = ledger(GRIDS, PLACES, DUTIES, pd.Series(["", "东至解放路", ""]))
    assert found.columns.tolist() == list(LEDGER_COLUMNS)
    assert found.code.tolist() == ["g1", "g2", "g9"]
    assert found.iloc[0].tolist() == [
        *("g1", "甲网格", "城市网格", "东至解放路", 1, 5, 9, "张三", "赵六、李四", "王五"),
        *("第一党支部", "张三", "党群服务站"),
    ]
    assert found.iloc[1, 2] == "农村网格"
    assert found.iloc[2, [2, 4, 12]].tolist() == ["专属网格", 2, "实验小学"]


def test_a_ledger_without_places_or_duties_is_whole() -> None:
    found = ledger(GRIDS, PLACES.iloc[:0], DUTIES.iloc[:0], pd.Series("", GRIDS.index))
    assert found.notna().all().all()
    assert found.buildings.tolist() == [0, 0, 0]
    assert ledger(GRIDS.iloc[:0], PLACES, DUTIES, pd.Series([], dtype="str")).empty
