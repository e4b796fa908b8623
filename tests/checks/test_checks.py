from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from baocao_etl.checks import CHECKS, check, table_of_checks
from baocao_etl.figures import extract
from tests.checks.support import SETTINGS, extracted, findings_in, told
from tests.pages import documents_of

DOCS = Path(__file__).resolve().parents[2] / "docs" / "checks.md"


@pytest.mark.parametrize(
    ("text", "rule", "message"),
    [
        (
            "Toàn tỉnh có 2.450 DVC, trong đó cấp tỉnh 1.830 DVC, cấp huyện 620 DVC.",
            "sum", "1830 + 620 = 2450 dịch vụ công.",
        ),
        (
            ("Có 2450 DVC mức độ 3 và 41 DVC mức độ 4. Trong đó, cấp tỉnh có 1830 DVC mức độ 3; "
            "12 DVC mức độ 4. Cấp huyện có 620 DVC mức độ 3; 29 DVC mức độ 4."),
            "sum", "12 + 29 = 41 dịch vụ công.",
        ),
        (
            "Đã ban hành 17 văn bản, gồm 06 nghị quyết và 11 quyết định.",
            "sum", "6 + 11 = 17 văn bản.",
        ),
        (
            ("Tiếp nhận 4.120 hồ sơ, giải quyết đúng hạn 3.980 hồ sơ, quá hạn 35 hồ sơ, đang giải quyết "
            "105 hồ sơ."),
            "sum", "3980 + 35 + 105 = 4120 hồ sơ.",
        ),
        (
            ("Kinh phí thực hiện là 5.300 triệu đồng, trong đó:\n\n- Ngân sách tỉnh: 3.100 triệu đồng.\n"
            "- Ngân sách huyện: 1.900 triệu đồng.\n- Nguồn khác: 300 triệu đồng."),
            "list_sum", "3100000000 + 1900000000 + 300000000 = 5300000000 VND.",
        ),
        (
            "Tiếp nhận 4.120 hồ sơ, giải quyết đúng hạn 3.980 hồ sơ, đạt tỷ lệ 96,6%.",
            "percent_of", "3980 / 4120 = 96.6 %.",
        ),
        ("Có 17/25 xã đạt chuẩn, chiếm 68%.", "ratio_percent", "17/25 = 68 %."),
        ("Đạt 100% (25/25 xã).", "full_ratio", "25/25 = 100 %."),
        ("Nộp 03 (ba) bộ hồ sơ.", "digits_and_words", "3 is what the words say (ba)."),
        (
            "Lệ phí 6.500 (sáu nghìn năm trăm) đồng/hồ sơ.",
            "digits_and_words", "6500 is what the words say (sáu nghìn năm trăm).",
        ),
        (
            "Chỉ số đạt 7,31 điểm, tăng 0,18 điểm (năm 2020: 7,13 điểm).",
            "difference", "7.13 + 0.18 = 7.31 điểm.",
        ),
        (
            "Còn 640 đơn vị, giảm 58 đơn vị so với năm 2017 (698 đơn vị).",
            "difference", "698 - 58 = 640 đơn vị.",
        ),
        (
            "Đã cấp 3.450 giấy phép, tăng 15% so với năm 2018 (3.000 giấy phép).",
            "relative_change", "From 3000 to 3450 is up 15 %.",
        ),
        (
            "Chỉ số PCI chuyển từ vị trí 41 năm 2017 lên vị trí 29 (tăng 12 bậc).",
            "rank_change", "From rank 41 to 29 is 12 bậc.",
        ),
        (
            "Chỉ số CCHC xếp vị trí thứ 58, tăng 11 bậc so với năm 2014 (2014: 69).",
            "rank_change", "From rank 69 to 58 is 11 bậc.",
        ),
        (
            "Đã cấp 2.550 giấy phép, giảm 15% so với năm 2018 (3.000 giấy phép).",
            "relative_change", "From 3000 to 2550 is down 15 %.",
        ),
        (
            "Năm 2017 có 1.359 đơn vị. Năm 2018 có 1.312 đơn vị, giảm 47 đơn vị.",
            "difference", "1359 - 47 = 1312 đơn vị.",
        ),
        ("Đạt tỷ lệ 68,5%, tương ứng 137 hồ sơ trên tổng số 200 hồ sơ.", "percent_of", "137 / 200 = 68.5 %."),
        ("Tiếp nhận 200 hồ sơ. Đạt 68,5%, tương ứng 137 hồ sơ.", "percent_of", "137 / 200 = 68.5 %."),
        ("Có 137 hồ sơ, chiếm 68,5% trên tổng số 200 hồ sơ.", "percent_of", "137 / 200 = 68.5 %."),
        ("Đã lấy mẫu 04 đợt tại 62 điểm với 248 mẫu nước.", "product", "4 * 62 = 248 mẫu."),
        (
            "Cấp tỉnh 1.830 DVC, cấp huyện 620 DVC, tổng cộng 2.450 DVC.",
            "sum", "1830 + 620 = 2450 dịch vụ công.",
        ),
        (
            ("1. Cấp huyện\n\nCó 1.206 hồ sơ.\n\n2. Cấp xã\n\nCó 2.811 hồ sơ.\n\n"
            "Tổng số 4.017 hồ sơ."),
            "list_sum", "1206 + 2811 = 4017 hồ sơ.",
        ),
        (
            ("Có 13 bãi chôn lấp, trong đó 04 bãi hợp vệ sinh.\n\n"
            "Còn 09 bãi không hợp vệ sinh cần xử lý."),
            "complement", "4 + 9 = 13 bãi chôn lấp.",
        ),
        (
            ("Thu sai quy định 318,4 triệu đồng; đã hoàn trả 250 triệu đồng. Số tiền còn lại là 68,4 triệu "
            "đồng."),
            "remainder", "318400000 - 250000000 = 68400000 VND.",
        ),
        (
            "Hỗ trợ 140.000 đồng/học sinh cho 1.250 học sinh, tổng số tiền 175 triệu đồng.",
            "product", "140000 * 1250 = 175000000 VND.",
        ),
        (
            "Kinh phí là 4.652.000.000đ (Bốn tỷ sáu trăm năm hai triệu đồng).",
            "digits_and_words",
            "4652000000 is what the words say (Bốn tỷ sáu trăm năm hai triệu đồng).",
        ),
    ],
)  # fmt: skip
def test_arithmetic_that_holds(text: str, rule: str, message: str, tmp_path: Path) -> None:
    assert (rule, message) in told(text, tmp_path, "holds")
    assert told(text, tmp_path, "fails") == []


