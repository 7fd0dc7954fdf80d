"""Learning from judged messages: what is read, what is written, and what is compared."""

from pathlib import Path

import numpy as np
import pytest

from deploy.learn.text import Learned, parted
from deploy.learn.text_fit import FOLDS, fit, folds, material
from deploy.learn.text_mix import evenly, from_alarms, from_precision
from deploy.learn.text_model import together
from deploy.learn.text_rows import Row, as_in, read_rows
from deploy.refusal import CannotDo
from services.triage.model.assess import NO_REPORT
from services.triage.model.features import meaning
from services.triage.model.normalise import normalised
from services.triage.model.prediction import HEADS, Danger, Facts, Head, Predictor, write
from shared.citypack import city_folder, load_city
from shared.terms import Grade

TEXTS = ["the lamp is out", "dark lamp again", "路灯不亮了", "lift is stuck", "stuck in the lift", "电梯卡住了"] * 3
LABELS = np.array(["lamp", "lamp", "lamp", "lift", "lift", "lift"] * 3)


def rows(*times: str) -> list[Row]:
    return [Row(text=time, code="01037", right=frozenset({"01037"}), condition="", grade=None, at=time) for time in times]


def test_reads_words_and_letters_for_grades_and_many_names_for_nothing(tmp_path: Path):
    file = tmp_path / "judged.tsv"
    file.write_text(
        "text\tcode\talso_ok\tgrade\temergency\nhole\t01002\t01003 01023\tU\t0\nhi\tnone\t\t\t0\ngas\tY05-02\t\t\t1\n", encoding="utf-8"
    )
    hole, hi, gas = read_rows(file)
    assert hole.grade is Grade.URGENT
    assert hole.right == {"01002", "01003", "01023"}
    assert (hi.code, hi.report) == (NO_REPORT, False)
    assert gas.emergency


def test_a_file_without_the_columns_is_refused(tmp_path: Path):
    file = tmp_path / "other.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(CannotDo, match="text and code"):
        read_rows(file)


def test_the_latest_rows_are_kept_for_the_comparison():
    earlier, later = parted(rows("2026-01", "2026-02", "2026-03", "2026-04", "2026-05"))
    assert [row.at for row in later] == ["2026-05"]
    assert len(earlier) == 4


def test_the_mixed_reading_is_that_of_scikit_learn():
    from scipy.sparse import csr_matrix
    from sklearn.svm import LinearSVC

    seen = material(TEXTS)
    places = np.arange(len(TEXTS))
    readings = fit(seen, places, LABELS)
    theirs = LinearSVC(C=0.3, random_state=0).fit(csr_matrix(seen.pieces), LABELS)
    pieces, _ = readings.sums(seen, places)
    assert np.allclose(pieces[:, 1], theirs.decision_function(seen.pieces), atol=1e-4)
    assert np.allclose(seen.meaning[0], meaning([normalised(TEXTS[0])])[0], atol=1e-4)


def test_what_one_hand_wrote_is_held_back_together():
    hands = ["a", "b", "c", "d", "e", ""] * 3
    held = folds(material(TEXTS), LABELS, hands)
    assert sorted(place for fold in held for place in fold) == list(range(len(TEXTS)))
    for hand in "abcde":
        assert sum(any(hands[place] == hand for place in fold) for fold in held) == 1


def by(hand: str, codes: str) -> list[Row]:
    return [Row(text=f"{hand} {code}", code=code, right=frozenset({code}), condition="", grade=None, hand=hand) for code in codes]


def test_a_hand_that_wrote_of_few_types_is_not_held_back_whole():
    wide = [row for hand in "efghi" for row in by(hand, "ABCDE")]
    assert together([*by("n", "AB"), *wide]) == ["", "", *(row.hand for row in wide)]


def test_messages_that_tell_no_hand_are_held_back_beside_the_hands():
    assert together([*by("", "AB"), *by("m", "AB"), *by("n", "A")]) == ["", "", "m", "m", ""]


def test_few_hands_are_read_as_one():
    few = [row for hand in "abcdef"[: FOLDS - 1] for row in by(hand, "AB")]
    assert together(few) == [""] * len(few)


