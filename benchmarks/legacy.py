"""Measure the legacy decoders: detection per line, mojibake, false alarms, speed, legacy PDFs.

Text comes from the corpora that the profile has not seen (mixed_admin, vlc_laws, baomoi). Each line is
measured alone, without its font and without its page. Beside our figures stand those of ftfy and, when
it is installed (it is no dependency), of viparse.

    python -m benchmarks.legacy [--lines 4000]
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import itertools
import lzma
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import ftfy
import pdfplumber
from pdfplumber.utils.clustering import cluster_objects
from rapidfuzz.distance import Levenshtein

from baocao_etl.dictionaries import Dictionaries
from baocao_etl.repair.encodings import mend_encoding, mend_words, survey
from baocao_etl.repair.legacy import CHARSETS, load_charset
from baocao_etl.repair.orthography import MARKED_LETTERS, normalise_tone, same_spelling

SHARED = Path(__file__).resolve().parents[2] / "shared"
TABLES = Dictionaries()
MARKED = re.compile(f"[{MARKED_LETTERS}]")
CLEAN = re.compile(f"[ -~{MARKED_LETTERS}“”‘’–—…]*")

Mender = Callable[[str], str]


def corpus(name: str, count: int, every: int = 7) -> list[str]:
    """Return `count` clean lines with marks, spread over the corpus."""
    found: list[str] = []
    path = SHARED / "corpora" / f"{name}.txt.xz"
    with lzma.open(path, "rt", encoding="utf-8") as stream:
        for number, line in enumerate(stream):
            text = line.strip()[:400]
            if number % every == 0 and MARKED.search(text) and CLEAN.fullmatch(text):
                found.append(text)
                if len(found) == count:
                    break
    return found


def ours(text: str) -> str:
    """Mend one line that nothing else is known about."""
    return mend_encoding(text, TABLES).text


def viparse_menders(charset: str) -> dict[str, Mender]:
    """Return viparse, if installed: told the encoding, and left to find it by itself."""
    if importlib.util.find_spec("viparse") is None:
        return {}
    normalize = importlib.import_module("viparse.normalize.encodings")
    convert = importlib.import_module("viparse.normalize.tables").convert
    detect = importlib.import_module("viparse.normalize.detector").detect_encoding_by_content

    candidates = normalize.AUTO_DETECT_CHARMAPS

    def told(text: str) -> str:
        return str(convert(latin1(text, charset), normalize.get_charmap(charset), "NFC"))

    def auto(text: str) -> str:
        charmap = normalize.get_charmap(detect(latin1(text, charset), candidates).encoding or "")
        return str(convert(latin1(text, charset), charmap, "NFC")) if charmap else text

    return {"viparse told": told, "viparse auto": auto}


def latin1(text: str, charset: str) -> str:
    """Write the codes of VPS and VISCII as Latin-1, which is what viparse wants to see."""
    if charset not in ("vps", "viscii"):
        return text
    return "".join(c.encode("cp1252", errors="ignore").decode("latin-1") or c for c in text)


def damage_charset(name: str) -> Callable[[str], str | None]:
    """Return what writes a line in the charset `name`; None for what it cannot write."""
    charset = load_charset(TABLES, name)
    # VPS and VISCII have letters where Windows-1252 has typographic punctuation.
    lacks = re.compile("[“”‘’–—…]" if name in ("vps", "viscii") else "(?!)")
    return lambda line: None if lacks.search(line) else charset.encode(line)


def damage_utf8(codepage: str, errors: str) -> Callable[[str], str | None]:
    """Return what reads a line's UTF-8 as `codepage`; bytes it lacks are dropped or replaced."""
    return lambda line: line.encode().decode(codepage, errors=errors)


def share_right(lines: Iterable[str], damage: Callable[[str], str | None], mend: Mender) -> float:
    """Return the share of lines whose damage `mend` undoes, but for case and tone placement."""
    pairs = [(damaged, line) for line in lines if (damaged := damage(line)) not in (None, line)]
    return sum(same_spelling(mend(damaged or ""), line) for damaged, line in pairs) / len(pairs)


