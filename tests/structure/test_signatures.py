from __future__ import annotations

from pathlib import Path

import pytest

from baocao_etl.settings import Settings
from tests.pages import documents_of

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
