"""Photos for tests, with what a phone writes into them."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base


def exif(
    lon: float | None = None, lat: float | None = None, *, orientation: int = 1, **gps: Any
) -> Image.Exif:
    """Return metadata: a position in degrees, a time, a thumbnail's marks, a serial number."""
    told = Image.Exif()
    told[Base.Orientation] = orientation
    told[Base.Make] = "SECRET-PHONE"
    camera = told.get_ifd(IFD.Exif)
    camera[Base.DateTimeOriginal] = "2026:11:25 09:30:00"
    camera[Base.BodySerialNumber] = "SECRET-SERIAL"
    if lon is not None and lat is not None:
        place = told.get_ifd(IFD.GPSInfo)
        place[GPS.GPSLongitudeRef], place[GPS.GPSLongitude] = "EW"[lon < 0], parts(abs(lon))
        place[GPS.GPSLatitudeRef], place[GPS.GPSLatitude] = "NS"[lat < 0], parts(abs(lat))
        for name, value in gps.items():
            place[GPS[name]] = value
    return told


def parts(degrees: float) -> tuple[float, float, float]:
    """Return degrees, minutes and seconds."""
    whole = int(degrees)
    minutes = int((degrees - whole) * 60)
    return float(whole), float(minutes), round(((degrees - whole) * 60 - minutes) * 60, 6)


def jpeg(
    width: int = 64, height: int = 48, *, form: str = "JPEG", shade: int = 90, **said: Any
) -> bytes:
    """Return a photo: its left half of one shade, its right half red."""
    image = Image.new("RGB", (width, height), (shade, shade, shade))
    image.paste((200, 0, 0), (width // 2, 0, width, height))
    held = io.BytesIO()
    image.save(held, form, **said)
    return held.getvalue()
