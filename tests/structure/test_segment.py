from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from baocao_etl.models import Box, Document, Span, Word
from baocao_etl.settings import Settings
from baocao_etl.structure import segment
from baocao_etl.structure.articles import find_articles
from baocao_etl.structure.lines import Line, page_lines
from baocao_etl.structure.outline import find_headings, path_of
from tests.pages import documents_of, pages_of, text_source

REPORT = """\
UBND TỈNH PHÚ YÊN
SỞ NỘI VỤ

Số: 123/BC-SNV

Phú Yên, ngày 05 tháng 7 năm 2021

BÁO CÁO
Kết quả công tác cải cách hành chính 6 tháng đầu năm 2021

Thực hiện Kế hoạch số 12/KH-UBND ngày 10/01/2021 của UBND tỉnh, Sở Nội vụ báo cáo như sau:

I. KẾT QUẢ ĐẠT ĐƯỢC

1. Cải cách thể chế

a) Ban hành văn bản

Đã ban hành 12 văn bản.

b) Rà soát văn bản

- Rà soát 30 văn bản.

+ Trong đó, bãi bỏ 2 văn bản.

2. Cải cách thủ tục hành chính

2.1 Tiếp nhận hồ sơ

Tiếp nhận 1.200 hồ sơ.

2.2 Giải quyết hồ sơ

II. KIẾN NGHỊ

Không.

Nơi nhận:
- UBND tỉnh;
- Lưu: VT.

GIÁM ĐỐC

Trần Văn An
"""


@pytest.fixture
def report(tmp_path: Path) -> Document:
    (document,) = documents_of(REPORT, tmp_path, Settings())
    return document


def paths(document: Document) -> list[str]:
    return [s.path for s in document.sections if s.label and s.label not in "-+*"]


def test_the_numbering_becomes_paths(report: Document) -> None:
    assert paths(report) == ["I", "I.1", "I.1.a", "I.1.b", "I.2", "I.2.1", "I.2.2", "II"]


def test_bullets_add_nothing_to_the_path(report: Document) -> None:
    bullets = [s for s in report.sections if s.label in ("-", "+")]
    assert [s.path for s in bullets] == ["I.1.b", "I.1.b"]
    assert bullets[1].parent_id == bullets[0].section_id


def test_the_letterhead(report: Document) -> None:
    head = report.letterhead
    assert (head.number, head.symbol, head.doc_type) == ("123", "BC-SNV", "BC")
    assert head.superior == "UBND tỉnh Phú Yên"
    assert head.issuer == "Sở Nội vụ tỉnh Phú Yên"
    assert (head.issued_place, head.issued_on) == ("Phú Yên", date(2021, 7, 5))
    assert head.subject == "Kết quả công tác cải cách hành chính 6 tháng đầu năm 2021"
    assert head.signer == "Trần Văn An"
    assert head.recipients == ("UBND tỉnh", "Lưu: VT")


def test_recipients_and_signature_stay_out_of_the_body(report: Document) -> None:
    kinds = {s.kind: s.text for s in report.sections}
    assert "Lưu: VT" in kinds["recipients"]
    assert "Trần Văn An" in kinds["signature"]
    last_part = next(s for s in report.sections if s.path == "II")
    assert "Nơi nhận" not in last_part.text


def test_every_line_is_in_exactly_one_section(report: Document) -> None:
    placed = sorted(span for s in report.sections for spans in s.paragraphs for span in spans)
    assert placed == sorted(line.span for page in report.pages for line in page_lines(page))


