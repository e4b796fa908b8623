from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao_etl.figures import extract
from baocao_etl.figures.phrase_finder import PhraseFinder
from baocao_etl.models import Document
from baocao_etl.repair.orthography import strip_diacritics
from baocao_etl.settings import Settings
from tests.pages import documents_of

SETTINGS = Settings()


def document_of(text: str, folder: Path) -> Document:
    (document,) = documents_of(text, folder, SETTINGS)
    return extract(document, SETTINGS)


def named(text: str, folder: Path, kind: str) -> list[str]:
    return [m.name for m in document_of(text, folder).mentions if m.kind == kind]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Sử dụng phần mềm TD-Office và TABMIS.", ["TDOffice", "TABMIS"]),
        ("Cài đặt TDOfice, Tabmls tại các xã.", ["TDOffice", "TABMIS"]),
        ("Tích hợp Cổng Dịch vụ công quốc gia.", ["Cổng Dịch vụ công quốc gia"]),
        ("Kết nối LGSP với trục liên thông văn bản quốc gia.", ["LGSP", "VDXP"]),
        ("Dùng QLVB&HSCV thống nhất.", ["QLVB&HSCV"]),
        ("Cung cấp dịch vụ công trực tuyến mức độ 3.", []),
        ("Con sóc nâu.", []),
        ("Buông lỏng quản lý đất đai; tổ chức hội nghị trực tuyến.", []),
        (
            "Cài phần mềm kế toán, quản lý đất đai.",
            ["Phần mềm kế toán", "Phần mềm quản lý đất đai"],
        ),
        ("Dùng TABMIS, quản lý hộ tịch.", ["TABMIS", "Phần mềm quản lý hộ tịch"]),
    ],
)
def test_systems(text: str, names: list[str], tmp_path: Path) -> None:
    assert named(text, tmp_path, "system") == names


def test_organisations_bear_their_place(tmp_path: Path) -> None:
    text = "Sở Nội vụ tỉnh Quảng Nam phối hợp với UBND huyện Can Lộc; UBND đã chỉ đạo."
    assert named(text, tmp_path, "organisation") == [
        "Sở Nội vụ tỉnh Quảng Nam",
        "UBND huyện Can Lộc",
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Phong trào do Phòng và Trưởng thôn phát động.", []),
        ("UBND tỉnh giao UBND xã, phường và các UBND.", ["UBND tỉnh"]),
        ("Ủy ban Kiểm tra Huyện ủy và Ban Tổ chức lễ hội.", ["Ủy ban Kiểm tra Huyện ủy"]),
        ("Chính phủ điện tử, Chính phủ số theo nghị quyết của Chính phủ.", ["Chính phủ"]),
        ("Chánh Văn phòng UBND tỉnh Lào Cai.", ["Văn phòng UBND tỉnh Lào Cai"]),
    ],
)
def test_organisations(text: str, names: list[str], tmp_path: Path) -> None:
    assert named(text, tmp_path, "organisation") == names


def test_a_person_is_no_place_and_tone_marks_may_stand_elsewhere(tmp_path: Path) -> None:
    text = "Làm theo đạo đức Hồ Chí Minh tại thành phố Hồ Chí Minh và tỉnh Hòa Bình."
    document = document_of(text, tmp_path)
    found = [(m.name, m.confidence) for m in document.mentions if m.kind == "place"]
    assert found == [("thành phố Hồ Chí Minh", 0.97), ("tỉnh Hoà Bình", 0.97)]


def test_places(tmp_path: Path) -> None:
    text = "Khảo sát tại huyện Can Lộc, TP Vinh và Thanh Hóa."
    assert named(text, tmp_path, "place") == ["huyện Can Lộc", "thành phố Vinh", "Thanh Hóa"]


def test_a_mention_keeps_its_words(tmp_path: Path) -> None:
    document = document_of("Sử dụng phần mềm TD Office tại xã.", tmp_path)
    (mention,) = document.mentions
    assert [word.text for word in document.words(mention.span)] == ["TD", "Office"]
    assert mention.raw_text == "TD Office"


def test_a_figure_is_about_the_place_that_its_clause_names(tmp_path: Path) -> None:
    document = document_of("Có 22 xã tại huyện Can Lộc; hỗ trợ 15 hộ nghèo.", tmp_path)
    first, second = document.figures
    assert first.place_code is not None
    assert second.place_code is None


@given(
    st.lists(st.sampled_from(["cổng", "dịch vụ công", "x", "một cửa", "-", "TABMIS"]), max_size=12)
)
def test_finds_do_not_overlap(parts: list[str]) -> None:
    finder = PhraseFinder([("cổng dịch vụ công", "A"), ("một cửa", "B"), ("TABMIS", "C")])
    text = " ".join(parts)
    found = list(finder.find(text, strip_diacritics(text)))
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert len([f for f in found if f.name == "C"]) == parts.count("TABMIS")


def test_cells_of_tables_mention_what_they_name(tmp_path: Path) -> None:
    table = "TT\tĐơn vị\tSố máy\n1\tHuyện Chi Lăng (Lạng Sơn)\t42\n2\tSở Nội vụ, dùng TABMIS\t17\n"
    text = f"BÁO CÁO\nKết quả năm 2021\n\nI. KẾT QUẢ\n\n{table}\nCòn 3 máy hỏng.\n"
    assert named(text, tmp_path, "system") == ["TABMIS"]
    assert "Sở Nội vụ" in named(text, tmp_path, "organisation")
    assert "Chi Lăng" in " ".join(named(text, tmp_path, "place"))