@pytest.mark.parametrize(
    ("text", "rule", "proposal"),
    [
        (
            "Tiếp nhận 94 đơn và 118 hồ sơ; đã giải quyết 103 hồ sơ, đạt tỷ lệ 37,3%.",
            "percent_of", "37.3 may be a misread 87.3 (3 for 8)",
        ),
        (
            ("Tiếp nhận 9.420 hồ sơ; đã giải quyết 8.105 hồ sơ, trong đó đúng hạn 8.057 hồ sơ, quá hạn "
            "54 hồ sơ; đang giải quyết 15 hồ sơ."),
            "sum", "8057 may be a misread 8051 (7 for 1)",
        ),
        (
            "Chi 2.318 triệu đồng, trong đó: tỉnh 1.120 triệu đồng; huyện 948 triệu đồng; xã 750 triệu đồng.",
            "sum", "750000000 may be a misread 250000000 (7 for 2)",
        ),
        ("Hoàn thành 17/24 nhiệm vụ, đạt 70,3%.", "ratio_percent", "70.3 may be a misread 70.8 (3 for 8)"),
        (
            "Toàn tỉnh có 2.450 DVC, trong đó cấp tỉnh 1.330 DVC, cấp huyện 620 DVC.",
            "sum", "1330 may be a misread 1830 (3 for 8)",
        ),
        (
            "Kinh phí là 1.850.000.000 đồng (Một tỷ ba trăm năm mươi triệu đồng).",
            "digits_and_words", "1850000000 may be a misread 1350000000 (8 for 3)",
        ),
        (
            "Tiếp nhận 4.120 hồ sơ, trong đó đúng hạn 3.930 hồ sơ, chiếm 96,6%.",
            "percent_of", "3930 may be a misread 3980 (3 for 8)",
        ),
        ("Có 11/25 xã đạt chuẩn, chiếm 68%.", "ratio_percent", "11 may be a misread 17 (1 for 7)"),
        (
            "Chỉ số đạt 1,31 điểm, tăng 0,18 điểm (năm 2020: 7,13 điểm).",
            "difference", "1.31 may be a misread 7.31 (1 for 7)",
        ),
        (
            "Chỉ số PCI chuyển từ vị trí 47 năm 2017 lên vị trí 29 (tăng 12 bậc).",
            "rank_change", "47 may be a misread 41 (7 for 1)",
        ),
        (
            "Chỉ số PCI từ vị trí 33 lên vị trí 23, tăng 16 bậc.",
            "rank_change", "16 may be a misread 10 (6 for 0)",
        ),
        ("Có 492% hồ sơ nộp trực tuyến.", "percent_over_100", "492 may be a misread 49.2 or 4.92"),
        ("Có 9552% hồ sơ nộp trực tuyến.", "percent_over_100", "9552 may be a misread 95.52 (lost"),
    ],
)  # fmt: skip
def test_one_misread_digit_is_told_and_the_value_proposed(
    text: str, rule: str, proposal: str, tmp_path: Path
) -> None:
    document = extracted(text, tmp_path)
    checked = check(document)
    failing = [f for f in checked.findings if f.verdict == "fails"]
    assert any(f.rule == rule and proposal in f.message for f in failing)
    # Proposed, never applied.
    assert [f.value for f in checked.figures] == [f.value for f in document.figures]


