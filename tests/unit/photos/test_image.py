"""What is made of the files that people send as photos."""

import zipfile
from io import BytesIO
from pathlib import Path
from struct import pack
from zlib import compress, crc32

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw

from shared.photos_image import LONG_SIDE, THUMB_SIDE, Developed, Unfit, blacked_out, develop
from tests.pictures import POSITION, corners, encoded, opened, pattern, with_position

MOST = 5_000_000  # pixels
HEIC = Path(__file__).parents[2] / "data" / "photos" / "pattern.heic"
TINY = encoded(pattern(32, 32))
QUARTERS = ["r", "g", "b", "w"]
TURNED = {  # what the quarters show when a photo of such an orientation is looked at
    1: "rgbw", 2: "grwb", 3: "wbgr", 4: "bwrg", 5: "rbgw", 6: "brwg", 7: "wgbr", 8: "gwrb",
}  # fmt: skip


def refused(data: bytes, most: int = MOST) -> Unfit:
    with pytest.raises(Unfit) as caught:
        develop(data, most)
    assert caught.value.en
    assert caught.value.zh
    return caught.value


def made(data: bytes) -> Developed:
    """Return what was made, after looking that it is a pair of plain JPEG files."""
    found = develop(data, MOST)
    for file, side in ((found.full, LONG_SIDE), (found.thumb, THUMB_SIDE)):
        image = opened(file)
        assert (image.format, image.mode, max(image.size) <= side) == ("JPEG", "RGB", True)
        assert not image.getexif()
        assert image.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
    assert opened(found.full).size == (found.width, found.height)
    return found


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_of_a_file_is_kept_but_its_pixels(kind: str):
    sent = with_position(kind)
    assert POSITION in sent
    found = made(sent)
    assert corners(opened(found.full)) == QUARTERS
    for file in (found.full, found.thumb):
        assert all(word not in file for word in (POSITION, b"Exif", b"GPS", b"Maker", b"2026:03", b"ICC", b"xmp", b"adobe"))


@pytest.mark.parametrize("orientation", TURNED)
def test_a_photo_lies_as_it_was_held(orientation: int):
    found = made(with_position(orientation=orientation))
    assert "".join(corners(opened(found.full))) == TURNED[orientation]
    assert (found.width, found.height) == ((640, 480) if orientation < 5 else (480, 640))


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "P"), ("PNG", "1"), ("PNG", "RGBA"), ("WEBP", "RGBA")])
def test_every_kind_of_pixel_is_taken(kind: str, mode: str):
    shown = corners(opened(made(encoded(pattern(mode=mode), kind)).full))
    assert shown[3] == "w"
    assert shown == QUARTERS or mode in ("L", "1")


def test_grey_of_sixteen_bits_keeps_its_brightness():
    ramp = Image.new("I;16", (256, 16))
    ramp.putdata([x * 256 for _ in range(16) for x in range(256)])
    line = [opened(made(encoded(ramp, "PNG")).full).convert("L").getpixel((x, 8)) for x in (10, 128, 245)]
    assert line == [pytest.approx(10, abs=3), pytest.approx(128, abs=3), pytest.approx(245, abs=3)]


def test_what_is_clear_is_white():
    clear = Image.new("RGBA", (64, 64), (255, 0, 0, 0))
    assert corners(opened(made(encoded(clear, "PNG")).full)) == ["w"] * 4


def test_colours_are_as_their_profile_means_them():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB", -1)).tobytes()
    assert corners(opened(made(encoded(pattern(), icc_profile=lab)).full)) == QUARTERS
    assert corners(opened(made(encoded(pattern(), icc_profile=b"no profile")).full)) == QUARTERS


def test_a_large_photo_is_made_smaller_with_its_proportions():
    found = made(encoded(Image.new("RGB", (3000, 1500))))
    assert (found.width, found.height) == (2560, 1280)
    assert opened(found.thumb).size == (400, 200)


def test_a_photo_of_a_telephone_is_taken():
    assert made(HEIC.read_bytes()).width == 64


def test_what_only_begins_as_a_photo_ends_as_one():
    page = b"<script>alert(1)</script>"
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("a.txt", page)
    for sent in (encoded(pattern(), comment=page), encoded(pattern()) + archive.getvalue(), encoded(pattern(), "PNG") + page):
        found = made(sent)
        assert corners(opened(found.full)) == QUARTERS
        assert all(word not in found.full + found.thumb for word in (page, b"PK\x03\x04"))


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7 nothing",
        b"MZ" + bytes(200),
        encoded(pattern(), "GIF"),
        encoded(pattern(), "BMP"),
        encoded(pattern(), "TIFF"),
        b"GIF89a<script>alert(1)</script>",
    ],
)
def test_what_is_no_photo_is_refused_whatever_it_is_called(data: bytes):
    assert refused(data).status == 415


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_an_animation_is_refused(kind: str):
    frames = [pattern(32, 32), Image.new("RGB", (32, 32))]
    assert "animation" in refused(encoded(frames[0], kind, save_all=True, append_images=frames[1:])).en


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_photo_that_was_cut_off_is_refused(kind: str, share: float):
    whole = encoded(noise(), kind)
    assert refused(whole[: int(len(whole) * share)]).status in (415, 422)


def noise() -> Image.Image:
    return Image.effect_noise((200, 200), 90).convert("RGB")


def test_an_empty_file_is_refused():
    assert refused(b"").status == 422


def bomb(width: int, height: int) -> bytes:
    """Return a small PNG that unfolds to very many pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return pack(">I", len(body)) + kind + body + pack(">I", crc32(kind + body))

    rows = compress(bytes(1_000_000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(3000, 3000), (30_000, 30_000), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_before_it_is_decoded(size: tuple[int, int]):
    assert refused(bomb(*size)).status == 413


def test_a_limit_holds_for_every_format():
    for kind in ("JPEG", "PNG", "WEBP"):
        assert refused(encoded(pattern(), kind), most=640 * 480 - 1).status == 413
    assert refused(HEIC.read_bytes(), most=1000).status == 413


@given(data=st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_random_bytes_are_refused_in_words(data: bytes):
    assert refused(data).status in (413, 415, 422)


def outcome(data: bytes) -> Developed | int:
    """Return what was made, or the status of the refusal."""
    try:
        return develop(data, MOST)
    except Unfit as unfit:
        return unfit.status


@given(start=st.sampled_from([TINY, encoded(pattern(32, 32), "PNG"), encoded(pattern(32, 32), "WEBP"), HEIC.read_bytes()]), draw=st.data())
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_spoiled_photo_is_made_anew_or_refused_in_words(start: bytes, draw: st.DataObject):
    spoiled = bytearray(start)
    for _ in range(draw.draw(st.integers(1, 6))):
        spoiled[draw.draw(st.integers(0, len(spoiled) - 1))] = draw.draw(st.integers(0, 255))
    found = outcome(bytes(spoiled))
    assert found in (413, 415, 422) or opened(found.full).format == "JPEG"  # type: ignore[union-attr]


def test_what_is_blacked_out_is_gone():
    image = pattern()
    ImageDraw.Draw(image).rectangle((100, 100, 139, 139), fill=(255, 255, 0))
    full = develop(encoded(image), MOST).full
    found = blacked_out(full, [(100 / 640, 100 / 480, 140 / 640, 140 / 480)])
    inside = opened(found.full).crop((98, 98, 142, 142))
    assert max(high for _, high in inside.getextrema()) < 12  # type: ignore[misc]
    assert corners(opened(found.full))[1:] == QUARTERS[1:]
    assert blacked_out(full, [(0, 0, 1, 1)]).width == 640
