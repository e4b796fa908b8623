"""One reading per discourse."""

from __future__ import annotations

import numpy as np
import pytest

from baocao_etl.repair import lexicon
from baocao_etl.repair.discourse import SURE, Phrases, agreed
from baocao_etl.repair.lattice import Place, Ranked
from baocao_etl.settings import Settings

NGRAMS = lexicon(Settings()).ngrams
WORDS = np.array([10, 11], np.uint16)
PLACE = Place(WORDS, np.log(np.exp(-NGRAMS.single[WORDS])).astype(np.float32))  # alike likely


def test_sure_places_decide_their_doubtful_like() -> None:
    found = [Ranked((0, 1), (0.0, 1.0)), Ranked((1, 0), (1.0, 0.0)), Ranked((0, 1), (0.6, 0.4))]
    first, second, third = agreed(NGRAMS, [PLACE] * 3, found)
    assert (first, second) == (found[0], found[1])
    assert third.p[1] > 0.5
    assert sum(third.p) == pytest.approx(1.0)


def test_a_place_alone_or_sure_or_unlike_stays_as_it_is() -> None:
    doubtful = Ranked((0, 1), (0.6, 0.4))
    assert agreed(NGRAMS, [PLACE], [doubtful]) == [doubtful]
    sure = Ranked((0, 1), (SURE + 0.005, 0.005 - SURE + 0.99))
    assert agreed(NGRAMS, [PLACE] * 2, [sure, Ranked((1, 0), (1.0, 0.0))])[0] == sure
    other = Place(np.array([20, 21], np.uint16), PLACE.logp)
    assert agreed(NGRAMS, [PLACE, other], [doubtful, doubtful]) == [doubtful, doubtful]


def test_what_the_page_says_elsewhere_speaks_for_itself() -> None:
    doubtful = Ranked((0, 1), (0.6, 0.4))
    page = [10, 7, 5, 11, 7, 6, 11, 7]  # "10 7" once, where it is doubtful; "11 7" twice
    (weighed,) = Phrases(page).weighed([PLACE], [doubtful], {0: 0})
    assert weighed.p[1] > 0.7
    assert sum(weighed.p) == pytest.approx(1.0)


def test_a_word_does_not_speak_for_itself() -> None:
    doubtful = Ranked((0, 1), (0.6, 0.4))
    (weighed,) = Phrases([10, 7, 5]).weighed([PLACE], [doubtful], {0: 0})
    assert weighed.p == pytest.approx(doubtful.p)
    assert Phrases([10, 7]).weighed([PLACE], [doubtful], {}) == [doubtful]
