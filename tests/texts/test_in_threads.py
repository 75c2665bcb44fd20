"""Parts of texts done at a time."""

import pytest

from toolkit.texts.in_threads import do_in_threads


@pytest.mark.parametrize("parts", [[], [3], [3, 1, 2]])
def test_what_is_made_of_the_parts_comes_in_their_order(parts):
    assert do_in_threads(lambda part: part * part, parts) == [part * part for part in parts]


def test_what_goes_wrong_in_a_part_is_raised():
    with pytest.raises(ZeroDivisionError, match="division by zero"):
        do_in_threads(lambda part: 1 / part, [1, 0])