def test_ids_do_not_depend_on_where_the_file_lies(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (one,) = documents_of(REPORT, tmp_path, Settings())
    (two,) = documents_of(REPORT, tmp_path / "other", Settings())
    assert [s.section_id for s in one.sections] == [s.section_id for s in two.sections]


def test_a_lost_label_is_inferred_from_its_neighbours(tmp_path: Path) -> None:
    text = REPORT.replace("II. KIẾN NGHỊ", ". Kiến nghị").replace("Không.", "III. KẾT LUẬN")
    (document,) = documents_of(text, tmp_path, Settings())
    assert paths(document)[-2:] == ["II", "III"]


def test_a_gap_in_the_paper_stays(tmp_path: Path) -> None:
    (document,) = documents_of(REPORT.replace("II. KIẾN", "III. KIẾN"), tmp_path, Settings())
    assert paths(document)[-1] == "III"


def test_an_attached_draft_is_an_appendix(tmp_path: Path) -> None:
    draft = (
        "\fHỘI ĐỒNG NHÂN DÂN    CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
        "Số: /NQ-HĐND   Độc lập - Tự do - Hạnh phúc\n\nDỰ THẢO\n\nNGHỊ QUYẾT\nVề việc thử\n\n"
        "Căn cứ Luật Ngân sách;\n\nĐiều 1. Giao dự toán\n\n1. Giao 10 tỷ đồng.\n\n"
        "Điều 2. Tổ chức thực hiện\n"
    )
    (document,) = documents_of(REPORT + draft, tmp_path, Settings())
    assert {"PL.Đ1", "PL.Đ1.1", "PL.Đ2"} <= set(paths(document))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("PHỤ LỤC I", "PHỤ LỤC II"),
        ("Phụ lục 1", "Phụ lục 2"),
        ("Phụ lục số 01", "Phụ lục số 02"),
        ("PHU LUC . I.", "PHU LUC . Il."),
        ("PHỤ LỤCI", "PHỤ LỤC I"),  # a stroke is lost: on the same page it is no running title
        ("PHỤ LỤC I", "PHỤ LỤC II: SỐ TRÂU, BÒ CỦA CÁC XÃ TRONG HUYỆN NĂM 2020"),
    ],
)
def test_the_next_appendix_may_begin_on_the_same_page(
    tmp_path: Path, first: str, second: str
) -> None:
    behind = f"{first}\n\n1. Có 12 con trâu.\n\n{second}\n\n1. Có 30 con bò.\n"
    (document,) = documents_of(REPORT + "\n\f" + behind, tmp_path, Settings())
    assert [p for p in paths(document) if p.startswith("PL")] == ["PL", "PL.1", "PL2", "PL2.1"]


def test_an_appendix_that_names_itself_again_stays_one(tmp_path: Path) -> None:
    behind = "PHỤ LỤC II\n\n1. Có 12 con trâu.\n\nBiểu số 03\n\n2. Xem Phụ lục III về 30 con bò.\n"
    (document,) = documents_of(REPORT + "\n\f" + behind, tmp_path, Settings())
    assert [p for p in paths(document) if p.startswith("PL")] == ["PL", "PL.1", "PL.2"]


def test_a_caption_above_the_title_opens_no_appendix_of_its_own(tmp_path: Path) -> None:
    """The page was set sideways, and its upper lines came out of order."""
    behind = "Đơn vị tính: con\n\nPHỤ LỤC\n(Kèm theo Báo cáo số 12/BC-UBND)\n\n1. Có 12 con trâu.\n"
    signed = REPORT + "\nNơi nhận:\n- Như trên;\n- Lưu: VT.\n"
    (document,) = documents_of(signed + "\n\f" + behind, tmp_path, Settings())
    assert [p for p in paths(document) if p.startswith("PL")] == ["PL", "PL.1"]


def test_a_second_letter_is_a_document_of_its_own(tmp_path: Path) -> None:
    second = (
        "\fUBND TỈNH PHÚ YÊN    CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
        "VĂN PHÒNG     Độc lập - Tự do - Hạnh phúc\nSố: 77/VP-TH\n\n"
        "Kính gửi: Các sở, ban, ngành.\n\nVăn phòng xin gửi báo cáo.\n"
    )
    documents = documents_of(REPORT + second, tmp_path, Settings())
    assert [d.letterhead.number for d in documents] == ["123", "77"]
    assert [[p.number for p in d.pages] for d in documents] == [[1], [2]]


