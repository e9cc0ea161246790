"""Photos as hostile or simply different cameras make them: read, cleaned, or refused."""

from __future__ import annotations

import io
import struct
import zlib
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from geo.crs import from_wgs84
from geo.errors import BadPhotoError, BadRulesError
from geo.photos import Photo, photo_rules, read_photo
from tests.photographed import exif, jpeg

RULES = photo_rules()
HERE = (117.12345, 36.65432)


def read(data: bytes) -> Photo:
    return read_photo(data, RULES)


def opened(photo: Photo) -> Image.Image:
    return Image.open(io.BytesIO(photo.data))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_says_where_and_when_and_then_says_nothing(form: str) -> None:
    photo = read(jpeg(form=form, exif=exif(*HERE), comment=b"SECRET-WORDS"))
    assert (photo.taken.lon, photo.taken.lat) == pytest.approx(HERE, abs=1e-6)
    assert photo.taken.at == datetime(2026, 11, 25, 1, 30, tzinfo=UTC)
    assert b"SECRET" not in photo.data
    assert b"Exif" not in photo.data
    left = opened(photo)
    assert (left.format, left.size, dict(left.getexif())) == ("JPEG", (64, 48), {})
    assert set(left.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_the_same_photo_is_kept_as_the_same_bytes() -> None:
    assert read(jpeg(exif=exif(*HERE))) == read(jpeg(exif=exif(*HERE)))


def test_it_is_turned_upright_before_the_mark_for_it_is_removed() -> None:
    photo = read(jpeg(exif=exif(orientation=6)))
    assert (photo.width, photo.height) == (48, 64)
    bottom = opened(photo).convert("RGB").getpixel((24, 60))
    assert isinstance(bottom, tuple)
    assert bottom[0] > 150
    assert bottom[1] < 60


def test_metadata_of_wrong_types_is_no_reason_to_refuse_the_picture() -> None:
    turned, made = struct.pack("<HHIHH", 0x112, 3, 1, 6, 0), struct.pack("<HHIf", 0x132, 11, 1, 1.0)
    told = b"II*\0\x08\0\0\0" + struct.pack("<H", 2) + turned + made + b"\0\0\0\0"
    photo = read(jpeg(exif=b"Exif\0\0" + told))
    assert (photo.width, photo.height, photo.taken.at) == (64, 48, None)


def test_what_is_glued_on_behind_a_photo_is_gone() -> None:
    assert b"<script>" not in read(jpeg() + b"<script>alert(1)</script>PK\x03\x04").data
    assert read(jpeg() + b"\xff\xda" * 99).width == 64, "a film, as phones put it there: no scans"


@pytest.mark.parametrize(
    ("lon", "lat", "gps"),
    [
        (0.0, 0.0, {}),
        (117.1, 36.6, {"GPSMapDatum": "TOKYO"}),
        (117.1, 36.6, {"GPSLatitude": (36.0, 10_000.0, 0.0)}),
        (117.1, 36.6, {"GPSLatitude": (36.6,)}),
    ],
)
def test_a_position_that_makes_no_sense_is_none(
    lon: float, lat: float, gps: dict[str, Any]
) -> None:
    assert read(jpeg(exif=exif(lon, lat, **gps))).taken[1:] == (None, None)


def test_a_position_in_another_datum_is_converted_if_the_camera_names_it() -> None:
    lon, lat = (float(value) for value in from_wgs84(*HERE, "gcj02"))
    for name in ("GCJ-02", "gcj02\0"):
        told = read(jpeg(exif=exif(lon, lat, GPSMapDatum=name))).taken
        assert (told.lon, told.lat) == pytest.approx(HERE, abs=1e-6)
    south = read(jpeg(exif=exif(-70.5, -33.25, GPSMapDatum="WGS-84"))).taken
    assert (south.lon, south.lat) == pytest.approx((-70.5, -33.25), abs=1e-6)


def test_a_large_photo_is_kept_smaller_and_a_small_one_as_it_is() -> None:
    rules = replace(RULES, longest_side=100)
    assert read_photo(jpeg(400, 200), rules).width == 100
    assert read_photo(jpeg(40, 20), rules).width == 40


def megabytes(key: str) -> float:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(key)) / 1024


