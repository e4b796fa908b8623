"""Kill `baocao ingest` at random moments, again and again, and count what is lost, doubled or half.

    python -m benchmarks.crash [--kills 200] [--documents 60]

Each kill (SIGKILL) hits a run over the same folder; when a run gets to its end before its kill, a new
warehouse is begun. Every warehouse must in the end equal that of an undisturbed run, row for row.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from baocao_etl.warehouse import open_warehouse

REPORT = """ỦY BAN NHÂN DÂN
HUYỆN SỐ {n}
Số: {n}/BC-UBND          Huyện số {n}, ngày 05 tháng 12 năm 2021

BÁO CÁO
Kết quả giải quyết thủ tục hành chính năm 2021

I. KẾT QUẢ
1. Tiếp nhận hồ sơ
Trong năm đã tiếp nhận {a} hồ sơ, trong đó có {b} hồ sơ trực tuyến, đạt {c}%.
2. Trang thiết bị
Đã lắp đặt {d} máy tính tại {e}/23 xã với kinh phí {f} triệu đồng.
"""
# When and by which run a row was written; everything else must be equal.
VARYING = {"run_id", "ingested_at", "loaded_at", "quarantined_at"}
HISTORY = {"runs", "run_files", "schema_migrations"}


def write_reports(folder: Path, count: int) -> None:
    """Write `count` small reports, all different."""
    rng = random.Random(7)
    folder.mkdir()
    for n in range(1, count + 1):
        numbers = {key: rng.randrange(1, 2000) for key in "abcdef"}
        (folder / f"{n:03}.txt").write_text(REPORT.format(n=n, **numbers), encoding="utf-8")


def start(folder: Path, db: Path) -> subprocess.Popen[bytes]:
    """Start an ingest."""
    code = "from baocao_etl.cli import main; main()"
    command = [sys.executable, "-c", code, "ingest", str(folder), "--db", str(db), "--quiet"]
    return subprocess.Popen([*command, "--jobs", "0"])


def content(db: Path) -> dict[str, list[str]]:
    """Return all rows by table, history and times left out."""
    with open_warehouse(db, read_only=True) as connection:
        names = {str(name) for (name,) in connection.execute("SHOW TABLES").fetchall()}
        tables = sorted(name for name in names - HISTORY if not name.startswith("v_"))
        return {table: rows(connection, table) for table in tables}


def rows(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """Return the rows of a table as text, sorted."""
    found = connection.execute(f"SELECT * FROM {table}")  # noqa: S608 - names of the schema
    kept = [i for i, column in enumerate(found.description or []) if column[0] not in VARYING]
    return sorted(repr([row[i] for i in kept]) for row in found.fetchall())


def main() -> None:
    """Kill, compare, print; exit with 1 if anything differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--documents", type=int, default=60)
    wanted = parser.parse_args()
    rng = random.Random(11)
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        write_reports(base / "reports", wanted.documents)
        started = time.monotonic()
        start(base / "reports", base / "calm.duckdb").wait()
        calm, length = content(base / "calm.duckdb"), time.monotonic() - started
        kills = warehouses = wrong = 0
        while kills < wanted.kills:
            db = base / f"killed-{warehouses}.duckdb"
            while (process := start(base / "reports", db)).poll() is None:
                try:
                    process.wait(rng.uniform(0.2, length))
                    break  # it got to its end
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
                    kills += 1
            warehouses += 1
            wrong += content(db) != calm
            db.unlink()
    print(f"{kills} kills of an ingest of {wanted.documents} files that takes {length:.1f} s")
    print(f"{warehouses} warehouses finished; {wrong} differ from that of an undisturbed run")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
