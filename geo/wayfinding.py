"""Links that open a place in the map a person has on the phone, each with its order and datum.

Every provider wants another order of longitude and latitude and another datum; given the wrong one
a worker stands half a kilometre away. Names are percent-encoded whole: `; : , |` would end a field.
Source: uri.amap.com (lbs.amap.com/api/uri-api), api.map.baidu.com (lbsyun.baidu.com, uri API),
apis.map.qq.com (lbs.qq.com, uri v1), Apple's Map Links, RFC 5870 for `geo:`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple
from urllib.parse import quote

from geo.crs import Datum, from_wgs84

_WHO: Final = "jingwei"  # how the providers ask a caller to name itself
_DIGITS: Final = 6  # of a degree: 0.1 m
_LONGEST: Final = 40  # letters of a name


class Way(NamedTuple):
    """A provider's link to a place."""

    key: str
    zh: str
    en: str
    url: str


def ways(lon: float, lat: float, name: str) -> tuple[Way, ...]:
    """Return a link of each provider to a place.

    Parameters
    ----------
    lon, lat
        Degrees, WGS 84.
    name
        What the place is called, as the map will show it; cut where it is long.

    >>> ways(116.994185, 36.649766, "井盖")[-1].url
    'geo:36.649766,116.994185?q=36.649766,116.994185(%E4%BA%95%E7%9B%96)'
    """
    title = quote(name.strip()[:_LONGEST] or f"{lat:.{_DIGITS}f},{lon:.{_DIGITS}f}", safe="")
    return tuple(
        Way(key, zh, en, url(*_in(lon, lat, datum), title))
        for key, zh, en, datum, url in _PROVIDERS
    )


def coordinates(lon: float, lat: float) -> str:
    """Return a place as people paste it: latitude, longitude, WGS 84.

    >>> coordinates(116.994185, 36.6497661)
    '36.649766,116.994185'
    """
    return f"{lat:.{_DIGITS}f},{lon:.{_DIGITS}f}"


def _in(lon: float, lat: float, datum: Datum) -> tuple[str, str]:
    there = from_wgs84(lon, lat, datum)
    east, north = (f"{float(value):.{_DIGITS}f}" for value in there)
    return east, north


def _amap(east: str, north: str, title: str) -> str:
    """To there from where one is, on foot; the app is opened where there is one."""
    return (
        f"https://uri.amap.com/navigation?to={east},{north},{title}"
        f"&mode=walk&src={_WHO}&callnative=1"
    )


def _baidu(east: str, north: str, title: str) -> str:
    return (
        f"https://api.map.baidu.com/marker?location={north},{east}&title={title}&content={title}"
        f"&coord_type=bd09ll&output=html&src={_WHO}"
    )


def _tencent(east: str, north: str, title: str) -> str:
    return (
        f"https://apis.map.qq.com/uri/v1/marker?marker=coord:{north},{east};title:{title}"
        f";addr:{title}&coord_type=2&referer={_WHO}"
    )


def _apple(east: str, north: str, title: str) -> str:
    return f"https://maps.apple.com/?ll={north},{east}&q={title}"


def _plain(east: str, north: str, title: str) -> str:
    """What any map that is installed may answer; `q` puts a mark there with a name on it."""
    return f"geo:{north},{east}?q={north},{east}({title})"


# Apple's maps are GCJ-02 inside China: a link's position is read as what its map shows.
_PROVIDERS: Final[tuple[tuple[str, str, str, Datum, Callable[[str, str, str], str]], ...]] = (
    ("amap", "高德", "Amap", "gcj02", _amap),
    ("baidu", "百度", "Baidu", "bd09", _baidu),
    ("tencent", "腾讯", "Tencent", "gcj02", _tencent),
    ("apple", "苹果", "Apple", "gcj02", _apple),
    ("geo", "其他", "Other", "wgs84", _plain),
)
