"""One page, from the file to a `Page`: text layer, judge, OCR, and both weighed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pypdfium2.raw as pdfium_c

from baocao_etl.models import Correction, Page
from baocao_etl.reading import cache, images, pdf_layers, rendering, ruled
from baocao_etl.reading.engines import OcrError, OcrWord
from baocao_etl.reading.judge import Verdict, judge
from baocao_etl.reading.language import Language
from baocao_etl.reading.recognition import Observation, engines_of, interpret, observe
from baocao_etl.reading.rendering import PageError
from baocao_etl.reading.tokens import Composed, compose

if TYPE_CHECKING:
    import pypdfium2 as pdfium
    from PIL import Image

    from baocao_etl.models import Source, TextOrigin
    from baocao_etl.reading.recognition import Picture
    from baocao_etl.settings import Settings

_NO_LAYER = Verdict("ocr", "an image", 0.0)
_LEAST_BELIEF = 0.1  # in a word of a layer that does not read like Vietnamese


def read_pdf_page(source: Source, number: int, settings: Settings) -> Page:
    """Return page `number` of a PDF: its layer, or what OCR reads on its rendering, or both."""
    size: tuple[float, float] | None = None
    try:
        with rendering.opened(source, number, settings) as page:
            size = rendering.geometry(page).size
            chars = list(pdf_layers.characters(page))
            layer = compose(pdf_layers.parts(chars, size))
            verdict = judge(layer, _image_coverage(page), settings)
            if verdict.choice == "keep":
                if not layer.words and settings.ocr == "off":
                    return _failed(number, size, "the page has no text layer and OCR is off")
                if layer.words and ruled.has_rulings(page):
                    password = rendering.password_of(source, settings)
                    tables = ruled.find(source, number, page, password)
                    layer = compose(pdf_layers.parts(chars, size, tables)) if tables else layer
                return _page(number, size, "layer", layer, verdict.reason)

            def picture(dpi: float) -> tuple[Image.Image, float]:
                wanted = min(dpi, settings.dpi)
                affordable = rendering.affordable_dpi(page, wanted, settings.max_pixels)
                return rendering.render(page, affordable, grey=False), affordable

            seen = _observed(source, number, picture, settings)
    except (PageError, OcrError) as error:
        return _failed(number, size, str(error))
    return _recognised(number, size, seen, verdict, layer, settings)


def read_image_page(source: Source, number: int, settings: Settings) -> Page:
    """Return what OCR reads on page `number` of an image file."""
    if settings.ocr == "off":
        return _failed(number, None, "the page is an image and OCR is off")

    def picture(_: float) -> tuple[Image.Image, float]:
        scan = images.read(source, number, settings.max_pixels)
        return scan.image, scan.dpi

    try:
        seen = _observed(source, number, picture, settings)
    except (PageError, OcrError) as error:
        return _failed(number, None, str(error))
    return _recognised(number, seen.size, seen, _NO_LAYER, None, settings)


def _image_coverage(page: pdfium.PdfPage) -> float:
    """Return the share of `page` that its images cover, 0..1; overlaps count twice."""
    width, height = page.get_size()
    covered = 0.0
    for item in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        left, bottom, right, top = item.get_bounds()
        across = min(right, width) - max(left, 0.0)
        up = min(top, height) - max(bottom, 0.0)
        covered += max(0.0, float(across)) * max(0.0, float(up))
    return min(1.0, covered / float(width * height))


def _observed(source: Source, number: int, picture: Picture, settings: Settings) -> Observation:
    """Return what the engines read on the page, from the cache if it is there."""
    engines = engines_of(settings)
    versions = [engine.version() for engine in engines]
    key = cache.key_of([source.sha256, number, *versions, settings.dpi, settings.max_pixels])
    seen = cache.load(settings.cache_dir, key)
    if seen is None:
        seen = observe(picture, engines, settings.page_timeout)
        cache.save(settings.cache_dir, key, seen)
    return seen


def _recognised(
    number: int,
    size: tuple[float, float],
    seen: Observation,
    verdict: Verdict,
    layer: Composed | None,
    settings: Settings,
) -> Page:
    weighed = layer if verdict.choice == "weigh" else None
    language = Language.of(settings) if weighed or len(seen.readings) > 1 else None
    words = _doubted(weighed, verdict.score) if weighed else ()
    text = compose([interpret(seen, language, words)])
    reason = "; ".join((verdict.reason, *seen.steps))
    if weighed and not any(seen.readings):
        return _page(number, size, "layer", weighed, f"{reason}; OCR read nothing")
    return _page(number, size, "both" if weighed else "ocr", text, reason)


def _doubted(layer: Composed, score: float) -> tuple[OcrWord, ...]:
    """Return the words of a poor layer as a reading, believed as far as it reads well."""
    return tuple(
        OcrWord(word.raw, word.box, max(_LEAST_BELIEF, score))
        for word in layer.words
        if word.box is not None
    )


def _page(
    number: int, size: tuple[float, float], origin: TextOrigin, text: Composed, reason: str
) -> Page:
    return Page(
        number=number, width=size[0], height=size[1], text_origin=origin, judgement=reason,
        raw_text=text.raw_text, words=text.words, corrections=_corrections(number, text),
        fonts=text.fonts if any(text.fonts) else (),
        rivals=text.rivals if any(text.rivals) else (), turns=text.turns,
    )  # fmt: skip


def _corrections(number: int, text: Composed) -> tuple[Correction, ...]:
    """Return what the picture shows otherwise than the engine read it."""
    return tuple(
        Correction(
            page=number, offset=word.offset, raw=word.raw, text=word.text,
            reason="separators", confidence=round(word.confidence, 4),
        )
        for word in text.words
        if word.text != word.raw
    )  # fmt: skip


def _failed(number: int, size: tuple[float, float] | None, error: str) -> Page:
    width, height = size or (None, None)
    return Page(
        number=number, width=width, height=height, text_origin="ocr", quality=0.0,
        raw_text="", error=error,
    )  # fmt: skip
