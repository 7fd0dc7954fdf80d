"""Why an earlier case may be the same, in both languages."""

from shared.city import Words

ALIKE = 0.3  # from this share on, wording is worth a mention
AN_HOUR, A_DAY = 1.0, 48.0


def reasons(*, metres: float, hours: float, same_type: bool, same_family: bool, same_address: bool, alike: float, reports: int) -> Words:
    """Return one line: type, distance, age, address, wording, and how many open reports there are at the place."""
    said = [
        ("同类问题", "same type")
        if same_type
        else ("相近类别", "related type")
        if same_family
        else ("类别不同或未定", "another or no type"),
        (f"相距 {metres:.0f} 米", f"{metres:.0f} m away"),
        age(hours),
    ]
    if same_address:
        said.append(("地址相同", "the same address"))
    if alike >= ALIKE:
        said.append((f"文字约 {alike:.0%} 相同", f"{alike:.0%} of the wording the same"))
    if reports > 1:
        said.append((f"此处共有 {reports} 件未结报告", f"{reports} open reports at this place"))
    return Words(zh="，".join(zh for zh, _ in said), en=", ".join(en for _, en in said))


def age(hours: float) -> tuple[str, str]:
    """Return how much earlier it was reported, in minutes, hours or days."""
    if hours < AN_HOUR:
        count, zh, en = round(hours * 60), "分钟", "minute"
    elif hours < A_DAY:
        count, zh, en = round(hours), "小时", "hour"
    else:
        count, zh, en = round(hours / 24), "天", "day"
    return f"早 {count} {zh}上报", f"reported {count} {en}{'' if count == 1 else 's'} earlier"
