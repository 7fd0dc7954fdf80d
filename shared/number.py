"""The number of a case that can be read out on the telephone: eleven digits, shown in groups of three, four and four.

The last digit is a Damm check digit, which finds every single wrong digit and every two neighbours that changed places. The first is never
0 or 1, so that no number looks like a telephone number.
"""

import re
import unicodedata
from hashlib import sha256

from stdnum import damm

DIGITS = 11
LEAST, MOST = 2_000_000_000, 10_000_000_000  # of the ten digits before the check digit
BETWEEN = re.compile(r"[\s\-‐-―−_.·]+")


class WrongCheckDigit(ValueError):
    """Eleven digits that are not the number of any case: one was misheard or mistyped."""


def number_of(case_id: str, salt: int = 0) -> str:
    """Return the number of a case, digits only; the next salt gives another one if that is taken."""
    drawn = int.from_bytes(sha256(f"{case_id}/{salt}".encode()).digest()[:8])
    digits = str(LEAST + drawn % (MOST - LEAST))
    return digits + str(damm.calc_check_digit(digits))


def shown(number: str) -> str:
    """Return the number as people read it: 382 0471 9963."""
    return f"{number[:3]} {number[3:7]} {number[7:]}"


def read_number(written: str) -> str | None:
    """Return the digits of the number that somebody wrote, in whatever groups and width; None if it is none at all (an id, say).

    Raises WrongCheckDigit for eleven digits that cannot be a number of ours.
    """
    digits = BETWEEN.sub("", unicodedata.normalize("NFKC", written))
    if not re.fullmatch(f"[0-9]{{{DIGITS}}}", digits):
        return None
    if digits[0] in "01" or not damm.is_valid(digits):
        raise WrongCheckDigit(written)
    return digits
