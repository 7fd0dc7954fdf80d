"""The status page shows what there is, in both languages, without anything from elsewhere."""

import re
from html.parser import HTMLParser

import pytest

from services.console.counting import totals_answer
from services.console.pages.files import HERE
from services.console.pages.kit import Frame, templates
from services.console.pages.status import Sight, fragment, shown
from services.console.reader import Reader
from services.console.views.times import times
from services.console.views.totals import totals
from services.console.words import Lang
from shared.access import Caller
from shared.case import Case, Status
from shared.service import Fold
from tests.unit.console.histories import MONDAY, classification, folded
from tests.unit.console.rows import present, projected
from tests.unit.console.town import TOWN

WHOLE = ("case.triaged", "case.assigned", "assignment.accepted", "work.completed", "case.closed")
STEPS = [("a", kind, 0, 1) for kind in ("case.reported", *WHOLE)]
LATE = [("b", kind, 1, 1) for kind in ("case.reported", "case.triaged", "deadline.missed")]
FOLDS = folded([*STEPS, *LATE, ("c", "case.reported", 2, 0)])
VOID = {"meta", "link", "rect", "br", "path"}


def sight(folds: list[Fold], lang: Lang, cases: list[Case] | None = None) -> Sight:
    reader = Reader(TOWN, lang)
    counts, lengths = (projected(view, folds, TOWN).values() for view in (totals, times))
    shown = present(folds) if cases is None else cases
    return Sight(totals_answer(counts, lengths, reader), [case for case in shown if case.overdue], shown, MONDAY)


def page(folds: list[Fold] = FOLDS, lang: Lang = "en", cases: list[Case] | None = None) -> str:
    return whole(sight(folds, lang, cases), lang)


def whole(of: Sight, lang: Lang) -> str:
    reader = Reader(TOWN, lang)
    framed = Frame(reader, Caller(), "/", MONDAY).values()
    return templates.get_template("status.html").render(framed | shown(of, reader))


class Nesting(HTMLParser):
    """Notes the elements, and complains when one is closed that is not open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read(html: str) -> Nesting:
    parser = Nesting()
    parser.feed(html)
    assert parser.open == []
    return parser


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("folds", [FOLDS, []])
def test_the_page_is_well_formed_with_and_without_cases(folds: list[Fold], lang: Lang):
    read(page(folds, lang))


def test_nothing_comes_from_elsewhere_and_nothing_is_inline():
    names = read(page()).attributes
    assert all(value and value.startswith(("/", "#", "?")) for name, value in names if name in ("href", "src"))
    assert not [name for name, _ in names if name == "style" or name.startswith("on")]
    assert "url(" not in (HERE / "status.css").read_text()


def test_the_figures_are_the_totals():
    figures = re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", page())
    assert figures == [("Open", "2"), ("Overdue", "1"), ("Closed", "1"), ("Reported", "3")]


def test_both_languages_show_their_own_names():
    assert "Street lamp" in page(lang="en")
    assert "路灯" in page(lang="zh")
    assert 'lang="zh-Hans"' in page(lang="zh")


def test_what_residents_wrote_is_text_and_never_markup():
    [case, *_] = present(FOLDS)
    assert "<b>" not in page(cases=[case.model_copy(update={"text": "<b>dark</b>"})])


def test_a_confidential_case_shows_neither_words_nor_place():
    [case, *_] = present(FOLDS)
    hidden = case.model_copy(update={"text": "at home", "classification": classification(4)})
    assert hidden.classification is not None
    assert hidden.classification.confidential
    html = page(cases=[hidden])
    assert "at home" not in html
    assert "g2" not in html


def test_words_that_nobody_has_classified_are_not_shown_yet():
    assert "behind my door" not in page(cases=[Case(id="a", status=Status.REPORTED, text="behind my door")])


def test_the_fragment_is_the_changing_part_of_the_page():
    assert fragment(sight(FOLDS, "en"), Reader(TOWN, "en")).strip() in page()


@pytest.mark.parametrize(("lang", "words"), [("en", "Sign in to see cases"), ("zh", "登录后查看案件")])
def test_who_has_not_signed_in_sees_figures_and_no_case(lang: Lang, words: str):
    html = whole(sight(FOLDS, lang)._replace(lists=False), lang)
    assert words in html
    assert not re.search(r'<th scope="row" class="number">', html)
    assert "/sign-out" not in html
