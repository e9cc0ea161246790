"""Photos as people take them: looked at, their position and time read, everything else removed."""

from __future__ import annotations

import hashlib
import io
import re
import struct
import tomllib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from itertools import islice, repeat
from math import isfinite
from pathlib import Path
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError
from PIL.ExifTags import GPS, IFD, Base

from geo.crs import Datum, parse_datum, to_wgs84
from geo.errors import BadPhotoError, BadRulesError, UnknownDatumError
from geo.reference import boundary_file

KIND: Final = "image/jpeg"  # of what is kept, whatever came
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_QUALITY: Final = 85
_HEIF: Final = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis")
_MB: Final = 2**20
_MP: Final = 10**6
# A progressive JPEG goes over all its pixels once a scan, and a scan may take 14 bytes: of 0.3 MB
# could be made 17 s of processor. Programs that write them use some ten. Parts are kept by whoever
# reads them: 4.5 million of four bytes took 5 s and 0.7 GB. Photos have some hundred at most.
_MOST_SCANS, _MOST_PARTS = 64, 2_000
_MARK: Final = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")  # neither padding nor a restart
_SCAN, _END, _BARE = 0xDA, 0xD9, (0x01, 0xD8)  # the last two have no length
_SPELT: Final = {"wgs1984": "wgs84"}
_LAT_MOST, _LON_MOST, _SIXTY = 90.0, 180.0, 60.0
_UNREADABLE: Final = (
    *(OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError),
    *(struct.error, zlib.error, OverflowError, ZeroDivisionError, MemoryError),
)


@dataclass(frozen=True)
class PhotoRules:
    """Sizes: see `data/boundaries/handling.toml`."""

    megabytes: float
    million_pixels: float
    longest_side: int
    each: int

    def refusal(self, zh: str, en: str) -> BadPhotoError:
        """Return the sentence that a photo cannot be taken."""
        most = {"most_mb": f"{self.megabytes:g}", "most_mp": f"{self.million_pixels:g}"}
        return BadPhotoError(zh=zh, en=en, **most)


class Taken(NamedTuple):
    """When and where a photo was taken, as its camera says: degrees (WGS 84), or None."""

    at: datetime | None
    lon: float | None
    lat: float | None


@dataclass(frozen=True)
class Photo:
    """A photo as it is kept: JPEG without any metadata, turned upright, in sRGB.

    `sha256` is of what was sent, `stored` of what is kept, both in hexadecimal.
    """

    sha256: str
    stored: str
    data: bytes
    width: int
    height: int
    taken: Taken


def photo_rules(path: Path | None = None) -> PhotoRules:
    """Return the rules of a file, or those that come with the program.

    Raises
    ------
    BadRulesError
        Which key is wrong.

    >>> photo_rules().each
    30
    """
    path = path or boundary_file("handling.toml")
    wanted = "[photos] megabytes, million_pixels, longest_side, each"
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))["photos"]
        sizes = float(said["megabytes"]), float(said["million_pixels"])
        counts = int(said["longest_side"]), int(said["each"])
    except (KeyError, TypeError, ValueError) as error:
        raise BadRulesError(path=path.name, key=error, found="–", expected=wanted) from error
    if not all(isfinite(value) and value > 0 for value in (*sizes, *counts)):
        raise BadRulesError(path=path.name, key="photos", found=said, expected=wanted)
    return PhotoRules(*sizes, *counts)


