"""Telephone numbers, e-mail addresses and identity numbers in what people wrote, replaced before the text enters the log.

The log is kept for ever, so what looks like one is masked even where its check digit is wrong. What cities are full of stays: house,
lift and case numbers, dates, prices, bus lines. A bare local number of seven or eight digits is masked only after a word that
announces it. Texts are compared in half-width forms of the same length, numerals as digits; masking never makes a text longer.
"""

import re
from collections.abc import Iterator

MARKERS = {"zh": {"mail": "[邮箱]", "id": "[身份证]", "phone": "[电话]"}, "en": {"mail": "[mail]", "id": "[ID]", "phone": "[phone]"}}

NARROW = str.maketrans(
    {wide: chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)}  # full-width ASCII
    | dict.fromkeys(map(ord, "‐‑‒–—―−﹣"), "-")
    | dict.fromkeys(map(ord, "\u3000\u00a0\u2002\u2003\u2009\u200b\u202f\ufeff"), " ")
    | {ord("﹫"): "@"}
    | dict(zip(map(ord, "零〇一幺二两三四五六七八九"), "0011223456789", strict=True))  # as speech is written down
)
WORTH_READING = re.compile(r"@|[0-9](?:[^0-9]{0,3}[0-9]){6}")
TAKEN = "\ue000"  # stands where something was found, so that nothing is found there again

GAP = r"[ \-]{0,3}"
SPLIT = r"[ \-]{1,3}"
START = r"(?<![0-9])(?<![0-9]\.)"  # not within a longer number, not behind a decimal point
END = r"(?![0-9])"
HOUR = r"(?:[01][0-9]|2[0-4])[0-5][0-9]"
NOT_HOURS = rf"(?!{HOUR}{SPLIT}{HOUR}(?:{SPLIT}{HOUR})*{END})"
NOT_A_DAY = rf"(?!(?:19|20)[0-9]{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]){END})"

LOCAL_PART = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~\-]"
MAIL = re.compile(rf"(?<!{LOCAL_PART}){LOCAL_PART}+ ?@ ?(?:[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?\.)+[A-Za-z]{{2,24}}(?![A-Za-z0-9])")


def digits(*alternatives: str) -> str:
    """Return the pattern of such digits one after the other, written together or apart."""
    return r"[ \-]{0,2}".join(alternatives)


DIGIT = "[0-9]"
YEAR = (f"(?:{digits('1', '[89]')}|{digits('2', '0')})", DIGIT, DIGIT)
MONTH = f"(?:{digits('0', '[1-9]')}|{digits('1', '[0-2]')})"
DAY = f"(?:{digits('0', '[1-9]')}|{digits('[12]', DIGIT)}|{digits('3', '[01]')})"
IDENTITY = re.compile(rf"(?<![0-9A-Za-z]){digits('[1-9]', *[DIGIT] * 5, *YEAR, MONTH, DAY, *[DIGIT] * 3, '[0-9Xx]')}(?![0-9A-Za-z])")
ANNOUNCED_IDENTITY = re.compile(
    r"(?:身份证|公民身份|(?<![A-Za-z])(?:ID|identity)(?![A-Za-z]))(?:[ :=#]|号码?|是|为|card|number|no\.?){0,6}"
    rf"(?P<found>[1-9](?:{GAP}[0-9]){{14}}(?:(?:{GAP}[0-9]){{2}}{GAP}[0-9Xx])?)(?![0-9A-Za-z])",
    re.IGNORECASE,
)

