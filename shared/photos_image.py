"""A photo made anew from its pixels: upright, in sRGB, of bounded size, and without anything else that the file held.

What was sent may come from anybody, so it is judged before it is decoded, and it is decoded in a process of its own (`photos_worker`).
"""

import io
import struct
import warnings
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import pi_heif
from PIL import Image, ImageCms, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
LONG_SIDE, THUMB_SIDE = 2560, 400  # pixels
QUALITY, THUMB_QUALITY = 85, 80  # of JPEG
WHITE, BLACK = (255, 255, 255), (0, 0, 0)
BLOCK = 16  # pixels, of JPEG with halved colours
BROKEN = (  # what Pillow and its plugins raise for files that are not what they claim to be
    OSError, SyntaxError, ValueError, ArithmeticError, LookupError, TypeError, AttributeError, EOFError, RuntimeError,
    struct.error, zlib.error,
)  # fmt: skip
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))

pi_heif.register_heif_opener(thumbnails=False)


class Unfit(Exception):
    """The file is no photo that is taken: the HTTP status to answer with, and why, in both languages."""

    def __init__(self, status: int, en: str, zh: str) -> None:
        super().__init__(en)
        self.status, self.en, self.zh = status, en, zh


@dataclass(frozen=True)
class Developed:
    """A photo as it is kept: two JPEG files, and the size of the larger one in pixels."""

    full: bytes
    thumb: bytes
    width: int
    height: int


def develop(data: bytes, most_pixels: int) -> Developed:
    """Return the photo that `data` holds. Raises Unfit: 415 for what is no photo, 413 for too many pixels, 422 for a damaged one."""
    if not data:
        raise Unfit(422, "The file is empty.", "文件是空的。")
    try:
        image = opened(data, most_pixels)
    except MemoryError as hungry:
        raise too_many_pixels(most_pixels) from hungry
    with image:
        try:
            return printed(upright(image))
        except (*BROKEN, MemoryError) as broken:
            raise Unfit(422, "The photo is damaged or cut off; send it again.", "图片已损坏或不完整，请重新上传。") from broken


def opened(data: bytes, most_pixels: int) -> Image.Image:
    """Return the photo with nothing decoded yet but its header."""
    try:
        with warnings.catch_warnings(action="ignore"):  # of odd metadata, which is thrown away
            image = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as bomb:
        raise too_many_pixels(most_pixels) from bomb
    except BROKEN as strange:
        raise Unfit(
            415, "This is no photo: send JPEG, PNG, WebP or HEIC.", "这不是照片文件，请上传JPEG、PNG、WebP或HEIC格式。"
        ) from strange
    if image.width * image.height > most_pixels:
        raise too_many_pixels(most_pixels)
    if image.format in ("PNG", "WEBP") and getattr(image, "is_animated", False):
        raise Unfit(415, "This is an animation: send a still photo.", "这是动画，请上传静态照片。")
    return image


def too_many_pixels(most: int) -> Unfit:
    return Unfit(413, f"A photo may have {most:,} pixels at most: make it smaller.", f"照片不得超过{most:,}像素，请缩小后上传。")


def upright(image: Image.Image) -> Image.Image:
    """Return the pixels in sRGB, as they are looked at, on white where the photo lets something shine through."""
    image.draft("RGB", (LONG_SIDE, LONG_SIDE))  # a JPEG is decoded at the scale that is wanted
    image.load()
    profile = image.info.get("icc_profile")
    shown = smaller(on_white(in_eight_bits(smaller(turned(image)))))
    if isinstance(profile, bytes):
        shown = in_srgb(shown, profile)
    return smaller(shown.convert("RGB"))


def turned(image: Image.Image) -> Image.Image:
    """Return the photo as its EXIF says that it was held; one whose EXIF cannot be read is left as it lies."""
    try:
        return ImageOps.exif_transpose(image)
    except BROKEN:
        return image


def smaller(image: Image.Image) -> Image.Image:
    if image.mode in ("RGB", "L", "CMYK"):  # the other modes cannot be scaled well, or not at all
        image.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return image


def in_eight_bits(image: Image.Image) -> Image.Image:
    """Return grey of 16 or 32 bits with the brightness that it has; Pillow would cut all that is not black to white."""
    if image.mode.startswith("I;16"):
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode == "I":
        return image.point(lambda value: value / 256).convert("L")
    return image


def on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image
    clear = image.convert("RGBA")
    ground = Image.new("RGB", clear.size, WHITE)
    ground.paste(clear, mask=clear.getchannel("A"))
    return ground


def in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Return the colours as the profile means them; a profile that cannot be used is as good as none."""
    try:
        meant = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, meant, SRGB, outputMode="RGB") or image
    except (ImageCms.PyCMSError, *BROKEN):
        return image


def printed(image: Image.Image) -> Developed:
    """Return both files of a photo; they hold its pixels and nothing else."""
    small = image.copy()
    small.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.LANCZOS)
    return Developed(jpeg(image, QUALITY), jpeg(small, THUMB_QUALITY), image.width, image.height)


def jpeg(image: Image.Image, quality: int) -> bytes:
    bare = Image.frombytes("RGB", image.size, image.tobytes())  # no `info` from which a plugin might write metadata
    written = io.BytesIO()
    bare.save(written, "JPEG", quality=quality, progressive=True)
    return written.getvalue()


Areas = Sequence[tuple[float, float, float, float]]  # left, top, right, bottom, in shares of width and height


def blacked_out(full: bytes, areas: Areas) -> Developed:
    """Return a photo of ours with these areas black. Each is rounded outwards to whole blocks of JPEG, so that nothing shines through."""
    with Image.open(io.BytesIO(full), formats=("JPEG",)) as image:
        image.load()
        for left, top, right, bottom in areas:
            corner = (down(left * image.width), down(top * image.height))
            image.paste(BLACK, (*corner, up(right * image.width, image.width), up(bottom * image.height, image.height)))
        return printed(image)


def down(pixels: float) -> int:
    return int(pixels) // BLOCK * BLOCK


def up(pixels: float, most: int) -> int:
    return min(most, -(-int(pixels + 1) // BLOCK) * BLOCK)
