"""A small report for tests, written for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

REPORT = """\
ỦY BAN NHÂN DÂN            CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
HUYỆN THANH SƠN            Độc lập - Tự do - Hạnh phúc
Số: 118/BC-UBND            Thanh Sơn, ngày 12 tháng 11 năm 2021

BÁO CÁO
Kết quả cải cách thủ tục hành chính năm 2021

I. KẾT QUẢ THỰC HIỆN
1. Tiếp nhận và giải quyết hồ sơ
Trong năm, Bộ phận Một cửa đã tiếp nhận 4.210 hồ sơ, trong đó có 1.305 hồ sơ trực tuyến.
Tỷ lệ giải quyết đúng hạn đạt 98,5%.
2. Trang thiết bị
Đã lắp đặt 17 máy tính tại 12/23 xã với kinh phí 640 triệu đồng.
II. PHƯƠNG HƯỚNG
Phấn đấu năm 2022 có 80% hồ sơ được tiếp nhận trực tuyến.

Nơi nhận:                                   TM. ỦY BAN NHÂN DÂN
- Như trên;                                 CHỦ TỊCH
- Lưu: VT.                                  Trần Văn Bình
"""

# These say when and by which run, so they differ between two loads of the same.
TIMES = {
    "run_id",
    "ingested_at",
    "loaded_at",
    "quarantined_at",
    "started_at",
    "finished_at",
    "applied_at",
    "seconds",
}
HISTORY = {"runs", "run_files", "schema_migrations"}


def content(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[object, ...]]]:
    """All rows of the warehouse by table, but for history and times."""
    names = [str(name) for (name,) in connection.execute("SHOW TABLES").fetchall()]
    return {table: _rows(connection, table) for table in sorted(set(names) - HISTORY)}


def _rows(connection: duckdb.DuckDBPyConnection, table: str) -> list[tuple[object, ...]]:
    found = connection.execute(f"SELECT * FROM {table}")  # noqa: S608 - a name of the schema
    kept = [i for i, column in enumerate(found.description or []) if column[0] not in TIMES]
    return sorted((tuple(row[i] for i in kept) for row in found.fetchall()), key=repr)