@pytest.mark.parametrize(
    "text",
    [
        # parts that are not the whole
        "Toàn tỉnh có 2.450 DVC, trong đó cấp tỉnh 1.512 DVC, cấp huyện 207 DVC.",
        "Tổng số giáo viên là 1.385 người, trong đó đạt chuẩn trở lên là 1.233 người.",
        # a percent of something else
        "Doanh thu đạt 2.965 tỷ đồng, bằng 94% kế hoạch năm.",
        "Có 45/73 trường của tỉnh có tỷ lệ tốt nghiệp đạt 97%.",
        "Đã giải quyết 3.980 hồ sơ, tăng 12% so với cùng kỳ.",
        # over 100, rightly
        "Khối lượng đào đắp đạt 107% kế hoạch.",
        "Số hồ sơ tăng 132% so với năm 2018.",
        # rates and ages do not add up
        "Mức thu là 4.000 đồng/lít, trong đó xăng 3.000 đồng/lít, dầu 2.400 đồng/lít.",
        # about so many
        "Có khoảng 2.500 người, gồm 1.830 nam và 620 nữ.",
        # changes without the value before
        "Cấp 246 chữ ký số, tăng 58 chữ ký số so với năm 2019.",
    ],
)
def test_what_proves_nothing_is_not_told_as_wrong(text: str, tmp_path: Path) -> None:
    assert told(text, tmp_path, "fails") == []


def test_a_ratio_that_is_not_whole_is_not_100_percent(tmp_path: Path) -> None:
    assert told("Đạt 100% (21/25 xã).", tmp_path, "fails") == [
        ("full_ratio", "21/25 is not 100 %.")
    ]


def test_a_share_over_100_that_no_lost_mark_explains_is_noted(tmp_path: Path) -> None:
    assert told("Có 140% hồ sơ nộp trực tuyến.", tmp_path, "note") == [
        ("percent_over_100", "140 % is over 100 and no growth or comparison is told.")
    ]


def test_a_sum_of_rounded_amounts_may_be_off_by_one(tmp_path: Path) -> None:
    text = (
        "Tổng chi 258.758 triệu đồng, gồm chi đầu tư 205.050 triệu đồng, chi khác 53.{} triệu đồng."
    )
    ((rule, message),) = told(text.format("709"), tmp_path, "note")
    assert rule == "sum"
    assert message.endswith("not 258758000000 VND; the parts may be rounded.")
    assert told(text.format("108"), tmp_path, "fails")


def test_notes_change_no_confidence(tmp_path: Path) -> None:
    text = "Tổng chi 258.758 triệu đồng, gồm chi đầu tư 205.050 triệu đồng, chi khác 53.709 triệu đồng."
    document = extracted(text, tmp_path)
    assert check(document).figures == document.figures


def test_one_figure_told_with_a_misread_digit(tmp_path: Path) -> None:
    text = "I. KẾT QUẢ\n\nTiếp nhận 7.{}8 hồ sơ.\n\nII. ĐÁNH GIÁ\n\nĐã tiếp nhận 7.318 hồ sơ.\n"
    ((rule, message),) = told(text.format("81"), tmp_path, "fails")
    assert rule == "told_twice"
    assert "7818 may be a misread 7318 (8 for 3)" in message
    assert not told(text.format("95"), tmp_path, "fails")


