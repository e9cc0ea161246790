"""The responsibility list (属地管理责任清单), and why a row of it cannot be evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# What can be wrong with a row of the list, or on the way to it: in Chinese and in English.
FAULTS: Final[Mapping[str, tuple[str, str]]] = {
    "party-unknown": ("单位不认识", "a party that nobody knows"),
    "party-ambiguous": ("有几个同名单位", "several parties of that name"),
    "party-ended": ("单位已撤销", "a party that has ended"),
    "lead-missing": ("没有写牵头单位", "nobody is named to lead"),
    "leads-clash": ("同一事项同一区域有两个牵头单位", "two parties lead on one service and area"),
    "area-unknown": ("区域不认识", "an area that nobody knows"),
    "area-ambiguous": ("有几个同名区域", "several areas of that name"),
    "area-ended": ("区域已撤销", "an area that is no more"),
    "service-unknown": ("事项不在目录里", "a service that the catalogue does not have"),
    "against-unknown": ("被投诉的单位不认识", "the party complained about is not known"),
    "service-circle": ("事项目录的上级互相循环", "services above each other in a circle"),
}