def test_a_table_in_a_dump_keeps_its_cells(tmp_path: Path) -> None:
    table = "TT\tThiết bị\tSố lượng\n1\tMáy chủ\t2\n2\tMáy in\t\n3\t7\t7\n\n"
    text = REPORT.replace("2.2 Giải", table + "2.2 Giải")
    (document,) = documents_of(text, tmp_path, Settings())
    (found,) = document.tables
    assert (found.rows, found.columns) == (4, 3)
    assert [c.text for c in found.cells if c.row == 1] == ["1", "Máy chủ", "2"]
    assert [c.is_header for c in found.cells if c.row == 0] == [True] * 3
    assert found.problem == "row 4: the label is missing"
    section = next(s for s in document.sections if s.section_id == found.section_id)
    assert (section.kind, section.path) == ("table", "I.2.1")


@hypothesis_settings(max_examples=60)
@given(
    st.lists(st.integers(1, 5), min_size=1, max_size=4),
    st.integers(0, 10_000),
)
def test_a_drawn_numbering_is_parsed_back(shape: list[int], seed: int) -> None:
    """Parts with so many sections each, one label in ten bent: the paths come back."""
    rng = random.Random(seed)
    roman = ("I", "II", "III", "IV", "V")
    lines, expected = [], []
    for p, sections in enumerate(shape):
        label = roman[p]
        if len(label) > 1 and rng.random() < 0.2:
            label = label.replace("I", "1")
        lines.append(f"{label}. PHẦN NÀY NÓI VỀ CÔNG VIỆC")
        expected.append(roman[p])
        for s in range(1, sections + 1):
            dot = "" if s > 1 and rng.random() < 0.1 else "."
            lines += [
                f"{s}{dot} Công tác chỉ đạo điều hành",
                "Đã thực hiện tốt công việc được giao.",
            ]
            expected.append(f"{roman[p]}.{s}")
    assert _paths_of_lines(lines) == expected


def _paths_of_lines(lines: list[str]) -> list[str]:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        source = text_source("\n\n".join(lines), Path(folder))
        pages = pages_of(source, Settings())
    found = [line for page in pages for line in page_lines(page)]
    return [path_of(heading.levels) for heading in find_headings(found)]


@hypothesis_settings(max_examples=60)
@given(
    st.text(
        st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from("\n\t\f .-1aI"),
        max_size=400,
    )
)
def test_no_text_is_lost_and_none_makes_it_raise(tmp_path: Path, text: str) -> None:
    source = text_source(text + "x", tmp_path)
    pages = pages_of(source, Settings())
    for document in segment(source, pages, Settings()):
        placed = [span for s in document.sections for spans in s.paragraphs for span in spans]
        assert len(placed) == len(set(placed))
        assert set(placed) <= {line.span for page in document.pages for line in page_lines(page)}


def test_articles_of_a_dump_open_with_titles_authors_and_ends_of_paragraphs(tmp_path: Path) -> None:
    body = "Trong năm, các cơ quan của tỉnh đã tiếp nhận 12 hồ sơ\nvà giải quyết xong.\n"
    text = (
        "BẢN TIN NỘI VỤ\nCơ quan chủ quản: Sở Nội vụ tỉnh Phú Yên\nGiấy phép xuất bản số 21\n"
        f"Một năm vận hành\nTrung tâm hành chính công\nPV\n{body}"
        f"Hiệu quả phần mềm một cửa\nLê Thị Tú - Phòng Công nghệ thông tin\n{body}"
        f"Nhịp cầu viễn thông\n{body}"
    )
    (document,) = documents_of(text, tmp_path, Settings(repair=False))
    assert [s.title for s in document.sections if s.kind == "article"] == [
        "Một năm vận hành Trung tâm hành chính công",
        "Hiệu quả phần mềm một cửa",
        "Nhịp cầu viễn thông",
    ]


