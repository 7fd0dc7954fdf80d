"""Photos as people send them, made when a test asks for one."""

import io
from typing import Any

from PIL import Image, ImageCms

POSITION = b"GPSLatitude-30.0103"  # stands where nothing of it may be left


def pattern(width: int = 640, height: int = 480, mode: str = "RGB") -> Image.Image:
    """Return a picture whose four quarters are red, green, blue and white, in reading order."""
    image = Image.new("RGB", (width, height), (255, 255, 255))
    for place, colour in (((0, 0), (255, 0, 0)), ((1, 0), (0, 255, 0)), ((0, 1), (0, 0, 255))):
        left, top = place[0] * width // 2, place[1] * height // 2
        image.paste(colour, (left, top, left + width // 2, top + height // 2))
    return image.convert(mode)


def encoded(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    written = io.BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def with_position(kind: str = "JPEG", orientation: int = 1) -> bytes:
    """Return a photo whose metadata say where, when and with what it was taken, in every place that holds some."""
    image = pattern()
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x0132] = orientation, "Maker-17", "2026:03:02 08:00:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (30.0, 1.0, 3.0), 3: "E", 4: (104.0, 2.0, 2.0), 29: POSITION.decode()})
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    more: dict[str, Any] = {"exif": exif.tobytes(), "icc_profile": profile}
    if kind == "JPEG":
        more |= {"comment": POSITION, "xmp": b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + POSITION + b"</x:xmpmeta>"}
    return encoded(image, kind, **more)


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def corners(image: Image.Image) -> list[str]:
    """Return the colours of the four quarters, as one letter each: r, g, b, w, or k for black."""
    names = {(1, 0, 0): "r", (0, 1, 0): "g", (0, 0, 1): "b", (1, 1, 1): "w", (0, 0, 0): "k"}
    places = [(x * image.width // 4, y * image.height // 4) for y in (1, 3) for x in (1, 3)]
    return [names.get(tuple(int(part > 127) for part in image.convert("RGB").getpixel(at)), "?") for at in places]  # type: ignore[union-attr, arg-type]
