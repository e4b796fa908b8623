"""Pages that the tests draw themselves, with a font that has every Vietnamese letter."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

if TYPE_CHECKING:
    from pathlib import Path

A4 = (595.0, 842.0)
LINES = (
    "Năm 2020, Ủy ban nhân dân huyện đã tiếp nhận 1995 hồ sơ,",
    "trong đó giải quyết đúng hạn 1854 hồ sơ, đạt tỷ lệ 93 phần trăm.",
    "Các cơ quan, đơn vị đã ứng dụng công nghệ thông tin trong công việc",
    "và cung cấp dịch vụ công trực tuyến cho người dân và doanh nghiệp.",
)


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    found = files("fontpkg_noto_serif") / "files" / "NotoSerif[wdth,wght].ttf"
    return ImageFont.truetype(str(found), size)


def page_image(lines: tuple[str, ...] = LINES, *, dpi: int = 200, mode: str = "L") -> Image.Image:
    """Draw `lines` of 13 points on white A4."""
    scale = dpi / 72
    image = Image.new("RGB", (round(A4[0] * scale), round(A4[1] * scale)), "white")
    draw = ImageDraw.Draw(image)
    for i, line in enumerate(lines):
        draw.text((70 * scale, (80 + 24 * i) * scale), line, "black", font(round(13 * scale)))
    return image.convert(mode)


@cache
def _pdf_font() -> str:
    # reportlab wants a font without variations; DejaVu comes with no package we depend on, so the
    # variable font's default instance is registered as it is.
    found = files("fontpkg_noto_serif") / "files" / "NotoSerif[wdth,wght].ttf"
    pdfmetrics.registerFont(TTFont("Serif", str(found)))
    return "Serif"


class Pdf:
    """A PDF drawn in points with the origin at the top left, as pages are read."""

    def __init__(self, path: Path, size: tuple[float, float] = A4) -> None:
        self.path, self.size = path, size
        self.canvas = Canvas(str(path), pagesize=size, invariant=1)

    def text(self, x: float, y: float, text: str, size: float = 13) -> Pdf:
        """Write `text` with its baseline at y from the top."""
        self.canvas.setFont(_pdf_font(), size)
        self.canvas.drawString(x, self.size[1] - y, text)
        return self

    def lines(self, lines: tuple[str, ...] = LINES) -> Pdf:
        for i, line in enumerate(lines):
            self.text(70, 100 + 24 * i, line)
        return self

    def image(self, image: Image.Image) -> Pdf:
        """Lay `image` over the whole page."""
        from reportlab.lib.utils import ImageReader

        self.canvas.drawImage(ImageReader(image), 0, 0, *self.size)
        return self

    def end_page(self) -> Pdf:
        self.canvas.showPage()
        return self

    def save(self) -> Path:
        self.canvas.save()
        return self.path