def test_what_holds_raises_confidence_and_what_fails_lowers_it(tmp_path: Path) -> None:
    def confidences(text: str) -> tuple[list[float], list[float]]:
        document = extracted(text, tmp_path)
        return [f.confidence for f in document.figures], [
            f.confidence for f in check(document).figures
        ]

    before, after = confidences("Có 2.450 DVC, trong đó cấp tỉnh 1.830 DVC, cấp huyện 620 DVC.")
    assert all(b < a < 1 for b, a in zip(before, after, strict=True))
    before, after = confidences("Có 2.450 DVC, trong đó cấp tỉnh 1.330 DVC, cấp huyện 620 DVC.")
    assert all(a < b for b, a in zip(before, after, strict=True))


def test_the_same_figure_told_twice_holds(tmp_path: Path) -> None:
    text = "I. KẾT QUẢ\n\nCó 262 xã tham gia.\n\nII. NHIỆM VỤ\n\nTriển khai tại 262 xã.\n"
    assert ("told_twice", "262 xã is told in sections I, II.") in told(text, tmp_path, "holds")


def test_a_gap_in_the_numbering_is_noted(tmp_path: Path) -> None:
    text = "I. KẾT QUẢ\n\nTốt.\n\nIII. KIẾN NGHỊ\n\nKhông.\n"
    (found,) = findings_in(text, tmp_path)
    assert (found.rule, found.verdict, found.figure_ids) == ("numbering_gap", "note", ())


def test_a_page_that_was_not_read_fails(tmp_path: Path) -> None:
    document = extracted("Có 12 xã.", tmp_path)
    page = document.pages[0].model_copy(update={"error": "OCR took too long"})
    checked = check(document.model_copy(update={"pages": (page,), "sections": (), "figures": ()}))
    assert [(f.rule, f.message) for f in checked.findings] == [
        ("page_failed", "Page 1 could not be read: OCR took too long.")
    ]


def test_periods_are_held_against_the_date(tmp_path: Path) -> None:
    document = extracted("Có 120 xã.", tmp_path)
    letterhead = document.letterhead.model_copy(
        update={"issued_on": date.fromisoformat("2019-06-10")}
    )
    figures = tuple(
        f.model_copy(
            update={
                "period_from": date.fromisoformat("2081-01-01"),
                "period_to": date.fromisoformat("2081-12-31"),
            }
        )
        for f in document.figures
    )
    (found,) = check(
        document.model_copy(update={"letterhead": letterhead, "figures": figures})
    ).findings
    assert (found.rule, found.verdict) == ("period", "fails")


def test_every_rule_is_documented_and_named_once() -> None:
    names = [rule.rule for rule in CHECKS]
    assert len(set(names)) == len(names)
    assert all(rule.__doc__ and rule.example for rule in CHECKS)


def test_the_table_of_checks_is_up_to_date() -> None:
    assert table_of_checks() in DOCS.read_text(encoding="utf-8"), "run python -m baocao_etl.checks"


def test_a_sum_of_decimals_is_exact(tmp_path: Path) -> None:
    held = told("Dài 360,6 km, gồm 42,6 km kênh chính và 318 km kênh nhánh.", tmp_path, "holds")
    assert held == [("sum", "42.6 + 318 = 360.6 km.")]


SOUP = st.lists(
    st.sampled_from(
        ["12", "3.338", "610", "1385", "1.995", "93%", "100%", "492%", "14/14", "20/27", "xã", "hồ sơ",
         "DVC", "triệu đồng", "(", ")", ",", ";", ":", ".", "trong đó", "gồm", "tổng", "chiếm", "đạt",
         "tăng", "giảm", "so với năm 2018", "còn lại", "vị trí", "bậc", "điểm", "0", "0,0", "\n\n- ",
         "\n\nI. A\n\n", "\n\nIII. B\n\n", "1\tA\t2\t3\n", "\tTổng cộng\t5\t6\n", "(Hai triệu đồng)"]
    ),
    max_size=40,
)  # fmt: skip


@hypothesis_settings(max_examples=150)
@given(SOUP)
def test_checks_survive_any_text_and_change_no_value(tmp_path: Path, words: list[str]) -> None:
    for document in documents_of(" ".join(words) + " x", tmp_path, SETTINGS):
        before = extract(document, SETTINGS)
        after = check(before)
        known = {figure.figure_id for figure in before.figures}
        assert all(set(found.figure_ids) <= known for found in after.findings)
        assert all(0 <= figure.confidence <= 1 for figure in after.figures)
        assert [f.model_copy(update={"confidence": 0}) for f in after.figures] == [
            f.model_copy(update={"confidence": 0}) for f in before.figures
        ]
