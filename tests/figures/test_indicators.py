from __future__ import annotations

import csv
from pathlib import Path

import pytest

from baocao_etl.dictionaries import BUNDLED
from baocao_etl.figures import extract
from baocao_etl.settings import Settings
from tests.pages import documents_of

SETTINGS = Settings()
KINDS = {"count", "percent", "ratio", "money", "quantity", "score", "rank", "change"}


def rows() -> list[dict[str, str]]:
    with (BUNDLED / "indicators.tsv").open(encoding="utf-8", newline="") as stream:
        lines = (line for line in stream if not line.startswith("#"))
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def indicators_in(text: str, folder: Path) -> list[tuple[str, str | None]]:
    return [
        (f"{figure.value.normalize():f}", figure.indicator)
        for document in documents_of(text, folder, SETTINGS)
        for figure in extract(document, SETTINGS).figures
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Cung cấp 118 dịch vụ công trực tuyến mức độ 3 và 37 dịch vụ công mức độ 4.",
            [("118", "dvc_level3"), ("37", "dvc_level4")],
        ),
        ("Ngoài các DVC mức độ 2 còn có 812 DVC mức độ 3.", [("812", "dvc_level3")]),
        (
            "Tiếp nhận 5.210 hồ sơ, giải quyết đúng hạn 5.002 hồ sơ, đạt tỷ lệ 96%; quá hạn 208 hồ sơ.",
            [
                ("5210", "files_received"), ("5002", "files_on_time"),
                ("96", "files_on_time_share"), ("208", "files_overdue"),
            ],
        ),
        ("Có 16/16 xã có mạng LAN.", [("16", "lan_units")]),
        (
            "Kinh phí còn thiếu, đề nghị bổ sung là 1.200 triệu đồng.",
            [("1200000000", "budget_missing")],
        ),
        ("Chỉ số PAR Index đạt 81,5 điểm.", [("81.5", "par_index_score")]),
        ("Chỉ số DTI xếp vị trí thứ 24.", [("24", "dti_rank")]),
        ("Đường truyền Internet tốc độ 100 Mbps.", [("100", "bandwidth")]),
        # OCR dropped letters
        ("Có 310 hồ sơ qua dịch v bưu chính công ch.", [("310", "files_by_post")]),
        # a change of an indicator is not its value
        ("Cấp 246 chữ ký số, tăng 58 chữ ký số.", [("246", "signatures_issued"), ("58", None)]),
        ("Nâng băng thông từ 20 Mbps lên 50 Mbps.", [("20", None), ("50", "bandwidth")]),
        ("Triển khai thêm 12 dịch vụ công mức độ 3.", [("12", None)]),
        # what carries on the figure before: its share, the same of other levels and years, where it stands
        (
            "Hồ sơ trực tuyến 450 hồ sơ, đạt 30%; tổng chi đạt 90% kế hoạch.",
            [("450", "files_online"), ("30", "files_online_share"), ("90", None)],
        ),
        (
            "Văn bản ký số là 80 văn bản trên tổng số 100 văn bản, chiếm tỷ lệ 80%.",
            [("80", "docs_signed"), ("100", None), ("80", "docs_signed_share")],
        ),
        (
            "Tỷ lệ số hóa hồ sơ: cấp tỉnh 83%; cấp huyện 79%, cấp xã khoảng 68%.",
            [(value, "files_digitised_share") for value in ("83", "79", "68")],
        ),
        (
            "Kinh phí đã bố trí 30 triệu đồng (năm 2021: 12 triệu đồng; năm 2022: 18 triệu đồng).",
            [(f"{value}000000", "budget_allotted") for value in ("30", "12", "18")],
        ),
        (
            "PCI của tỉnh xếp thứ 17/63 tỉnh, đạt 57,2 điểm, tăng 2 bậc.",
            [("17", "pci_rank"), ("57.2", "pci_score"), ("2", None)],
        ),
        ("DTI đạt 0,64 điểm, xếp hạng 34/63 tỉnh.", [("0.64", "dti_score"), ("34", "dti_rank")]),
        (
            "Mở 03 lớp bồi dưỡng theo Kế hoạch số 5/KH-UBND cho hơn 148 học viên.",
            [("3", "training_courses"), ("148", "training_people")],
        ),
        (
            "Cắt giảm thời gian của 20 TTHC cấp tỉnh, 18 TTHC cấp huyện.",
            [("20", "tthc_cut"), ("18", "tthc_cut")],
        ),
        # words of another clause, and what is denied
        (
            "Phấn đấu không còn hồ sơ quá hạn; tỷ lệ hồ sơ trực tuyến đạt 90%.",
            [("90", "files_online_share")],
        ),
        (
            "Cử 39 lượt cán bộ đi đào tạo, bồi dưỡng; kỷ luật 02 công chức.",
            [("39", "training_people"), ("2", None)],
        ),
        ("Còn 04 xã miền núi chưa có mạng LAN.", [("4", None)]),
        ("Còn 107 hồ sơ chưa đến hạn.", [("107", "files_pending")]),
        # a ratio has the unit of what is counted
        ("Thanh toán trực tuyến 68/70 hồ sơ.", [("68", "online_payment_share")]),
        # commas within levels, an abbreviation that is introduced
        ("Mới có 31% số DVC mức độ 3, 4 phát sinh hồ sơ.", [("31", "dvc_with_files_share")]),
        ("Có 1967 dịch vụ công trực tuyến (DVCTT) mức độ 3.", [("1967", "dvc_level3")]),
        # a phrase of which a word is missing, or is another, is not met
        ("Ngân sách bất ngờ 40 tỷ đồng.", [("40000000000", None)]),
        ("Có 22% máy tính cấp xã dùng Windows 7.", [("22", None)]),
        # not the stock, the plan or the kind that the indicator means
        ("Kiểm tra 27 máy tính, trang bị thêm 150 máy quét.", [("27", None), ("150", None)]),
        ("Có 23 dự án chưa giải ngân với tổng vốn 156 tỷ đồng.", [("23", None), ("156000000000", None)]),
        ("Trực tiếp và qua bưu chính công ích 12.894 hồ sơ.", [("12894", None)]),
        # nothing of the field
        ("Trồng mới 1.250 cây xanh.", [("1250", None)]),
        ("Hỗ trợ 15 hộ nghèo.", [("15", None)]),
    ],
)  # fmt: skip
def test_indicators(text: str, expected: list[tuple[str, str | None]], tmp_path: Path) -> None:
    assert indicators_in(text, tmp_path) == expected


