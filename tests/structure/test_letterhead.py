from __future__ import annotations

import random
import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from baocao_etl.evaluation import Expected, Outcome
from baocao_etl.models import Document, Letterhead
from baocao_etl.pipeline import digitise_page
from baocao_etl.reading import identify, page_count
from baocao_etl.settings import Settings
from baocao_etl.structure import segment
from tests.pages import documents_of
from tests.structure.expected import scored, shared_letterheads

HEAD = """\
{issuer}    CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

Số: {number}/{symbol}

{place}, ngày {day} tháng {month} năm {year}

{title}

Thực hiện Công văn số 12/UBND-TH ngày 05/01/{year} của Ủy ban nhân dân tỉnh:

1. Kết quả

Đã tiếp nhận 12 hồ sơ.
"""
VALUES = {"issuer": "UBND TỈNH PHÚ YÊN\nSỞ NỘI VỤ", "number": "123", "symbol": "BC-SNV",
          "place": "Phú Yên", "day": "05", "month": "7", "year": "2021",
          "title": "BÁO CÁO\nKết quả cải cách hành chính"}  # fmt: skip


def head_of(folder: Path, name: str = "report.txt", behind: str = "", **changes: str) -> Letterhead:
    text = HEAD.format(**{**VALUES, **changes}) + behind
    from tests.pages import pages_of, text_source

    source = text_source(text, folder, name)
    return segment(source, pages_of(source, Settings()), Settings())[0].letterhead


@pytest.mark.parametrize(
    ("printed", "issuer"),
    [
        ("UBND TỈNH PHÚ YÊN\nSỞ NỘI VỤ", "Sở Nội vụ tỉnh Phú Yên"),
        ("ỦY BAN NHÂN DÂN\nTỈNH HÀ TĨNH", "Ủy ban nhân dân tỉnh Hà Tĩnh"),
        ("UBND TỈNH PHÚ THỌ\nVĂN PHÒNG", "Văn phòng UBND tỉnh Phú Thọ"),
        ("UBND THÀNH PHÓ ĐÀ NẴNG\nSỞ Y TẾ", "Sở Y tế thành phố Đà Nẵng"),
        ("UBND HUYỆN ĐÔNG SƠN\nPHÒNG TÀI CHÍNH - KẾ HOẠCH",
         "Phòng Tài chính - Kế hoạch huyện Đông Sơn"),
        ("UBND TỈNH LÀO CAI\nSỞ VĂN HÓA, THỂ THAO\nVÀ DU LỊCH",
         "Sở Văn hóa, Thể thao và Du lịch tỉnh Lào Cai"),
        ("HỘI ĐỒNG NHÂN DÂN\nTHỊ XÃ BỈM SƠN", "Hội đồng nhân dân thị xã Bỉm Sơn"),
        ("HĐND TỈNH LAI CHÂU\nBAN PHÁP CHẾ", "Ban Pháp chế Hội đồng nhân dân tỉnh Lai Châu"),
        ("ĐẢNG BỘ TỈNH LAI CHÂU\nHUYỆN ỦY MƯỜNG TÈ", "Huyện ủy Mường Tè"),
        ("UBND TỈNH LAI CHÂU\nSỞ LAO ĐỘNG -\nTHƯƠNG BINH VÀ XÃ HỘI",
         "Sở Lao động - Thương binh và Xã hội tỉnh Lai Châu"),
        ("UBND TỈNH LÀO CAI\nTHANH TRA TỈNH", "Thanh tra tỉnh Lào Cai"),
        ("BỘ TÀI CHÍNH", "Bộ Tài chính"),
        ("TỈNH ỦY LAI CHÂU\nBAN TỔ CHỨC", "Ban Tổ chức Tỉnh ủy Lai Châu"),
        ("HUYỆN ỦY MƯỜNG TÈ\nỦY BAN KIỂM TRA", "Ủy ban Kiểm tra Huyện ủy Mường Tè"),
        ("THÀNH ỦY ĐÀ NẴNG\nBAN DÂN VẬN", "Ban Dân vận Thành ủy Đà Nẵng"),
        ("TỈNH ỦY HÀ TĨNH\nVĂN PHÒNG", "Văn phòng Tỉnh ủy Hà Tĩnh"),
        ("'>7 QC UBND TỈNH PHÚ YÊN\n,,,, SỞ NỘI VỤ", "Sở Nội vụ tỉnh Phú Yên"),
    ],
)  # fmt: skip
def test_issuers_stand_alone(tmp_path: Path, printed: str, issuer: str) -> None:
    assert head_of(tmp_path, issuer=printed).issuer == issuer


