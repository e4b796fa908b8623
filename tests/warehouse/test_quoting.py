"""Whatever a file, a column or a comment is called, it stays one string or one name of SQL."""

from __future__ import annotations

import duckdb
from hypothesis import given
from hypothesis import strategies as st

from baocao_etl.warehouse.quoting import identifier, literal

texts = st.text(
    st.one_of(
        st.sampled_from("'\"\\;$-\n"), st.characters(exclude_categories=("Cs",), min_codepoint=1)
    )
)


@given(texts, texts.filter(bool))
def test_quoted_text_comes_back(text: str, name: str) -> None:
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT {literal(text)} AS {identifier(name)}")
        assert [column[0] for column in found.description] == [name]
        assert found.fetchall() == [(text,)]
