from __future__ import annotations

from pathlib import Path

import pytest

from baocao_etl.settings import Settings
from baocao_etl.structure import segment
from tests.pages import documents_of, pages_of, text_source

BODY = "BÁO CÁO\nKết quả\n\nI. KẾT QUẢ\n\nTốt./.\n\n"


@pytest.mark.parametrize(
    ("tail", "title", "signer"),
    [
        ("KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n\nNguyễn Văn An", "KT. CHỦ TỊCH PHÓ CHỦ TỊCH", "Nguyễn Văn An"),
        ("GIÁM ĐỐC\n\nTrần Thị Bình", "GIÁM ĐỐC", "Trần Thị Bình"),
        ("TL. CHỦ TỊCH\nKT. CHÁNH VĂN PHÒNG\nPHÓ CHÁNH VĂN PHÒNG\nLê Văn Cường",
         "TL. CHỦ TỊCH KT. CHÁNH VĂN PHÒNG PHÓ CHÁNH VĂN PHÒNG", "Lê Văn Cường"),
        ("- VPUB: CVP, PCVP;\nTM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH XS CV\nTrần Ngọc Dũng",
         "TM. ỦY BAN NHÂN DÂN CHỦ TỊCH", "Trần Ngọc Dũng"),
        ("- Lưu: VT. KT. GIÁM ĐỐC\n- Sở Y tế; PHÓ GIÁM ĐỐC\n- Thanh tra. Lê Văn Em",
         "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC", "Lê Văn Em"),
        ("TRƯỞNG BAN\nPHÓ CHỦ TỊCH UBND HUYỆN\nXa Văn Giang",
         "TRƯỞNG BAN PHÓ CHỦ TỊCH UBND HUYỆN", "Xa Văn Giang"),
        ("KT. TRƯỞNG CÔNG AN HUYỆN\nPHÓ TRƯỞNG CÔNG AN HUYỆN\nThượng tá Ngô Văn Hùng",
         "KT. TRƯỞNG CÔNG AN HUYỆN PHÓ TRƯỞNG CÔNG AN HUYỆN", "Ngô Văn Hùng"),
        ("T/M BAN THƯỜNG VỤ\nPHÓ BÍ THƯ THƯỜNG TRỰC\nGiáp Văn Ích",
         "T/M BAN THƯỜNG VỤ PHÓ BÍ THƯ THƯỜNG TRỰC", "Giáp Văn Ích"),
        ("TM. NBAN NHÂN DÂN\nCHỦ TỊCH\nHà Thị Thu Khánh.", "TM. ỦY BAN NHÂN DÂN CHỦ TỊCH",
         "Hà Thị Thu Khánh"),
        ("TM. BAN PHÁP CHẾ\nTi) ỞNG BAN\nSùng Minh Long", "TM. BAN PHÁP CHẾ TRƯỞNG BAN",
         "Sùng Minh Long"),
        ("KT. TRƯỞNG BAN\nPH ỞNG BAN\n[hượng tá Ngô Văn Hùng", "KT. TRƯỞNG BAN PHÓ TRƯỞNG BAN",
         "Ngô Văn Hùng"),
        ("GIÁM ĐỐC\nog từ Ngô Hữu Mạnh", "GIÁM ĐỐC", "Ngô Hữu Mạnh"),
        ("GIÁM ĐỐC\nxa Đức Nam", "GIÁM ĐỐC", "Xa Đức Nam"),
    ],
)  # fmt: skip
def test_the_signer_stands_under_authority_and_office(
    tmp_path: Path, tail: str, title: str, signer: str
) -> None:
    text = f"{BODY}Nơi nhận:\n- UBND tỉnh;\n- Lưu: VT.\n\n{tail}\n"
    (document,) = documents_of(text, tmp_path, Settings())
    head = document.letterhead
    assert (head.signer_title, head.signer) == (title, signer)
    assert head.recipients[:2] == ("UBND tỉnh", "Lưu: VT")


def test_an_authority_stands_as_it_was_read_where_repair_made_a_word_of_it(
    tmp_path: Path,
) -> None:
    settings = Settings()
    source = text_source(f"{BODY}Nơi nhận:\n- Lưu: VT.\n\nKT. GIÁM ĐỐC\nLê Văn An\n", tmp_path)
    (page,) = pages_of(source, settings)
    words = tuple(w._replace(text="KẾT.") if w.raw == "KT." else w for w in page.words)
    (document,) = segment(source, [page.model_copy(update={"words": words})], settings)
    assert document.letterhead.signer_title == "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC"


def test_an_office_that_is_inferred_says_so(tmp_path: Path) -> None:
    text = f"{BODY}Nơi nhận:\n- Lưu: VT.\n\nTM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\n\nLê Văn Cường\n"
    (document,) = documents_of(text, tmp_path, Settings())
    head = document.letterhead
    assert head.signer_title == "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH"
    assert "signer_title" in head.evidence


def test_who_signs_for_the_head_is_not_the_head(tmp_path: Path) -> None:
    text = f"{BODY}Nơi nhận:\n- Lưu: VT.\n\nKT. GIÁM ĐỐC\nGIÁM ĐỐC\n\nLê Văn Cường\n"
    (document,) = documents_of(text, tmp_path, Settings())
    head = document.letterhead
    assert head.signer_title == "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC"  # a seal hid the "Phó"
    assert "signer_title" in head.evidence


def test_the_archive_line_shows_the_recipients_where_their_heading_is_lost(tmp_path: Path) -> None:
    text = f"{BODY}Nui tlhn:\n- Sở Y tế;\n- Lwu: VT.\n\nTRƯỞNG BAN\n\nLê Văn Cường\n"
    (document,) = documents_of(text, tmp_path, Settings(repair=False))
    head = document.letterhead
    assert (head.signer_title, head.signer) == ("TRƯỞNG BAN", "Lê Văn Cường")
    assert head.recipients == ("Sở Y tế", "Lwu: VT")


def test_the_authority_as_it_was_read_opens_the_tail(tmp_path: Path) -> None:
    text = f"{BODY.replace('./.', '.')}T/M ỦY BAN KIỂM TRA\nCHỦ NHIỆM\n\nLê Văn Cường\n"
    source = text_source(text, tmp_path)
    (page,) = pages_of(source, Settings())
    words = tuple(w._replace(text="TƯ/M") if w.raw == "T/M" else w for w in page.words)
    (document,) = segment(source, [page.model_copy(update={"words": words})], Settings())
    head = document.letterhead
    assert (head.signer_title, head.signer) == ("T/M ỦY BAN KIỂM TRA CHỦ NHIỆM", "Lê Văn Cường")


def test_what_a_seal_left_of_the_post_is_no_name(tmp_path: Path) -> None:
    text = f"{BODY}Nơi nhận:\n- Lưu: VT.\n\nKT. CỤC TRƯỞNG\nX BÀN TRƯỞNG\n"
    (document,) = documents_of(text, tmp_path, Settings())
    assert document.letterhead.signer is None


def test_a_name_without_its_surname_is_no_name(tmp_path: Path) -> None:
    text = f"{BODY}Nơi nhận:\n- Lưu: VT.\n\nCHỦ TỊCH\nHoài Nam\n"
    (document,) = documents_of(text, tmp_path, Settings())
    assert document.letterhead.signer is None
