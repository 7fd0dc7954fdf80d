"""Drawn photos of a street: a manhole whose cover is broken, and the same place mended."""

from random import Random

from PIL import Image, ImageDraw, ImageFilter

from tests.pictures import encoded

WIDTH, HEIGHT = 1200, 900
SLAB = 300
HOLE = (360, 330, 860, 690)
DARK, IRON, EDGE, CONE = (22, 20, 19), (88, 90, 94), (58, 60, 63), (226, 98, 30)


def broken() -> bytes:
    """Return the hole, the cover slid aside and in two."""
    image, pen = pavement(3)
    pen.ellipse(HOLE, fill=DARK, outline=EDGE, width=14)
    pen.chord((620, 180, 1100, 530), 200, 20, fill=IRON, outline=EDGE, width=10)
    pen.chord((590, 240, 1070, 590), 20, 200, fill=(76, 78, 82), outline=EDGE, width=10)
    return finished(image)


def mended() -> bytes:
    """Return a new cover in its place, and a cone that still stands beside it."""
    image, pen = pavement(4)
    pen.ellipse(HOLE, fill=IRON, outline=EDGE, width=14)
    for x in range(HOLE[0] + 90, HOLE[2] - 60, 56):
        for y in range(HOLE[1] + 70, HOLE[3] - 50, 44):
            pen.rounded_rectangle((x, y, x + 34, y + 20), 6, fill=(112, 115, 120))
    pen.polygon([(1010, 430), (950, 690), (1070, 690)], fill=CONE)
    pen.polygon([(993, 505), (1027, 505), (1044, 575), (976, 575)], fill=(240, 238, 232))
    return finished(image)


def pavement(seed: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """Return slabs of slightly different greys, and what draws on them."""
    dice, image = Random(seed), Image.new("RGB", (WIDTH, HEIGHT), (120, 116, 110))
    pen = ImageDraw.Draw(image)
    for top in range(-SLAB // 2, HEIGHT, SLAB):
        for left in range(-SLAB // 3, WIDTH, SLAB):
            tone = dice.randint(-9, 9)
            pen.rectangle((left + 4, top + 4, left + SLAB - 4, top + SLAB - 4), fill=(168 + tone, 162 + tone, 153 + tone))
    return image, pen


def finished(image: Image.Image) -> bytes:
    """Return the picture with the grain and the softness of a photo."""
    grain = Image.effect_noise(image.size, 28).convert("RGB")
    return encoded(Image.blend(image, grain, 0.14).filter(ImageFilter.GaussianBlur(1.2)), quality=85)
