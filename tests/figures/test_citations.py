"""Citations: what other documents a report refers to."""

from __future__ import annotations

from pathlib import Path

import pytest

from baocao_etl.figures import extract
from baocao_etl.models import Citation
from baocao_etl.settings import Settings
from tests.pages import documents_of


def cited(text: str, folder: Path) -> tuple[Citation, ...]:
    (document,) = documents_of(text, folder, Settings())
    return extract(document, Settings()).citations


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Theo Nghị định số 43/2011/NĐ-CP ngày 13/6/2011 của Chính phủ về công khai.",
            ("NĐ", "43/2011", "NĐ-CP", "Chính phủ", "2011-06-13", None),
        ),
        (
            "Thông tư số 32/2017/TT-BTTTT ngày 15/11/2017 của Bộ trưởng Bộ Thông tin và Truyền thông.",
            ("TT", "32/2017", "TT-BTTTT", "Bộ trưởng Bộ Thông tin và Truyền thông", "2017-11-15", None),
        ),
        (
            "Quyết định số 28/2018/QĐ-TTg ngày 12 tháng 7 năm 2018 của Thủ tướng Chính phủ Về việc gửi.",
            ("QĐ", "28/2018", "QĐ-TTg", "Thủ tướng Chính phủ", "2018-07-12", None),
        ),
        (
            "Nghị quyết số 12/NQ-HĐND của Hội đồng nhân dân tỉnh Hà Giang về ngân sách.",
            ("NQ", "12", "NQ-HĐND", "Hội đồng nhân dân tỉnh Hà Giang", None, None),
        ),
        (
            "Quy định tại điểm c khoản 2 Mục II Kế hoạch số 11/KH-UBND.",
            ("KH", "11", "KH-UBND", None, None, "điểm c khoản 2 Mục II"),
        ),
        (
            "Thực hiện khoản 2 Điều 28 Luật Công nghệ thông tin.",
            ("L", None, None, None, None, "khoản 2 Điều 28"),
        ),
        (
            "Căn cứ Luật Ngân sách nhà nước ngày 16 tháng 12 năm 2002;",
            ("L", None, None, None, "2002-12-16", None),
        ),
        (
            "Thực hiện Nghị quyết số 26-NQ/TW ngày 19/5/2018 của Ban Chấp hành Trung ương.",
            ("NQ", "26", "NQ/TW", "Ban Chấp hành Trung ương", "2018-05-19", None),
        ),
        (
            "Theo Công văn số 2 317/SNV-CCHC của Sở Nội vụ.",
            (None, "2317", "SNV-CCHC", "Sở Nội vụ", None, None),
        ),
        (
            "Căn cứ Quyết định số 31/2019/Qb-UBND của UBND tỉnh về phân cấp quản lý.",
            ("QĐ", "31/2019", "QĐ-UBND", "UBND tỉnh", None, None),
        ),
        (
            "Nghị quyết số 54/2017/QH14 của Quốc hội cho phép thí điểm.",
            ("NQ", "54/2017", "QH14", "Quốc hội", None, None),
        ),
        (
            "Xem Thông báo kết luận số 88/TB-VP của Văn phòng UBND tỉnh Lào Cai.",
            ("TB", "88", "TB-VP", "Văn phòng UBND tỉnh Lào Cai", None, None),
        ),
        (
            "Theo Nghị quyết số 05/NQ-HĐND của HĐND huyện đi vào nề nếp.",
            ("NQ", "05", "NQ-HĐND", "HĐND huyện", None, None),
        ),
        (
            "Giao theo Kế hoạch số 17/KH-STC của Sở TC&KH.",
            ("KH", "17", "KH-STC", "Sở TC&KH", None, None),
        ),
        ("Thi hành Luật Bảo vệ môi trường 2020.", ("L", None, None, None, None, None)),
        (
            "Căn cứ Luật sửa đổi, bổ sung một số điều của Luật Thú y và Luật Thủy sản ngày 09/3/2021;",
            ("L", None, None, None, "2021-03-09", None),
        ),
        (
            "Kiểm điểm theo khoản 3 Điều 10 Điều lệ Đảng.",
            (None, None, None, None, None, "khoản 3 Điều 10"),
        ),
    ],
)  # fmt: skip
def test_citations(sentence: str, expected: tuple[str | None, ...], tmp_path: Path) -> None:
    (found,) = cited(f"I. KẾT QUẢ\n{sentence}\n", tmp_path)
    day = found.issued_on and str(found.issued_on)
    assert (
        found.doc_type, found.number, found.symbol, found.issuer, day, found.clause
    ) == expected  # fmt: skip


def test_a_law_that_is_only_named_is_no_citation(tmp_path: Path) -> None:
    assert cited("Thi hành Luật Đất đai trên địa bàn.", tmp_path) == ()


def test_words_behind_the_issuer_are_none_of_it(tmp_path: Path) -> None:
    text = (
        "Thực hiện Quyết định số 77/QĐ-BNV ngày 05/01/2021 của Bộ Nội vụ và Kế hoạch số 9/KH-SNV"
        " của Sở Nội vụ, Phòng báo cáo như sau."
    )
    assert [c.raw_text for c in cited(text, tmp_path)] == [
        "Quyết định số 77/QĐ-BNV ngày 05/01/2021 của Bộ Nội vụ",
        "Kế hoạch số 9/KH-SNV của Sở Nội vụ,",
    ]


def test_a_law_keeps_its_name(tmp_path: Path) -> None:
    (found,) = cited("Căn cứ Luật Bảo vệ môi trường năm 2020, Sở báo cáo.", tmp_path)
    assert found.text == "Luật Bảo vệ môi trường năm 2020"


def test_documents_in_a_list_share_their_type(tmp_path: Path) -> None:
    found = cited("Các Quyết định số 3/QĐ-UBND, 4/QĐ-UBND và số 18/UBND-NV đã ban hành.", tmp_path)
    assert [(c.doc_type, c.number, c.symbol) for c in found] == [
        ("QĐ", "3", "QĐ-UBND"),
        ("QĐ", "4", "QĐ-UBND"),
        (None, "18", "UBND-NV"),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Tuyên truyền phổ biến pháp luật Việt Nam năm 2020.",
        "Xử lý kỷ luật Đảng năm 2021.",
        "Có 3/10 sở, 24/24h trực và 12/UBND xã.",
    ],
)
def test_no_citations(sentence: str, tmp_path: Path) -> None:
    assert cited(sentence, tmp_path) == ()


def test_the_subject_may_cite_and_a_document_does_not_cite_itself(tmp_path: Path) -> None:
    text = """UBND TỈNH SƠN LA    CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
SỞ NỘI VỤ    Độc lập - Tự do - Hạnh phúc
Số: 44/BC-SNV - Sơn La, ngày 04 tháng 3 năm 2020
BÁO CÁO
Kết quả thực hiện Nghị quyết số 30c/NQ-CP
của Chính phủ về cải cách hành chính
I. KẾT QUẢ
Số liệu kèm theo Báo cáo số 44/BC-SNV ngày 04/3/2020.
"""
    (found,) = cited(text, tmp_path)
    assert (found.number, found.symbol, found.issuer) == ("30c", "NQ-CP", "Chính phủ")