MOBILE = re.compile(
    rf"{START}(?:\(?(?:\+|00)?86\)?{GAP})?(?:1[3-9][0-9]{{9}}"
    r"|1[3-9][0-9][ \-.]{1,3}[0-9]{4}[ \-.]{1,3}[0-9]{4}"
    rf"|1[3-9][0-9]{SPLIT}(?:[0-9]{{8}}|[0-9]{{3}}{SPLIT}[0-9]{{5}}|[0-9]{{3}}{SPLIT}[0-9]{{3}}{SPLIT}[0-9]{{2}})"
    rf"|1[3-9][0-9](?:{SPLIT}[0-9]{{2}}){{4}}"
    rf"|1[3-9][0-9]{{2}}{SPLIT}(?:[0-9]{{4}}{SPLIT}[0-9]{{3}}|[0-9]{{3}}{SPLIT}[0-9]{{4}}|[0-9]{{7}})"
    rf"|1[3-9](?:[0-9]{{3}}{SPLIT}[0-9]{{6}}|[0-9]{{4}}{SPLIT}[0-9]{{5}}|[0-9]{{5}}{SPLIT}[0-9]{{4}})"
    rf"|1{SPLIT}[3-9](?:{SPLIT}[0-9]){{9}}){END}"
)
ABROAD = re.compile(rf"{START}(?:\(?\+ ?[1-9][0-9]{{0,2}}|00(?:86|85[23]|886))\)?(?:[ \-.()]{{0,3}}[0-9]){{6,13}}{END}")
LANDLINE = re.compile(
    rf"{START}{NOT_HOURS}\(?0(?:10|2[0-9]|[3-9][0-9]{{2}})\)?{GAP}(?:[1-9][0-9]{{6,7}}|[1-9][0-9]{{2,3}}[ \-][0-9]{{4}}){END}"
    r"(?: ?(?:转|分机|ext\.?|-) ?[0-9]{1,6}(?![0-9]))?"
)
SERVICE = re.compile(rf"{START}[48]00{GAP}(?:[0-9]{{7}}|[0-9]{{3}}{SPLIT}[0-9]{{4}}|[0-9]{{4}}{SPLIT}[0-9]{{3}}){END}")
AMERICAN = re.compile(
    rf"{START}(?:1[ \-.]{{1,2}})?"
    r"(?:\([2-9][0-9]{2}\) ?[2-9][0-9]{2}[ \-.]|[2-9][0-9]{2}(?P<by>[\-.])[2-9][0-9]{2}(?P=by))"
    rf"[0-9]{{4}}{END}"
)
LOCAL = (
    rf"(?<![0-9]){NOT_A_DAY}{NOT_HOURS}"
    rf"(?:[2-9][0-9]{{2}} [0-9]{{3}} [0-9]{{4}}|[1-9][0-9]{{2,3}}[ \-][0-9]{{4}}|[2-9][0-9]{{9}}|[1-9][0-9]{{6,7}}){END}(?![ \-.][0-9])"
)
ALONE, END_OF_WORD = "(?<![A-Za-z])", "(?![A-Za-z])"
ANNOUNCED = re.compile(
    r"(?:电话|手机|座机|固话|热线|传真|联系|联络|致电|拨打|来电|回电|打给|微信"
    rf"|{ALONE}(?:tel|telephone|phone|mobile|cell|call|ring|text|sms|contact|fax|whatsapp|wechat|qq){END_OF_WORD})"
    r"(?:[ :=,.#/]|方式|号码?|是|为|我|他|她|您|请|可|到|至|给|家|本人"
    rf"|{ALONE}(?:my|is|me|us|him|her|them|at|on|number|no|to|back){END_OF_WORD}){{0,6}}"
    rf"(?P<found>{LOCAL}(?:(?: ?(?:[、/,]|或者?|和|or|and) ?){LOCAL})*)(?! ?(?:元|块|万|米|路|yuan|rmb))",
    re.IGNORECASE,
)
SEARCHES = (
    ("mail", MAIL),
    ("id", IDENTITY),
    ("id", ANNOUNCED_IDENTITY),
    ("phone", MOBILE),
    ("phone", ABROAD),
    ("phone", LANDLINE),
    ("phone", SERVICE),
    ("phone", AMERICAN),
    ("phone", ANNOUNCED),
)


def mask(text: str, language: str) -> str:
    """Return `text` with a marker of `language` (zh or en) in place of each thing by which a person could be reached or known."""
    masked = masked_once(text, language)
    while masked != text:  # what stood next to something longer may be plain to see now
        text, masked = masked, masked_once(masked, language)
    return text


def masked_once(text: str, language: str) -> str:
    narrow = text.translate(NARROW)
    if not WORTH_READING.search(narrow):
        return text
    markers = MARKERS["zh" if language == "zh" else "en"]
    parts, end = [], 0
    for start, stop, kind in sorted(found(narrow)):
        parts += [text[end:start], markers[kind]]
        end = stop
    return "".join([*parts, text[end:]])


def found(narrow: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and kind of what is to be masked; no two overlap."""
    for kind, pattern in SEARCHES:
        for match in list(pattern.finditer(narrow)):
            start, stop = match.span("found" if "found" in pattern.groupindex else 0)
            yield start, stop, kind
            narrow = narrow[:start] + TAKEN * (stop - start) + narrow[stop:]
