from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from baocao_etl.models import Box
from baocao_etl.reading.tokens import Part, Token, compose

WORD = st.text(st.sampled_from("aầ1.%"), min_size=1, max_size=8)


@st.composite
def lines(draw: st.DrawFn) -> list[Token]:
    """A line of tokens from left to right, with gaps of any width."""
    x, y = 0.0, draw(st.floats(0, 800))
    tokens = []
    for text in draw(st.lists(WORD, max_size=6)):
        x += draw(st.floats(1, 60))
        tokens.append(Token(text, Box(x, y, x + 5 * len(text), y + 10), 0.5, "Serif"))
        x += 5 * len(text)
    return tokens


BLOCKS = st.lists(st.lists(lines(), max_size=4), max_size=4)


@given(BLOCKS)
def test_raw_text_holds_the_words_at_their_offsets(blocks: list[list[list[Token]]]) -> None:
    text = compose([Part(blocks)])
    tokens = [token for block in blocks for line in block for token in line]
    assert [word.raw for word in text.words] == [token.text for token in tokens]
    assert [word.box for word in text.words] == [token.box for token in tokens]
    assert text.raw_text.split() == [token.text for token in tokens]
    for word in text.words:
        assert text.raw_text[word.offset : word.end] == word.raw == word.text
    assert all(a.end < b.offset for a, b in pairwise(text.words))
    assert len(text.fonts) == len(text.words)


@given(BLOCKS)
def test_lines_and_blocks_are_told_apart(blocks: list[list[list[Token]]]) -> None:
    text = compose([Part(blocks)])
    filled = [[line for line in block if line] for block in blocks]
    filled = [block for block in filled if block]
    assert [len(part.split("\n")) for part in text.raw_text.split("\n\n") if part] == [
        len(block) for block in filled
    ]
    assert [word.line for word in text.words] == [
        number
        for number, line in enumerate((line for block in filled for line in block), 1)
        for _ in line
    ]


def test_a_wide_gap_is_a_tab() -> None:
    a, b, c = (Token(t, Box(x, 0, x + 10, 10)) for t, x in (("a", 0), ("b", 14), ("c", 60)))
    assert compose([Part([[[a, b, c]]])]).raw_text == "a b\tc"


def test_boxes_are_placed_on_the_page() -> None:
    token = Token("a", Box(0, 0, 10, 10))
    moved = compose([Part([[[token]]], lambda box: Box(*(side + 5 for side in box)))])
    assert moved.words[0].box == Box(5, 5, 15, 15)
