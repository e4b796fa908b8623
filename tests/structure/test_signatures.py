from __future__ import annotations

from pathlib import Path

import pytest

from baocao_etl.settings import Settings
from tests.pages import documents_of

BODY = "BÁO CÁO\nKết quả\n\nI. KẾT QUẢ\n\nTốt./.\n\n"


@pytest.mark.parametrize(
    ("tail", "title", "signer"),
    [
        ("KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n\nNguyễn Văn An", "Phó Chủ tịch", "Nguyễn Văn An"),
        ("GIÁM ĐỐC\n\nTrần Thị Bình", "Giám đốc", "Trần Thị Bình"),
        ("TL. CHỦ TỊCH\nKT. CHÁNH VĂN PHÒNG\nPHÓ CHÁNH VĂN PHÒNG\nLê Văn Cường",
         "Phó Chánh Văn phòng", "Lê Văn Cường"),
        ("- VPUB: CVP, PCVP;\nTM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH XS CV\nTrần Ngọc Dũng",
         "Chủ tịch", "Trần Ngọc Dũng"),
        ("- Lưu: VT. KT. GIÁM ĐỐC\n- Sở Y tế; PHÓ GIÁM ĐỐC\n- Thanh tra. Lê Văn Em",
         "Phó Giám đốc", "Lê Văn Em"),
        ("TRƯỞNG BAN\nPHÓ CHỦ TỊCH UBND HUYỆN\nXa Văn Giang",
         "Trưởng ban", "Xa Văn Giang"),
        ("KT. TRƯỞNG CÔNG AN HUYỆN\nPHÓ TRƯỞNG CÔNG AN HUYỆN\nThượng tá Ngô Văn Hùng",
         "Phó Trưởng Công an huyện", "Ngô Văn Hùng"),
        ("T/M BAN THƯỜNG VỤ\nPHÓ BÍ THƯ THƯỜNG TRỰC\nGiáp Văn Ích",
         "Phó Bí thư Thường trực", "Giáp Văn Ích"),
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


def test_an_office_that_is_inferred_says_so(tmp_path: Path) -> None:
    text = f"{BODY}Nơi nhận:\n- Lưu: VT.\n\nTM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\n\nLê Văn Cường\n"
    (document,) = documents_of(text, tmp_path, Settings())
    head = document.letterhead
    assert head.signer_title == "Phó Chủ tịch"
    assert head.signer_authority == "TM. ỦY BAN NHÂN DÂN, KT. CHỦ TỊCH"
    assert "signer_title" in head.evidence
