"""Tables drawn as boxed words, as OCR gives them, with what they say."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from baocao_etl.models import Box, Page, Word

HEIGHT, SPACE, LETTER = 9.0, 3.0, 5.0
NAMES = ("Máy tính", "Dân số trung bình", "Tỷ lệ bảo hiểm", "Hồ sơ đã giải quyết", "Trường học",
         "Số lượt khám bệnh", "Diện tích rừng", "Thu ngân sách", "Chi thường xuyên")  # fmt: skip
LONGER = ("tại các xã", "trên địa bàn huyện", "từ đầu năm đến nay")


@dataclass
class DrawnTable:
    """What a table says, and the words that it is drawn with."""

    headings: list[str]
    rows: list[list[str]]
    words: list[tuple[float, float, str]] = field(default_factory=list)  # x0, y0, text

    def page(self, rng: random.Random, jitter: float) -> Page:
        """Return the page: lines by height, tabs at wide gaps, words shifted by up to `jitter`."""
        lines: dict[float, list[tuple[float, str]]] = {}
        for x, y, text in self.words:
            lines.setdefault(y, []).append((x, text))
        raw, words = "", []
        for number, (y, line) in enumerate(sorted(lines.items()), start=1):
            end = 0.0
            for x0, text in sorted(line):
                x = x0 + rng.uniform(-jitter, jitter)
                if end:
                    raw += "\t" if x - end > 1.5 * HEIGHT else " "
                top = y + rng.uniform(-jitter, jitter)
                box = Box(x, top, x + LETTER * len(text), top + HEIGHT)
                words.append(Word(text, text, len(raw), number, box))
                raw += text
                end = box.x1
            raw += "\n"
        return Page(
            number=1, width=842, height=595, text_origin="ocr", raw_text=raw, words=tuple(words)
        )

    def write(self, text: str, left: float, right: float, y: float, align: str = "left") -> None:
        """Write `text` between two sides."""
        width = sum(LETTER * len(w) for w in text.split()) + SPACE * (len(text.split()) - 1)
        x = {"left": left, "right": right - width, "centre": (left + right - width) / 2}[align]
        for word in text.split():
            self.words.append((x, y, word))
            x += LETTER * len(word) + SPACE


def draw(
    rng: random.Random, columns: int, rows: int, *, two_lines: bool, broken: bool
) -> DrawnTable:
    """Draw a table: running number, name, `columns` of values; heads over two lines, names broken."""
    sides = [(40.0, 60.0), (80.0, 240.0)]
    sides += [(260.0 + 110 * c, 340.0 + 110 * c) for c in range(columns)]
    years = [f"năm {2019 + c}" for c in range(columns)]
    table = DrawnTable(["TT", "Chỉ tiêu", *(f"Thực hiện {year}" for year in years)], [])
    y = 100.0
    if two_lines:
        for (left, right), year in zip(sides[2:], years, strict=True):
            table.write("Thực hiện", left, right, y, "centre")
            table.write(year, left, right, y + 12, "centre")
        table.write("TT", *sides[0], y + 12, "centre")
        table.write("Chỉ tiêu", *sides[1], y + 12, "centre")
        y += 12
    else:
        for (left, right), heading in zip(sides, table.headings, strict=True):
            table.write(heading, left, right, y, "centre")
    for r in range(rows):
        y += 22
        name = rng.choice(NAMES)
        values = [f"{rng.randint(1, 99_999):,}".replace(",", ".") for _ in range(columns)]
        if columns > 1 and rng.random() < 0.3:
            values[rng.randrange(1, columns)] = ""
        for value, (left, right) in zip(values, sides[2:], strict=True):
            table.write(value, left, right, y, "right")
        table.write(str(r + 1), *sides[0], y, "centre")
        table.write(name, *sides[1], y)
        if broken and rng.random() < 0.4:
            more = rng.choice(LONGER)
            y += 12
            table.write(more, *sides[1], y)
            name += f" {more}"
        table.rows.append([str(r + 1), name, *values])
    return table