def test_every_hand_counts_alike_for_the_threshold_however_much_it_wrote():
    hands = ["many"] * 96 + ["few"] * 5
    real = np.array([False] * 100 + [True])
    danger = np.array([0.9] * 3 + [0.1] * 93 + [0.8] + [0.1] * 3 + [0.95], dtype=np.float32)
    threshold, found, alarms = from_alarms(danger, real, hands)
    assert threshold == pytest.approx(0.9)
    assert found == pytest.approx(1.0)
    assert alarms == pytest.approx(3 / 96 / 2)


def test_messages_that_tell_no_hand_count_by_their_number():
    weights = evenly(["", "", "a", "a", "a", "b"], np.array([True, True, True, True, True, False]))
    assert weights == pytest.approx([2 / 9, 2 / 9, 5 / 27, 5 / 27, 5 / 27, 0])


def test_a_folder_tells_who_wrote_a_message(tmp_path: Path):
    for hand in ("one", "two"):
        (tmp_path / f"{hand}.tsv").write_text("text\tcode\nhole\t01002\n", encoding="utf-8")
    assert [row.hand for row in read_rows(tmp_path)] == ["one", "two"]
    assert [row.hand for row in read_rows(tmp_path / "one.tsv")] == [""]


def test_one_kind_of_message_teaches_nothing():
    with pytest.raises(CannotDo, match="nothing to tell apart"):
        fit(material(TEXTS), np.arange(3), LABELS[:3])


def test_the_threshold_for_filing_keeps_its_precision():
    sureness = np.linspace(1, 0, 100, dtype=np.float32)
    right = np.arange(100) < 60
    threshold, precision, covered = from_precision(sureness, right)
    assert precision >= 0.95
    assert (sureness >= threshold).mean() == pytest.approx(covered)
    assert from_precision(sureness, np.zeros(100, dtype=bool))[0] > 1


def test_the_threshold_for_danger_allows_few_false_alarms():
    danger = np.r_[np.linspace(0, 0.5, 100), np.full(10, 0.9)].astype(np.float32)
    _, found, alarms = from_alarms(danger, np.arange(110) >= 100, [""] * 110)
    assert found == pytest.approx(1.0)
    assert alarms == pytest.approx(0.05, abs=0.01)


@pytest.mark.parametrize(("top1", "recall", "better"), [(0.8, 0.9, True), (0.7, 0.9, False), (0.8, 0.7, False)])
def test_better_is_more_types_right_and_no_less_danger_seen(top1: float, recall: float, better: bool):
    old = {"top1": 0.7, "emergency_recall": 0.9}
    assert Learned(b"", {"top1": top1, "emergency_recall": recall}, old).better is better


def test_what_is_written_is_what_is_read():
    heads = {
        name: Head(("a", "b"), *(np.full(shape, place, np.float32) for shape in ((3, 2), (512, 2), (2,))))
        for place, name in enumerate(HEADS)
    }
    near = Danger(np.full((2, 512), 7, np.float32), np.full(2, 8, np.float32), np.full(1, 9, np.float32), 1.5)
    told = dict.fromkeys(HEADS, ("a", "b"))
    facts = Facts(
        labels=told,
        automatic=1,
        report=0,
        emergency=1,
        words_weight=0,
        danger_weight=0,
        danger_width=1.5,
        danger_usual=(0, 0, 0, 0),
        default_weight=0,
        quality={},
        rows=0,
    )
    read = Predictor.load(write(facts, ["x", "y", "z"], np.ones(3, np.float32), heads, near, ["text"]))
    assert [float(read.heads[name].bias[0]) for name in HEADS] == [0, 1, 2, 3]
    assert (float(read.danger.vectors[0, 0]), float(read.danger.weights[0]), float(read.danger.bias[0])) == (7, 8, 9)
    assert read.facts == facts


def test_codes_and_answers_are_read_however_people_write_them(tmp_path: Path):
    told = tmp_path / "told.tsv"
    told.write_text(
        "text\tcode\talso_ok\tgrade\temergency\n"
        "a\t09005\t01001, 09011;x10401\tN\t0\n"
        "b\tnot_a_report\t\t\t\n"
        "c\tNone\t\t\tno\n"
        "d\tY05-02\t\tE\t\n"
        "e\t01037\t\tnormal\tyes\n",
        encoding="utf-8",
    )
    read = as_in(read_rows(told), load_city(city_folder("demo")))
    assert [row.code for row in read] == ["09001/05/06", "-", "-", "Y05-02", "01037"]
    assert read[0].right == {"09001/05/06", "01001", "09010/11", "X10401"}
    assert [row.emergency for row in read] == [False, False, False, True, True]
