"""At the desk an operator decides what everybody sees of a photo."""

from PIL import Image
from playwright.async_api import Page, expect

from tests.browser.city import City
from tests.browser.people import People
from tests.eventually import eventually
from tests.facts import LAMP
from tests.pictures import opened

ELSEWHERE = "https://example.org/lamp.jpg"  # no page loads it
SPOT = {"lat": 30.0259, "lon": 104.0391}


async def large(page: Page) -> None:
    """Open the first photo of the case."""
    await page.locator("#panel .photos .shot").first.click()
    await expect(page.get_by_role("dialog", name="Photo")).to_be_visible()
    await page.wait_for_function("document.querySelector('dialog .frame img').naturalWidth > 0")


async def dragged(page: Page, area: tuple[float, float, float, float]) -> None:
    """Drag over a part of the photo: left, top, right, bottom in shares of its width and height."""
    box = await page.locator("dialog .frame img").bounding_box()
    assert box is not None
    left, top, right, bottom = area
    await page.mouse.move(box["x"] + left * box["width"], box["y"] + top * box["height"])
    await page.mouse.down()
    await page.mouse.move(box["x"] + right * box["width"], box["y"] + bottom * box["height"], steps=4)
    await page.mouse.up()


def colour(image: Image.Image, x: float, y: float) -> tuple[int, ...]:
    """Return the colour at a place given in shares of width and height."""
    pixel = image.getpixel((round(x * image.width), round(y * image.height)))
    assert isinstance(pixel, tuple)
    return pixel


async def test_everybody_sees_a_photo_without_what_was_blacked_out_until_it_is_withheld(city: City, person: People):
    name = await city.photo()
    case_id = await city.report(text="路灯不亮", category=LAMP, location=SPOT, media=[name, ELSEWHERE])
    await city.seen(case_id, lambda shown: shown["photos"]["before"])
    page = await person("operator", "en", at=f"/desk?case={case_id}")
    await expect(page.get_by_role("link", name="Photo on another site")).to_have_attribute("href", ELSEWHERE)
    await large(page)
    await dragged(page, (0.55, 0.55, 0.95, 0.95))
    await page.get_by_role("button", name="Take back the last area").click()
    await expect(page.locator("dialog .black")).to_have_count(0)
    await dragged(page, (0.05, 0.05, 0.45, 0.45))
    await page.get_by_role("button", name="Show to everybody").click()
    await expect(page.get_by_text("The photo is public now.")).to_be_visible()
    public = opened((await city.web.get(f"{city.url('intake')}/photos/{name}")).content).convert("RGB")
    assert max(colour(public, 0.25, 0.25)) < 20, "what was dragged over is black"
    assert colour(public, 0.75, 0.25)[1] > 200, "the quarter beside it is green as it was"
    assert min(colour(public, 0.75, 0.75)) > 200, "what was taken back is white as it was"

    await large(page)
    await page.get_by_role("button", name="Withhold").click()
    await expect(page.get_by_label("Why it is not for everybody")).to_be_focused()
    await page.keyboard.type("shows a number plate")
    await page.get_by_role("button", name="Withhold").click()
    await expect(page.get_by_text("The photo is for staff alone now.")).to_be_visible()

    async def gone() -> bool:
        return (await city.web.get(f"{city.url('intake')}/photos/{name}")).status_code == 404

    await eventually(gone)
