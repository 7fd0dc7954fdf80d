"""What is masked and what stays, in Chinese and English."""

from itertools import accumulate
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.masking import MARKERS, mask

MASKED = [
    ("我的电话是13812345678", "我的电话是[电话]"),
    ("我的电话是138 1234 5678，请回电", "我的电话是[电话]，请回电"),
    ("手机138-1234-5678。", "手机[电话]。"),
    ("手机１３８１２３４５６７８", "手机[电话]"),
    ("打我电话幺三八一二三四五六七八", "打我电话[电话]"),
    ("一三八，零零一三，八零零零", "一三八，零零一三，八零零零"),
    ("一三八 零零一三 八零零零", "[电话]"),
    ("座机六二三四五六七八", "座机[电话]"),
    ("手机１３８－１２３４－５６７８找我", "手机[电话]找我"),
    ("手机138　1234　5678", "手机[电话]"),
    ("1 3 8 1 2 3 4 5 6 7 8", "[电话]"),
    ("1381234 5678", "[电话]"),
    ("1381 2345 678", "[电话]"),
    ("13812 345678", "[电话]"),
    ("138 12 34 56 78", "[电话]"),
    ("138.1234.5678", "[电话]"),
    ("138——1234——5678", "[电话]"),
    ("+86 138 1234 5678", "[电话]"),
    ("+8613812345678", "[电话]"),
    ("(+86)13812345678", "[电话]"),
    ("008613812345678", "[电话]"),
    ("86-13812345678", "[电话]"),
    ("3栋301 13812345678", "3栋301 [电话]"),
    ("张13812345678李15987654321", "张[电话]李[电话]"),
    ("13812345678、15987654321", "[电话]、[电话]"),
    ("电话010-62345678", "电话[电话]"),
    ("0834-3222345", "[电话]"),
    ("(0834)3222345", "[电话]"),
    ("（0834）3222345", "[电话]"),
    ("0834 322 2345", "[电话]"),
    ("02887654321", "[电话]"),
    ("010-62345678转8012", "[电话]"),
    ("+86 10 6234 5678", "[电话]"),
    ("400-123-4567", "[电话]"),
    ("座机：3222345", "座机：[电话]"),
    ("请打电话 62345678", "请打电话 [电话]"),
    ("联系电话：6234-5678 或 6234-5679", "联系电话：[电话]"),
    ("致电3222345即可", "致电[电话]即可"),
    ("电话号码是 3222345", "电话号码是 [电话]"),
    ("微信同号13812345678", "微信同号[电话]"),
    ("邮箱abc@qq.com请回", "邮箱[邮箱]请回"),
    ("邮箱：ａｂｃ＠ｑｑ．ｃｏｍ", "邮箱：[邮箱]"),
    ("13812345678@139.com", "[邮箱]"),
    ("abc @ qq.com", "[邮箱]"),
    ("身份证513401198001011234", "身份证[身份证]"),
    ("身份证 51340119800101123X 的老人", "身份证 [身份证] 的老人"),
    ("513401 19800101 1234", "[身份证]"),
    ("513401-1980-0101-1234", "[身份证]"),
    ("５１３４０１１９８００１０１１２３ｘ", "[身份证]"),
    ("5 1 3 4 0 1 1 9 8 0 0 1 0 1 1 2 3 4", "[身份证]"),
    ("身份证号码：513401800101123", "身份证号码：[身份证]"),
    ("身份证513401198001011234电话13812345678", "身份证[身份证]电话[电话]"),
    ("513401198001011234 13812345678", "[身份证] [电话]"),
    ("13812345678 513401198001011234", "[电话] [身份证]"),
]
MASKED_IN_ENGLISH = [
    ("Call me at 138 1234 5678", "Call me at [phone]"),
    ("my number: +1 617-555-0123", "my number: [phone]"),
    ("(617) 555-0123", "[phone]"),
    ("617-555-0123", "[phone]"),
    ("617.555.0123, ask for the super", "[phone], ask for the super"),
    ("1-617-555-0123", "[phone]"),
    ("phone 6175550123", "phone [phone]"),
    ("tel 617 555 0123", "tel [phone]"),
    ("text me at 555-0123", "text me at [phone]"),
    ("+44 20 7946 0958 is my phone", "[phone] is my phone"),
    ("Phone: 0834-3222345 ext. 12", "Phone: [phone]"),
    ("write to jane.roe+city@mail.example.co.uk today", "write to [mail] today"),
    ("a@b.cc", "[mail]"),
    ("My ID is 513401198001011234.", "My ID is [ID]."),
]
STAYS = [
    "三栋一单元三零一的灯坏了，二零二六年一月六日起",
    "一九九八年建的楼，一二三四五六楼都没水",
    "建设路138号3栋2单元1503室",
    "长安街1388号院13号楼1单元1201",
    "Room 1503, Building 13, 138 Jianshe Road",
    "12 Main Street Apt 1234-5678",
    "编号 382 0471 9963",
    "案件38204719963还没有人来",
    "2026-01-06 08:00 发现",
    "2026年1月6日8点30分",
    "20260106",
    "电话亭20260106坏了",
    "打电话 20260106 没人接",
    "2026-01-06T08:00:00+08:00",
    "06.01.2026 08:00",
    "施工时间0930-1130 1400-1800",
    "call between 0900-1130 1400-1800",
    "电话 0900-1130 打不通",
    "物业费 1380元，停车费 12800.50 元",
    "联系物业说要1500000元",
    "花了 13,812,345,678 元",
    "$1,250,000.00 for a bridge",
    "电梯编号 31105107812014120001",
    "电梯注册代码 3110 5107 8120 1412 0001",
    "3号梯困人，应急码 51302",
    "lift no. DT-0213 stuck on floor 13",
    "公交 1 3 5 7 9 11 13 15 路都不停",
    "公交138路、139路、1路改道",
    "bus lines 201 302 405 1103",
    "拨打12345没人接",
    "打110、119、120都占线",
    "坐标 26.432112, 102.13812345678",
    "30.01350, 104.02070",
    "Boston case 101005123456",
    "service_request_id 101006289012",
    "路灯杆号 0213-4567",
    "井盖编号 WS20130045678",
    "邮编 615000",
    "@物业 灯坏了",
    "@all 3栋停水",
    "联系不上，2号楼3单元",
    "第138届，1234人，5678票",
    "运单 202601060800001234",
    "13幢1381号",
    "K138+200处塌方",
    "2号楼1-301",
    "WiFi 5G 2.4GHz",
    "分数 98:102",
    "",
    "灯坏了",
]