def test_an_author_whose_name_ran_together_is_one(tmp_path: Path) -> None:
    body = "Trong năm, các cơ quan của tỉnh đã tiếp nhận 12 hồ sơ\nvà giải quyết xong.\n"
    text = (
        f"Một năm vận hành\nTrung tâm hành chính công\nPV\n{body}"
        f"Lúa sớm trúng mùa ở các xã ven sông, nhà nông phấn khởi\nHàS}}ơn - Phòng Nông nghiệp\n{body}"
    )
    (document,) = documents_of(text, tmp_path, Settings(repair=False))
    assert [s.title for s in document.sections if s.kind == "article"] == [
        "Một năm vận hành Trung tâm hành chính công",
        "Lúa sớm trúng mùa ở các xã ven sông, nhà nông phấn khởi",
    ]


def test_a_line_broken_before_a_long_symbol_is_no_title(tmp_path: Path) -> None:
    body = "Trong năm, các cơ quan của tỉnh đã tiếp nhận 12 hồ sơ\nvà giải quyết xong.\n"
    text = (
        f"Một năm vận hành\nTrung tâm hành chính công\nPV\n{body}"
        "Việc này theo khoản 2 của Thông tư số\n15/2012/TTLT-BNV-BTC-BYT-BGDĐT ngày 20/8/2012 đã có.\n"
        f"Nhịp cầu viễn thông\n{body}"
    )
    (document,) = documents_of(text, tmp_path, Settings(repair=False))
    assert [s.title for s in document.sections if s.kind == "article"] == [
        "Một năm vận hành Trung tâm hành chính công",
        "Nhịp cầu viễn thông",
    ]


@pytest.mark.parametrize(("gap", "titles"), [(4, ["Trang tin của tỉnh"]), (20, [])])
def test_a_line_justified_over_wide_gaps_is_no_title(gap: int, titles: list[str]) -> None:
    rows = ["Trang tin của tỉnh", *["có trong năm nay"] * 5]
    words = [
        Word(text, text, 0, row, Box(40 * n, 20 * row, 40 * n + 40 - gap, 20 * row + height))
        for row, (line, height) in enumerate(zip(rows, [13, *[10] * 5], strict=True))
        for n, text in enumerate(line.split())
    ]
    lines = [
        Line(span=Span(1, 4 * row, 4 * row + 4), words=tuple(words[4 * row : 4 * row + 4]),
             cells=(text,), cell_spans=(Span(1, 4 * row, 4 * row + 4),), gap_above=row == 0)
        for row, text in enumerate(rows)
    ]  # fmt: skip
    found = find_articles(lines, Settings().tables)
    assert [lines[article.start].text for article in found] == titles


@pytest.mark.parametrize(
    "first", [": Thực hiện Kế hoạch số 9/KH-UBND, Sở báo cáo:", "Xin báo cáo:"]
)
def test_the_head_of_a_letter_ends_at_specks_and_at_the_first_number(
    tmp_path: Path, first: str
) -> None:
    text = (
        "UBND TỈNH PHÚ YÊN\nSỞ NỘI VỤ\nSố: 56/SNV-CCHC\nV/v báo cáo kết quả\n"
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
        "Phú Yên, ngày 4 tháng 5 năm 2021\n- Ủy ban nhân dân tỉnh;\n- Vụ Cải cách hành chính.\n"
        f"{first}\nI. KẾT QUẢ\nĐã giải quyết 120 hồ sơ.\n\nII. KIẾN NGHỊ\nBổ sung 02 biên chế.\n"
    )
    (document,) = documents_of(text, tmp_path, Settings(repair=False))
    assert [s.path for s in document.sections if s.kind == "part"] == ["I", "II"]


def test_a_section_below_a_pen_name_is_no_post_and_the_imprint_no_title(tmp_path: Path) -> None:
    body = "Trong năm, các cơ quan của tỉnh đã tiếp nhận 12 hồ sơ\nvà giải quyết xong.\n"
    text = (
        "BẢN TIN NỘI VỤ\nSố 4 - Quý I/2015 - Giấy phép xuất bản số 21/GP-STTTT\n"
        f"Một cửa ở vùng cao\nBảo Châu\n{body}"
        f"Kết quả khảo sát\n\nThanh Sơn - Phòng Cải cách hành chính\n\n1. Khối huyện\n\n{body}"
        f"\n2. Khối xã\n\n{body}"
    )
    (document,) = documents_of(text, tmp_path, Settings(repair=False))
    assert [s.title for s in document.sections if s.kind == "article"] == [
        "Một cửa ở vùng cao",
        "Kết quả khảo sát",
    ]
    assert [s.path for s in document.sections if s.kind == "section" and s.path] == ["1", "2"]