PARTY = """\
ĐẢNG BỘ TỈNH LAI CHÂU    ĐẢNG CỘNG SẢN VIỆT NAM
HUYỆN ỦY MƯỜNG TÈ
*
Số 12-BC/HU    Mường Tè, ngày 05 tháng 7 năm 2021
BÁO CÁO
Kết quả công tác xây dựng Đảng năm 2021
I- CÔNG TÁC CHÍNH TRỊ, TƯ TƯỞNG
1- Đã mở 12 lớp học.
"""


def test_a_letterhead_of_the_party(tmp_path: Path) -> None:
    (document,) = documents_of(PARTY, tmp_path, Settings())
    head = document.letterhead
    assert (head.doc_type, head.number, head.symbol) == ("BC", "12", "BC/HU")
    assert (head.issuer, head.superior) == ("Huyện ủy Mường Tè", "Đảng bộ tỉnh Lai Châu")
    assert (head.issued_place, head.issued_on) == ("Mường Tè", date(2021, 7, 5))
    assert head.subject == "Kết quả công tác xây dựng Đảng năm 2021"
    assert [s.path for s in document.sections if s.path] == ["I", "I.1"]


@pytest.mark.parametrize("title", ["BÁO CÁO NHANH", "BÁO CÁO TỔNG KẾT", "BÁO cÁo"])
def test_a_type_with_more_words_or_lost_case_is_a_title(tmp_path: Path, title: str) -> None:
    head = head_of(tmp_path, title=f"{title}\nKết quả trồng rừng", symbol="SNV")
    assert (head.doc_type, head.subject) == ("BC", "Kết quả trồng rừng")


@pytest.mark.parametrize("printed", ["$6: 47/BC-SNV", "đó: 47/BC-SNV", "S6: 47/BC-SNV"])
def test_what_ocr_leaves_of_so_still_shows_the_number(tmp_path: Path, printed: str) -> None:
    text = HEAD.format(**VALUES).replace("Số: 123/BC-SNV", printed)
    (document,) = documents_of(text, tmp_path, Settings(repair=False))
    assert (document.letterhead.number, document.letterhead.symbol) == ("47", "BC-SNV")


@pytest.mark.parametrize(
    "opening",
    [
        "I. KẾT QUẢ",
        "Sau một năm thực hiện Nghị quyết của Tỉnh ủy, các sở, ban, ngành và các huyện đã đạt",
    ],
)
def test_a_dump_without_blank_lines_parts_subject_and_body(tmp_path: Path, opening: str) -> None:
    text = HEAD.format(**{**VALUES, "title": "BÁO CÁO\nKết quả thực hiện\nnăm 2021"})
    text = text.split("Thực hiện Công")[0].replace("\n\n", "\n") + opening
    text += "\nNội dung công việc trong năm được các cơ quan, đơn vị thực hiện đầy đủ, kịp thời.\n"
    (document,) = documents_of(text, tmp_path, Settings())
    assert document.letterhead.subject == "Kết quả thực hiện năm 2021"