def test_a_photo_without_metadata_takes_memory_once_for_its_pixels() -> None:
    sent = saved(Image.new("RGB", (6000, 4000)), "PNG")
    Path("/proc/self/clear_refs").write_text("5", "ascii")  # the peak begins anew
    before = megabytes("VmRSS")
    assert read(sent).width == RULES.longest_side
    # Four bytes a pixel, and what is made small of them; a copy would be as much again.
    assert megabytes("VmHWM") - before < 2 * 6000 * 4000 * 4 / 2**20


def bomb(width: int, height: int) -> bytes:
    """A PNG of some kilobytes that unpacks to whatever it says."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(10**6))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def saved(image: Image.Image, form: str, **said: object) -> bytes:
    held = io.BytesIO()
    image.save(held, form, **said)
    return held.getvalue()


def scanned(times: int) -> bytes:
    """A JPEG of some kilobytes whose last scan comes again and again."""
    whole = saved(Image.new("L", (64, 64)), "JPEG", progressive=True)
    return whole[:-2] + whole[whole.rfind(b"\xff\xda") : -2] * times + whole[-2:]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (scanned(60), "more than 64 scans"),
        (b"\xff\xd8" + b"\xff\xfe\0\2" * 2_000 + jpeg()[2:], "more than 2000 parts"),
        (b"\xff\xd8" + b"\xff" * 2_000 + jpeg()[2:], "more than 2000 parts"),
        (b"", "0.0 MB"),
        (b"\0" * (21 * 2**20), "21.0 MB"),
        (b"<html>", "no picture"),
        (b"GIF89a" + bytes(50), "no picture"),
        (b"\0\0\0\x18ftypheic" + bytes(50), "HEIC"),
        (b"%PDF-1.7", "no picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "no picture"),
        (jpeg(800, 600)[:1500], "damaged"),
        (bomb(8_000, 8_000), "8000 × 8000"),
        (bomb(12_000, 12_000), "too many pixels"),
        (bomb(60_000, 60_000), "too many pixels"),
        (bomb(3_000, 3_000), "damaged"),
    ],
)
def test_what_is_no_photo_or_too_large_is_refused_with_a_sentence(data: bytes, why: str) -> None:
    with pytest.raises(BadPhotoError, match=why):
        read(data)


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # what is said of broken metadata
@given(st.data())
def test_whatever_is_broken_in_a_photo_it_is_read_or_refused(data: st.DataObject) -> None:
    whole = bytearray(
        jpeg(form=data.draw(st.sampled_from(["JPEG", "PNG", "WEBP"])), exif=exif(*HERE))
    )
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with suppress(BadPhotoError):
        assert b"SECRET" not in read(bytes(whole)).data


def test_odd_colours_come_out_as_they_look() -> None:
    clear = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    pixel = opened(read(saved(clear, "PNG"))).convert("RGB").getpixel((4, 4))
    assert pixel == (255, 255, 255)
    for mode in ("L", "1", "P", "CMYK", "I;16", "LA"):
        form = "JPEG" if mode == "CMYK" else "PNG"
        assert read(saved(Image.new(mode, (8, 8)), form)).width == 8
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    with_profile = read(jpeg(icc_profile=profile))
    assert "icc_profile" not in opened(with_profile).info
    assert read(jpeg(icc_profile=b"no profile")).width == 64


def test_rules_of_sizes_that_make_no_sense_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "handling.toml"
    for said in ("", "[photos]\nmegabytes = -1\nmillion_pixels = 5\nlongest_side = 1\neach = 1\n"):
        path.write_text(said, encoding="utf-8")
        with pytest.raises(BadRulesError):
            photo_rules(path)