def test_a_line_of_the_head_that_shows_the_number_is_no_stamp(tmp_path: Path) -> None:
    text = REPORT.replace("Số: 123/BC-SNV", "Ký bởi: Sở Nội vụ Số: 123/BC-SNV")
    (document,) = documents_of(text, tmp_path, Settings())
    assert document.letterhead.number == "123"


def test_headings_without_a_full_stop_before_them_are_found(tmp_path: Path) -> None:
    text = (
        "BÁO CÁO\nKết quả công tác văn thư\n\n1. Kết quả\n"
        "1.1. Thôn Đông sửa xong hai cây số đường giao thông liên thôn\n"
        "1.2. Thôn Đoài lắp ba cột đèn chiếu sáng ở hai đầu đường làng.\n"
        "2. Tồn tại\nChưa có.\n"
        "PHỤ LỤC\nDanh mục công trình\n"
        "(Kèm theo Báo cáo số 15/BC-UBND ngày 03 tháng 02 năm 2021)\n"
        "I. Cấp tỉnh\n1. Cầu Bắc: 40 mét\nII. Cấp xã\n1. Cầu Nam: 20 mét\n"
    )
    (document,) = documents_of(text, tmp_path, Settings())
    paths = [s.path for s in document.sections if s.kind in ("part", "section") and s.label]
    assert paths == [
        "1", "1.1", "1.2", "2", "PL.I", "PL.I.1", "PL.II", "PL.II.1",
    ]  # fmt: skip


def test_a_part_has_the_title_below_its_number(tmp_path: Path) -> None:
    text = (
        "BÁO CÁO\nKết quả công tác văn thư\n\nPhần I\nTÌNH HÌNH CHUNG\nCó 12 xã.\n"
        "Phần II\nKẾT QUẢ\nI. VĂN BẢN\nĐã ban hành 30 văn bản.\nII. LƯU TRỮ\nCó 5 kho.\n"
    )
    (document,) = documents_of(text, tmp_path, Settings())
    parts = [(s.label, s.title) for s in document.sections if s.kind == "part"]
    assert parts[:2] == [("Phần I", "TÌNH HÌNH CHUNG"), ("Phần II", "KẾT QUẢ")]


LONG = (
    "Trong kỳ, các đơn vị đã làm được nhiều việc và đạt kết quả khá ở hầu hết các mặt công tác.\n"
)


def test_an_end_mark_inside_a_bulletin_opens_no_tail(tmp_path: Path) -> None:
    text = f"{LONG}\nCông trình xong trong năm 2020./.\n\n{LONG}\n{LONG}"
    (document,) = documents_of(text, tmp_path, Settings())
    assert {section.kind for section in document.sections} == {"section"}


def test_titles_in_capitals_open_articles_where_no_author_is_named(tmp_path: Path) -> None:
    text = (
        f"BẢN TIN NÔNG NGHIỆP\n\nMÙA MÀNG THẮNG LỢI Ở CÁC XÃ VEN SÔNG\n\n{LONG}\n"
        f"HỘI THI NHÀ NÔNG ĐUA TÀI\n\n{LONG}\n{LONG}"
    )
    (document,) = documents_of(text, tmp_path, Settings())
    titles = [section.title for section in document.sections if section.kind == "article"]
    assert titles[-1] == "HỘI THI NHÀ NÔNG ĐUA TÀI"
    assert titles[0].endswith("MÙA MÀNG THẮNG LỢI Ở CÁC XÃ VEN SÔNG")