@pytest.mark.parametrize(("text", "masked"), MASKED)
def test_is_masked(text: str, masked: str):
    assert mask(text, "zh") == masked


@pytest.mark.parametrize(("text", "masked"), MASKED_IN_ENGLISH)
def test_is_masked_in_english(text: str, masked: str):
    assert mask(text, "en") == masked


@pytest.mark.parametrize("text", STAYS)
def test_stays(text: str):
    assert mask(text, "zh") == text


MOBILES = st.builds(lambda second, rest: f"1{second}{rest:09d}", st.integers(3, 9), st.integers(0, 999_999_999))
BORN = st.dates().map(lambda day: f"{day.year % 130 + 1880:04d}{day:%m%d}")
IDENTITIES = st.builds(
    lambda place, born, serial, check: f"{place}{born}{serial:03d}{check}",
    st.integers(110000, 829999),
    BORN,
    st.integers(0, 999),
    st.sampled_from("0123456789Xx"),
)
WORDS = st.text("灯坏了。，:： \n楼请找我abc.!", max_size=12)
SHAPES = st.sampled_from([(3, 4, 4), (3, 8), (7, 4), (11,)])
BETWEEN = st.sampled_from(["", " ", "-", "－", "\u3000", " - "])


def cut(number: str, shape: tuple[int, ...], between: str) -> str:
    ends = list(accumulate(shape))
    return between.join(number[start:end] for start, end in zip([0, *ends], ends, strict=False))


def widened(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if char.isdigit() else char for char in text)


@given(WORDS, MOBILES, WORDS, SHAPES, BETWEEN, st.booleans(), st.sampled_from(["zh", "en"]))
def test_no_mobile_number_passes(before: str, mobile: str, after: str, shape: tuple[int, ...], between: str, wide: bool, language: str):
    written = cut(mobile, shape, between)
    text = before + (widened(written) if wide else written) + after
    assert mask(text, language) == before + MARKERS[language]["phone"] + after


@given(WORDS, IDENTITIES, WORDS, st.booleans())
def test_no_identity_number_passes(before: str, identity: str, after: str, wide: bool):
    text = f"{before}、{widened(identity) if wide else identity}、{after}"
    assert mask(text, "zh") == f"{before}、[身份证]、{after}"


@given(WORDS, st.emails(domains=st.sampled_from(["qq.com", "mail.example.org", "x.gov.cn"])), WORDS)
def test_no_mail_address_passes(before: str, mail: str, after: str):
    text = f"{before}、{mail}、{after}"
    assert "@" not in mask(text, "zh")


PIECES = st.one_of(
    WORDS,
    MOBILES,
    IDENTITIES,
    st.text("0123456789 -.@()+电话call联系", max_size=30),
    st.sampled_from(["电话", "call ", "身份证", "a@b.cc", "[电话]", "[ID]", "、", "或", " 转 ", "555-0123", "0834-3222345", "+1 "]),
)


@given(st.lists(PIECES, max_size=8).map("".join), st.sampled_from(["zh", "en"]))
@example("电话3222345或3222346", "zh")
def test_masking_twice_is_masking_once_and_never_longer(text: str, language: str):
    once = mask(text, language)
    assert len(once) <= len(text)
    assert mask(once, language) == once


@given(st.text(max_size=200).filter(lambda text: sum(char.isdigit() for char in text) < 7 and "@" not in text and "＠" not in text))
def test_a_text_without_digits_and_addresses_stays(text: str):
    if "﹫" not in text:
        assert mask(text, "zh") == text


def test_a_text_takes_less_than_a_millisecond():
    texts = [text for text, _ in MASKED] + STAYS + ["楼下的灯坏了三天了，麻烦派人来看看，2026-01-06 08:00 起就不亮。" * 10]
    spent = []
    for _ in range(5):
        began = process_time()
        for text in texts:
            mask(text, "zh")
        spent.append((process_time() - began) / len(texts))
    assert min(spent) < 0.001


@pytest.mark.parametrize("piece", ["1", "1 ", "1-", "a@", "a", "0834 3222 ", "电话 :", "电话321 ", "a.a@b.", "+1(", "5 1 3 4 0 1 1 9 8 "])
def test_no_text_is_slow(piece: str):
    text = (piece * 4000)[:4000]
    began = process_time()
    mask(text, "zh")
    assert process_time() - began < 0.2