@pytest.mark.parametrize(
    ("printed", "place", "year"),
    [("Phú Yên", "Phú Yên", "năm 2021"), ("phú Yên", "Phú Yên", "náTll 2021"),
     ("Phú Yến", "Phú Yên", "nálTl 2021"), ("Phụ Yêm", "Phú Yên", "năm 2021"),
     ("Tuy Hòa", "Tuy Hòa", "ngày 2021")],
)  # fmt: skip
def test_a_bent_place_and_year_are_read(
    tmp_path: Path, printed: str, place: str, year: str
) -> None:
    text = HEAD.format(**{**VALUES, "place": printed}).replace("năm 2021", year, 1)
    head = documents_of(text, tmp_path, Settings())[0].letterhead
    assert (head.issued_place, head.issued_on) == (place, date(2021, 7, 5))


def test_a_deadline_in_the_text_does_not_move_the_date(tmp_path: Path) -> None:
    text = HEAD.format(**{**VALUES, "title": "BÁO CÁO\nDự toán năm 2022"})
    text = text.replace("như sau", "xong trước ngày 31/12/2022")
    text = text.replace("12 hồ sơ", "12 hồ sơ, hoàn thành trước ngày 31/12/2022")
    (document,) = documents_of(text, tmp_path, Settings())
    assert document.letterhead.issued_on == date(2021, 7, 5)


def test_the_symbol_tells_a_name_that_ocr_bent(tmp_path: Path) -> None:
    head = head_of(tmp_path, issuer="UBND TỈNH HÀ TĨNH\nTHONGT]NVATRUYENTHONG", symbol="BC-STTTT")
    assert head.issuer == "Sở Thông tin và Truyền thông tỉnh Hà Tĩnh"


@pytest.mark.parametrize(
    ("issuer", "year", "code"),
    [
        ("UBND TỈNH PHÚ YÊN\nSỞ NỘI VỤ", "2021", "54"),
        ("UBND TỈNH PHÚ YÊN\nSỞ NỘI VỤ", "2026", None),  # the province is Đắk Lắk since 2025
        ("UBND THÀNH PHỐ HUẾ", "2026", "46"),
        ("UBND THỊ XÃ SA ĐÉC", "2013", "87.867"),  # a city since
    ],
)
def test_the_issuer_is_the_unit_of_its_day(
    tmp_path: Path, issuer: str, year: str, code: str | None
) -> None:
    assert head_of(tmp_path, issuer=issuer, year=year).issuer_place_code == code


def test_the_year_belongs_to_the_number_of_a_law(tmp_path: Path) -> None:
    title = "NGHỊ ĐỊNH\nQuy định việc thử"
    head = head_of(tmp_path, issuer="CHÍNH PHỦ", number="03/2010", symbol="NĐ-CP", title=title)
    assert (head.doc_type, head.number, head.symbol) == ("NĐ", "03/2010", "NĐ-CP")
    assert (head.issuer, head.subject) == ("Chính phủ", "Quy định việc thử")


@pytest.mark.parametrize("name", ["22_BC.txt", "22BCSNV.txt", "2025_22-BC-SNV.signed.txt"])
def test_a_number_by_hand_is_taken_from_the_file_name(tmp_path: Path, name: str) -> None:
    head = head_of(tmp_path, name, number="ý#")
    assert (head.number, head.evidence["number"]) == ("22", "file name")


def test_a_file_name_about_something_else_is_no_evidence(tmp_path: Path) -> None:
    head = head_of(tmp_path, "22_KH.txt", number="ý#")
    assert head.number is None
    assert "number" not in head.evidence


def test_a_day_by_hand_is_taken_from_the_signature_stamp(tmp_path: Path) -> None:
    stamp = "\nKý bởi: Sở Nội vụ\nThời gian ký: 09.07.2021 15:04:22 +07:00\n"
    head = head_of(tmp_path, day="ÿ", behind=stamp)
    assert (head.issued_on, head.evidence["issued_on"]) == (date(2021, 7, 9), "signature stamp")
    other = head_of(tmp_path, day="ÿ", month="8", behind=stamp)
    assert other.issued_on is None