def test_rows_of_a_table(tmp_path: Path) -> None:
    table = "TT\tThiết bị\tSố lượng\n1\tMáy chủ\t3\n2\tMáy tính xách tay\t26\n3\tGhế gỗ\t9\n"
    assert indicators_in(table, tmp_path) == [
        ("3", "servers"), ("26", "computers_laptop"), ("9", None),
    ]  # fmt: skip


def test_the_dictionary_is_whole() -> None:
    table = rows()
    assert len(table) >= 80
    assert len({row["id"] for row in table}) == len(table)
    for row in table:
        assert all(row[column] for column in ("name_vi", "name_en", "definition", "signals"))
        assert set(row["kind"].split("|")) <= KINDS, row["id"]
        assert row["level"] in ("", "tỉnh", "huyện", "xã")


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["id"])
def test_every_row_has_all_its_columns(row: dict[str, str]) -> None:
    assert None not in row
    assert all(part.strip() for signal in row["signals"].split("|") for part in signal.split("&"))


def test_a_users_row_replaces_ours(tmp_path: Path) -> None:
    columns = "id\tname_vi\tname_en\tdefinition\tunit\tkind\tlevel\tsignals\texcludes\n"
    own = tmp_path / "own"
    own.mkdir()
    (own / "indicators.tsv").write_text(
        columns + "servers\tCây\tTrees\tTrees planted\tcây xanh\tcount\t\ttrồng mới\t\n",
        encoding="utf-8",
    )
    settings = Settings(dictionaries=own)
    (document,) = documents_of("Trồng mới 1.250 cây xanh; có 03 máy chủ.", tmp_path, settings)
    assert [f.indicator for f in extract(document, settings).figures] == ["servers", None]


@pytest.mark.parametrize("signals", ["|", "trồng mới||", "&|trồng mới & ", " | trồng mới"])
def test_an_empty_phrase_of_a_user_signals_nothing(signals: str, tmp_path: Path) -> None:
    columns = "id\tname_vi\tname_en\tdefinition\tunit\tkind\tlevel\tsignals\texcludes\n"
    own = tmp_path / "own"
    own.mkdir()
    (own / "indicators.tsv").write_text(
        f"{columns}trees\tCây\tTrees\tTrees planted\t\tcount\t\t{signals}\t| \n", encoding="utf-8"
    )
    settings = Settings(dictionaries=own)
    (document,) = documents_of("Trồng mới 1.250 cây xanh.", tmp_path, settings)
    (figure,) = extract(document, settings).figures
    assert figure.indicator == ("trees" if "trồng mới" in signals else None)