def false_alarms(lines: Iterable[str]) -> int:
    """Return how many clean lines were changed; print the first."""
    changed = [(line, mended) for line in lines if (mended := ours(line)) != line]
    for line, mended in changed[:10]:
        print(f"    changed: {line[:90]!r} -> {mended[:90]!r}")
    return len(changed)


def print_charsets(name: str, lines: list[str]) -> None:
    """Print the share of lines of one corpus that come back right."""
    print(f"\n{name}: share of {len(lines)} lines decoded right, each line alone")
    for charset in CHARSETS:
        damage = damage_charset(charset)
        menders = {"ours": ours} | viparse_menders(charset)
        shares = (f"{who} {share_right(lines, damage, mend):.4f}" for who, mend in menders.items())
        print(f"  {charset:24}", *shares, sep="   ")
    for codepage, errors in itertools.product(("cp1252", "cp1258"), ("replace", "ignore")):
        damage = damage_utf8(codepage, errors)
        menders = {"ours": ours, "ftfy": ftfy.fix_text}
        shares = (f"{who} {share_right(lines, damage, mend):.4f}" for who, mend in menders.items())
        print(f"  {f'utf8 as {codepage}, {errors}':24}", *shares, sep="   ")
    print("  false alarms on the clean lines:", false_alarms(lines))


def print_speed(lines: list[str]) -> None:
    """Print syllables a second for clean and for damaged text, whole texts of many lines."""
    for name in ("clean", *CHARSETS, "utf8"):
        damage = damage_utf8("cp1252", "replace") if name == "utf8" else None
        damage = damage_charset(name) if name in CHARSETS else damage
        text = "\n".join((damage(line) or "") if damage else line for line in lines)
        started = time.perf_counter()
        mend_encoding(text, TABLES)
        rate = len(text.split()) / (time.perf_counter() - started)
        print(f"  {name:10} {rate:12,.0f} syllables/s")


def pdf_lines(path: Path) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the words and their fonts (the commonest of each word's characters), line by line."""
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            words = page.extract_words(return_chars=True)
            for line in cluster_objects(words, "top", tolerance=3):
                row = sorted(line, key=lambda word: float(word["x0"]))
                yield [w["text"] for w in row], [main_font(w["chars"]) for w in row]


def main_font(chars: list[dict[str, Any]]) -> str:
    """Return the commonest font of a word's characters."""
    return str(Counter(char["fontname"] for char in chars).most_common(1)[0][0])


def marked_right(gold: str, text: str) -> tuple[int, int]:
    """Return how many of the letters with marks of `gold` are right in `text`, of how many."""
    gold, text = normalise_tone(" ".join(gold.split())), normalise_tone(" ".join(text.split()))
    total = len(MARKED.findall(gold))
    wrong = sum(
        len(MARKED.findall(gold[op.src_start : op.src_end]))
        for op in Levenshtein.opcodes(gold, text)
        if op.tag != "equal"
    )
    return total - wrong, total


def print_pdfs() -> None:
    """Print the letters with marks that are right in the legacy PDFs."""
    for path in sorted((SHARED / "legacy_pdf").glob("*.pdf")):
        gold = path.with_suffix(".txt").read_text(encoding="utf-8")
        lines = list(pdf_lines(path))
        page = survey((words for words, _ in lines), TABLES)
        for fonts in (True, False):
            mended = (mend_words(w, TABLES, f if fonts else None, page) for w, f in lines)
            text = "\n".join(" ".join(m.text for m in line) for line in mended)
            cased = "{}/{}".format(*marked_right(gold, text))
            right, total = marked_right(gold.lower(), text.lower())
            print(
                f"  {path.name[:30]:30} {'with' if fonts else 'without'} font names: "
                f"{right}/{total} = {right / total:.4f} (case counted: {cased})"
            )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, default=4000)
    count = parser.parse_args().lines
    corpora = {name: corpus(name, count) for name in ("mixed_admin", "vlc_laws", "baomoi")}
    for name, lines in corpora.items():
        print_charsets(name, lines)
    print("\nspeed")
    print_speed(corpora["mixed_admin"])
    print("\nletters with marks that are right in the legacy PDFs")
    print_pdfs()


if __name__ == "__main__":
    main()