def test_an_appendix_says_what_it_is_attached_to(tmp_path: Path) -> None:
    appendix = (
        "\nNơi nhận:\n- Lưu: VT.\n\nGIÁM ĐỐC\nTrần Văn An\n\fPHỤ LỤC\n"
        "(Kèm theo Báo cáo số 77/BC-SNV ngày 15/7/2021 của Sở Nội vụ)\n1. Biểu\n"
    )
    head = head_of(tmp_path, number="ý#", day="ÿ", behind=appendix)
    assert (head.number, head.issued_on) == ("77", date(2021, 7, 15))
    assert head.evidence == {"number": "appendix", "issued_on": "appendix"}


def test_a_date_before_what_the_text_cites_takes_the_year_of_the_subject(tmp_path: Path) -> None:
    text = HEAD.format(**{**VALUES, "title": "BÁO CÁO\nKết quả năm 2019", "year": "2013"})
    text = text.replace("05/01/2013", "05/01/2019")
    (document,) = documents_of(text, tmp_path, Settings())
    assert document.letterhead.issued_on == date(2019, 7, 5)
    assert "issued_on" in document.letterhead.evidence


def test_letters_that_pass_for_digits_are_doubted(tmp_path: Path) -> None:
    head = head_of(tmp_path, day="I5", month="0]", year="2010")
    assert (head.issued_on, head.evidence["issued_on"]) == (date(2010, 1, 15), "doubtful digits")


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("V/v báo cáo kết quả\nhoạt động năm 2021", "Về việc báo cáo kết quả hoạt động năm 2021"),
        ("Về việc rà soát thủ tục\nhành chính.", "Về việc rà soát thủ tục hành chính"),
        ("Và khẩn trương thực hiện\ncác biện pháp", "Về việc khẩn trương thực hiện các biện pháp"),
    ],
)
def test_a_letter_has_its_subject_under_the_number(
    tmp_path: Path, title: str, subject: str
) -> None:
    text = (
        f"UBND TỈNH PHÚ YÊN\nSỞ NỘI VỤ\nSố: 12/SNV-TH\n{title}\n\n"
        "Phú Yên, ngày 05 tháng 7 năm 2021\n\nKính gửi: Các sở, ban, ngành\n\nThực hiện kế hoạch.\n"
    )
    (document,) = documents_of(text, tmp_path, Settings())
    assert document.letterhead.doc_type is None
    assert document.letterhead.subject == subject
    assert document.letterhead.addressees == ("Các sở, ban, ngành",)


def test_a_bulletin_has_its_issuer_in_the_imprint(tmp_path: Path) -> None:
    text = (
        "BẢN TIN NỘI VỤ\nCơ quan phát hành: Sở Nội vụ tỉnh Phú Yên\n\nTin trong tháng\n\n"
        "Trong tháng qua, toàn tỉnh đã tiếp nhận 12 hồ sơ.\n"
    )
    (document,) = documents_of(text, tmp_path, Settings())
    assert document.letterhead.issuer == "Sở Nội vụ tỉnh Phú Yên"
    assert document.letterhead.evidence["issuer"] == "imprint"


@pytest.mark.parametrize(
    ("says", "issuer"),
    [
        ("UBND huyện Phú Hòa báo cáo kết quả như sau:", "Ủy ban nhân dân huyện Phú Hòa"),
        ("Sở Nội vụ báo cáo kết quả như sau:", "Sở Nội vụ"),
        ("Theo ý kiến của Sở Tài chính, kết quả như sau:", None),
    ],
)
def test_a_dump_without_letterhead_names_its_issuer_in_the_text(
    tmp_path: Path, says: str, issuer: str | None
) -> None:
    text = (
        f"BÁO CÁO\nKết quả năm 2021\n\nThực hiện kế hoạch của tỉnh, {says}\n\n1. Kết quả\n\nTốt.\n"
    )
    (document,) = documents_of(text, tmp_path, Settings())
    assert document.letterhead.issuer == issuer
    assert document.letterhead.evidence.get("issuer") == (issuer and "text")


