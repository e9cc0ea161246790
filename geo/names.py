"""What roles and states are called on screens and in sentences: Chinese first, English second.

It imports nothing that has to be installed: the front-end is built before anything is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

# What each role is called, in Chinese and in English.
ROLE_NAMES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "grid_leader": ("网格长", "grid leader"),
        "grid_worker": ("网格员", "grid worker"),
        "building_leader": ("楼栋长", "building leader"),
        "street_manager": ("街巷长", "street manager"),
        "alley_steward": ("小巷管家", "alley steward"),
        "planner": ("规划员", "planner"),
        "dispatcher": ("调度员", "dispatcher"),
        "checker": ("审核员", "checker"),
        "approver": ("批准人", "approver"),
        "department": ("责任单位", "department"),
        "administrator": ("管理员", "administrator"),
        "auditor": ("审计员", "auditor"),
    }
)
# What each state of a plan is called, in Chinese and in English.
STATE_NAMES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "draft": ("草案", "draft"),
        "submitted": ("已提交", "submitted"),
        "checked": ("已审核", "checked"),
        "approved": ("已批准", "approved"),
        "scheduled": ("待生效", "scheduled"),
        "lapsed": ("到期未生效", "lapsed"),
        "in_force": ("现行", "in force"),
        "superseded": ("已被替代", "superseded"),
    }
)

# What the stages of a photo are called, likewise.
STAGE_NAMES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {"before": ("处置前", "before"), "after": ("处置后", "after"), "other": ("其他", "other")}
)


def counted(count: int, noun: str) -> str:
    """Return a count with its English noun: one alone in the singular.

    >>> counted(1, "grid"), counted(1200, "community")
    ('1 grid', '1,200 communities')
    """
    many = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{count:,} {noun if count == 1 else many}"


def roles_told(roles: Iterable[str]) -> dict[str, str]:
    """Return roles as a sentence of `geo.errors` names them: `role_zh`, `role`.

    >>> roles_told(["dispatcher", "checker"])
    {'role_zh': '“调度员”或“审核员”', 'role': 'dispatcher or checker'}
    >>> roles_told([])
    {'role_zh': '任何', 'role': 'anybody'}
    """
    names = [ROLE_NAMES[role] for role in roles]
    return {
        "role_zh": "或".join(f"“{zh}”" for zh, _ in names) or "任何",
        "role": " or ".join(en for _, en in names) or "anybody",
    }