def digest(data: bytes) -> str:
    """Return the digest that names content.

    >>> digest(b"")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(data).hexdigest()


def read_photo(data: bytes, rules: PhotoRules, *, zone: str = "Asia/Shanghai") -> Photo:
    """Return a photo as it is kept.

    Parameters
    ----------
    data
        JPEG, PNG or WebP, told by its content, not by a name.
    zone
        Of cameras that say no zone.

    Raises
    ------
    BadPhotoError
        When it is none of these, damaged, or larger than may be.
    """
    if not 0 < len(data) <= rules.megabytes * _MB:
        said = f"{len(data) / _MB:.1f} MB"
        raise rules.refusal(f"大小 {said}", f"it has {said}")
    _demand_few_parts(data, rules)
    with _readable(data, rules), Image.open(io.BytesIO(data), formats=_FORMATS) as image:
        _demand_size(image, rules)
        taken = _taken(image, ZoneInfo(zone))
        side = rules.longest_side
        image.draft("RGB", (side, side))  # a JPEG is read no larger than it is needed
        image.load()
        clean = _clean(image, side)
    kept = _as_jpeg(clean)
    return Photo(digest(data), digest(kept), kept, clean.width, clean.height, taken)


@contextmanager
def _readable(data: bytes, rules: PhotoRules) -> Iterator[None]:
    """Turn what the reader raises into a sentence."""
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise rules.refusal("像素太多", "it has too many pixels") from error
    except UnidentifiedImageError as error:
        if data[4:8] == b"ftyp" and data[8:12] in _HEIF:
            zh = "这是 HEIC（手机的“高效”格式），请在相机设置里选“兼容性最佳”"
            raise rules.refusal(zh, "it is HEIC; set the camera to 'most compatible'") from error
        raise rules.refusal("内容不是图片", "its content is no picture") from error
    except _UNREADABLE as error:
        raise rules.refusal("文件损坏或不完整", "it is damaged or cut short") from error


def _demand_size(image: Image.Image, rules: PhotoRules) -> None:
    """Refuse what would take too much memory, before it is unpacked."""
    if image.width * image.height > rules.million_pixels * _MP:
        said = f"{image.width} × {image.height}"
        raise rules.refusal(f"像素 {said}", f"it has {said} pixels")


def _demand_few_parts(data: bytes, rules: PhotoRules) -> None:
    """Refuse a JPEG made to be gone over again and again; what lies behind its end is not its."""
    marks = list(islice(_marks(data), _MOST_PARTS + 1)) if data[:2] == b"\xff\xd8" else []
    if marks.count(_SCAN) > _MOST_SCANS:
        said = (f"要扫描 {_MOST_SCANS} 遍以上", f"it takes more than {_MOST_SCANS} scans")
        raise rules.refusal(*said)
    if len(marks) > _MOST_PARTS:
        raise rules.refusal(f"分成 {_MOST_PARTS} 段以上", f"it has more than {_MOST_PARTS} parts")


def _marks(data: bytes) -> Iterator[int]:
    """Yield what parts a JPEG has; each byte between them counts for one, up to the first scan."""
    at, kind = 0, _BARE[0]
    while kind != _END and (found := _MARK.search(data, at)) is not None:
        yield from repeat(_BARE[0], 0 if kind == _SCAN else found.start() - at)
        kind, at = found[1][0], found.end()
        at += 0 if kind in _BARE else int.from_bytes(data[at : at + 2], "big")
        yield kind


def _clean(image: Image.Image, side: int) -> Image.Image:
    """Return nothing but colours: upright, in sRGB, on white, no longer than a side."""
    image.thumbnail((side, side), Image.Resampling.LANCZOS)  # first: what follows makes copies
    coloured = _in_srgb(_upright(image))
    if "transparency" in coloured.info or coloured.mode in ("RGBA", "LA", "PA"):
        layer = coloured.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        coloured = Image.alpha_composite(paper, layer)
    plain = coloured.convert("RGB")
    return Image.frombytes("RGB", plain.size, plain.tobytes())


def _upright(image: Image.Image) -> Image.Image:
    """Return an image turned as its camera says; one whose metadata cannot be used as it is."""
    try:
        return ImageOps.exif_transpose(image)
    except (*_UNREADABLE, AttributeError):  # it writes the metadata anew, by types that are wrong
        return image


def _in_srgb(image: Image.Image) -> Image.Image:
    """Return an image in sRGB; one whose profile cannot be used as it is."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "CMYK", "L"):
        return image
    try:
        held = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        srgb = ImageCms.createProfile("sRGB")
        turned = ImageCms.profileToProfile(image, held, srgb, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image
    return turned or image


def _as_jpeg(image: Image.Image) -> bytes:
    held = io.BytesIO()
    image.save(held, "JPEG", quality=_QUALITY, optimize=True)
    return held.getvalue()


def _taken(image: Image.Image, zone: ZoneInfo) -> Taken:
    """Return when and where a camera says it was; what makes no sense counts as not said."""
    try:
        exif = image.getexif()
        camera, place = exif.get_ifd(IFD.Exif), exif.get_ifd(IFD.GPSInfo)
    except _UNREADABLE:  # metadata cut short; the picture itself may be whole
        return Taken(None, None, None)
    return Taken(_moment(camera, zone), *(_position(place) or (None, None)))


def _moment(said: dict[int, Any], zone: ZoneInfo) -> datetime | None:
    text = str(said.get(Base.DateTimeOriginal) or said.get(Base.DateTimeDigitized) or "")
    try:
        local = datetime.strptime(text.strip("\0 ")[:19], "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 below
        at = local.replace(tzinfo=_offset(str(said.get(Base.OffsetTimeOriginal) or "")) or zone)
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _offset(text: str) -> timezone | None:
    """Return a zone written as "+08:00", or None."""
    sign, hours, minutes = text[:1], text[1:3], text[4:6]
    if sign not in ("+", "-") or not (hours.isdecimal() and minutes.isdecimal()):
        return None
    ahead = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(ahead if sign == "+" else -ahead) if ahead < timedelta(hours=24) else None


def _position(said: dict[int, Any]) -> tuple[float, float] | None:
    """Return longitude and latitude in WGS 84 degrees, or None.

    Zero and zero is what cameras write that know nothing.
    """
    lat = _degrees(said.get(GPS.GPSLatitude), said.get(GPS.GPSLatitudeRef), "S", _LAT_MOST)
    lon = _degrees(said.get(GPS.GPSLongitude), said.get(GPS.GPSLongitudeRef), "W", _LON_MOST)
    datum = _datum(said.get(GPS.GPSMapDatum))
    if lat is None or lon is None or datum is None or (lat == 0 and lon == 0):
        return None
    east, north = (float(value) for value in to_wgs84(lon, lat, datum))
    return (east, north) if isfinite(east) and isfinite(north) else None


def _datum(said: object) -> Datum | None:
    """Return the datum of a position: WGS 84 where none is named; None for one we do not know.

    Source: CIPA DC-008 (Exif), GPSMapDatum.
    """
    word = "".join(letter for letter in str(said or "WGS84").lower() if letter.isalnum())
    try:
        return parse_datum(_SPELT.get(word, word))
    except UnknownDatumError:
        return None


def _degrees(parts: object, side: object, negative: str, most: float) -> float | None:
    """Return degrees of degrees, minutes and seconds, signed by their hemisphere; or None."""
    try:
        degrees, minutes, seconds = (float(part) for part in parts)  # type: ignore[attr-defined]
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    value = degrees + minutes / _SIXTY + seconds / _SIXTY**2
    if not (isfinite(value) and 0 <= value <= most):
        return None
    return -value if str(side or "").strip("\0 ").upper().startswith(negative) else value