@hypothesis_settings(max_examples=60)
@given(st.integers(0, 10_000), st.integers(1, 9999), st.dates(date(2008, 1, 1), date(2024, 12, 31)))
def test_a_drawn_letterhead_is_read_back(seed: int, number: int, on: date) -> None:
    """Any office, number and day, in dumps with specks and blank lines at random."""
    rng = random.Random(seed)
    province = rng.choice(("Phú Yên", "Quảng Nam", "Hà Tĩnh", "Lâm Đồng", "Vĩnh Long"))
    name, code = rng.choice((("Sở Nội vụ", "SNV"), ("Sở Y tế", "SYT"), ("Sở Tư pháp", "STP")))
    kind, title = rng.choice((("BC", "BÁO CÁO"), ("KH", "KẾ HOẠCH"), ("TB", "THÔNG BÁO")))
    text = HEAD.format(
        issuer=f"{rng.choice(('', '. ', '- '))}UBND TỈNH {province.upper()}\n{name.upper()}",
        number=number, symbol=f"{kind}-{code}", place=province, day=f"{on.day:02d}",
        month=on.month, year=on.year, title=f"{title}\nCông tác năm {on.year}",
    )  # fmt: skip
    text = text.replace("/01/", "/01/") if on.month > 1 else text.replace("05/01", "01/01")
    if rng.random() < 0.5:
        text = text.replace("\n", "\n\n")
    with TemporaryDirectory() as folder:
        (document,) = documents_of(text, Path(folder), Settings())
    head = document.letterhead
    assert (head.doc_type, head.number, head.symbol) == (kind, str(number), f"{kind}-{code}")
    assert head.issuer == f"{name} tỉnh {province}"
    assert head.issued_on == on
    assert head.subject == f"Công tác năm {on.year}"


def _documents(path: Path, pages: int | None = None) -> tuple[Document, ...]:
    source, settings = identify(path), Settings()
    numbers = range(1, (pages or page_count(source, settings)) + 1)
    return segment(source, [digitise_page(source, n, settings) for n in numbers], settings)


def _wrong(expected: Expected, documents: tuple[Document, ...]) -> list[Outcome]:
    return [o for o in scored(expected, documents) if not (o.right or o.by_hand)]


@pytest.mark.shared
@pytest.mark.parametrize("name", ["000", "001", "002", "004"])
def test_the_letterheads_of_the_seeds(shared: Path, name: str) -> None:
    path = next((shared / "seeds").glob(f"{name}_*.txt"))
    expected = next(e for e in shared_letterheads() if path.name.startswith(f"{e.source}."))
    assert _wrong(expected, _documents(path)) == []


@pytest.mark.shared
@pytest.mark.ocr
@pytest.mark.parametrize("name", ["10209631", "574_UB", "phutho-2011"])
def test_the_letterheads_of_scans(shared: Path, name: str) -> None:
    path = next((shared / "scans").glob(f"{name}.*"))
    expected = [e for e in shared_letterheads() if e.source == name]
    documents = _documents(path, pages=len(expected))
    assert len(documents) == len(expected)
    assert [_wrong(e, documents) for e in expected] == [[] for _ in expected]


JOINT = """\
{above}
Số: {symbol}	Lào Cai, ngày 12 tháng 3 năm 2020
{title}
Triển khai công tác phòng bệnh năm 2020
Căn cứ Luật Phòng, chống bệnh truyền nhiễm năm 2007;
I. MỤC ĐÍCH
Nâng cao hiệu quả.
"""