def test_titles_in_capitals_open_articles_beside_those_with_an_author(tmp_path: Path) -> None:
    text = (
        f"HỘI THI NHÀ NÔNG ĐUA TÀI\nKỹ sư Hà Lê\n{LONG}1. Nội dung\n{LONG}"
        f"MÙA MÀNG THẮNG LỢI Ở CÁC XÃ\nTrạm Khuyến nông\n{LONG}a) Bón lót.\n"
        f"CHỢ QUÊ ĐÔNG KHÁCH\n{LONG}"
    )
    (document,) = documents_of(text, tmp_path, Settings(repair=False))
    titles = [section.title for section in document.sections if section.kind == "article"]
    assert titles == [
        *("HỘI THI NHÀ NÔNG ĐUA TÀI", "MÙA MÀNG THẮNG LỢI Ở CÁC XÃ", "CHỢ QUÊ ĐÔNG KHÁCH")
    ]
    assert "a" in {section.path for section in document.sections}


SET_OFF = f"BẢN TIN NHÀ NÔNG\nLưu hành nội bộ\n\nLúa chín đợi nắng\n\n{LONG}\n"


def test_titles_between_empty_lines_open_articles(tmp_path: Path) -> None:
    text = (
        f"{SET_OFF}1. Cày ải.\n\n2. Bón lót 40 kg vôi.\n\nChợ quê đông khách\n\nBài và ảnh: Hà Lê\n\n{LONG}"
        f"\nTin vắn\n\n- Xã A có 3 ao.\n"
    )
    (document,) = documents_of(text, tmp_path, Settings(repair=False))
    assert [s.title for s in document.sections if s.kind == "article"] == [
        *("Lúa chín đợi nắng", "Chợ quê đông khách", "Tin vắn")
    ]
    assert document.sections[-1].path == ""


def test_titles_of_a_dump_without_empty_lines_are_told_by_how_lines_end(tmp_path: Path) -> None:
    body = "Trong năm, các hộ của xã đã nuôi 12 lồng cá\nvà bán được giá.\n"
    text = (
        f"BẢN TIN NHÀ NÔNG\nGiấy phép xuất bản số 21\nSố 2/2024\nCá lồng về chợ\n{body}"
        f"Chợ quê đông khách, người bán kẻ mua\nvui cả một vùng\nTin, ảnh: Hà Lê\n{body}"
        "Tin vắn\n- Xã A có 3 ao nuôi tôm.\n- Xã B có 4 ao.\n"
    )
    (document,) = documents_of(text, tmp_path, Settings(repair=False))
    assert [s.title for s in document.sections if s.kind == "article"] == [
        *("Cá lồng về chợ", "Chợ quê đông khách, người bán kẻ mua vui cả một vùng", "Tin vắn")
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"{SET_OFF}1. Cày ải.\n\nViệc đã làm\n\n{LONG}\n2. Bón lót.\n",  # the numbering goes on
        f"{SET_OFF}I. LÚA\n\nViệc đã làm\n\n{LONG}",  # a part
        f"{SET_OFF}{LONG}",  # a single title
    ],
)
def test_headings_between_empty_lines_are_no_articles(text: str, tmp_path: Path) -> None:
    (document,) = documents_of(text, tmp_path, Settings(repair=False))
    assert not [s for s in document.sections if s.kind == "article"]


def test_a_sentence_set_off_below_the_subject_opens_the_body(tmp_path: Path) -> None:
    text = (
        "UBND HUYỆN A\n\nSố: 12/BC-UBND\n\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
        "Độc lập - Tự do - Hạnh phúc\n\nBÁO CÁO\nKết quả dồn điền đổi thửa\n\n"
        f"Huyện A nằm bên bờ sông Lô.\n\nHuyện có 21 xã.\n\n{LONG}"
    )
    (document,) = documents_of(text, tmp_path, Settings())
    assert document.letterhead.subject == "Kết quả dồn điền đổi thửa"
    body = " ".join(s.text for s in document.sections if s.kind != "letterhead")
    assert body.startswith("Huyện A nằm")