@pytest.mark.parametrize(
    ("above", "symbol", "title", "issuer"),
    [
        ("BỘ TÀI CHÍNH - BỘ NỘI VỤ\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "41/2012/TTLT-BTC-BNV",
         "THÔNG TƯ LIÊN TỊCH", "Bộ Tài chính - Bộ Nội vụ"),
        ("SỞ TÀI CHÍNH\tSỞ Y TẾ\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "5/HDLT-STC-SYT",
         "HƯỚNG DẪN LIÊN NGÀNH", "Sở Tài chính - Sở Y tế"),
        ("UBND TỈNH LÀO CAI\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSỞ TÀI CHÍNH - SỞ Y TẾ",
         "15/KHLT-STC-SYT", "KẾ HOẠCH LIÊN TỊCH",
         "Sở Tài chính tỉnh Lào Cai - Sở Y tế tỉnh Lào Cai"),
    ],
)  # fmt: skip
def test_a_joint_document_has_all_its_issuers(
    tmp_path: Path, above: str, symbol: str, title: str, issuer: str
) -> None:
    text = JOINT.format(above=above, symbol=symbol, title=title)
    (document,) = documents_of(text, tmp_path, Settings())
    head = document.letterhead
    assert head.issuer == issuer
    assert head.subject == "Triển khai công tác phòng bệnh năm 2020"  # no opening of the body


def test_a_branch_is_called_after_its_house(tmp_path: Path) -> None:
    text = (
        "NGÂN HÀNG NHÀ NƯỚC VIỆT NAM\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
        "CHI NHÁNH TỈNH HÒA BÌNH\tĐộc lập - Tự do - Hạnh phúc\n"
        "Số: 56/HBI-TH\tHòa Bình, ngày 11 tháng 10 năm 2021\n"
        "V/v báo cáo dư nợ\nKính gửi: Vụ Tín dụng\n"
        ": Thực hiện Thông tư số 01/2020/TT-NHNN, Chi nhánh báo cáo như sau:\n"
        "I. NGUỒN VỐN\nĐạt 24 tỷ đồng.\nII. DƯ NỢ\nĐạt 43 tỷ đồng.\n"
    )
    (document,) = documents_of(text, tmp_path, Settings())
    assert document.letterhead.issuer == ("Ngân hàng Nhà nước Việt Nam Chi nhánh tỉnh Hòa Bình")
    assert [s.path for s in document.sections if s.kind == "part"] == ["I", "II"]


def test_minutes_begin_with_time_and_place(tmp_path: Path) -> None:
    text = (
        "ỦY BAN NHÂN DÂN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nXÃ TÂN LẬP\tĐộc lập - Tự do - Hạnh phúc\n\n"
        "BIÊN BẢN\nHọp giao ban tháng 5 năm 2023\n"
        "Thời gian: 8 giờ 00, tại Hội trường xã\nĐịa điểm: thôn 1\nI. Thành phần\nCó 12 người.\n"
    )
    (document,) = documents_of(text, tmp_path, Settings())
    assert document.letterhead.subject == "Họp giao ban tháng 5 năm 2023"


def test_a_stamp_of_incoming_mail_is_no_title(tmp_path: Path) -> None:
    text = (
        "CHÍNH PHỦ\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n\tĐộc lập - Tự do - Hạnh phúc\n"
        "Số: 5/2010/NĐ-CP\tHà Nội, ngày 18 tháng 01 năm 2010\nCÔNG ĐIÊN\nNgày nhận: 19\n"
        "NGHỊ ĐỊNH\nQuy định về phá sản hợp tác xã\nCăn cứ Luật Phá sản ngày 24 tháng 6 năm 2004;\n"
        "Điều 1. Phạm vi\n1. Các hợp tác xã.\n"
    )
    (document,) = documents_of(text, tmp_path, Settings())
    assert document.letterhead.subject == "Quy định về phá sản hợp tác xã"


def test_a_head_that_runs_into_an_endless_line_is_read(tmp_path: Path) -> None:
    begin = time.process_time()
    text = f"UBND TỈNH PHÚ YÊN\nSố: 12/BC-UBND\nBÁO CÁO\n{'hộ dân ' * 4000}\nI. KẾT QUẢ\n"
    (document,) = documents_of(text, tmp_path, Settings())
    assert document.letterhead.symbol == "BC-UBND"
    assert time.process_time() - begin < 20  # a date was looked for from each of its letters
