"""Real public data: read where it lies, skipped with a reason where it does not."""

from pathlib import Path

import pytest

DATA = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture(scope="session")
def data():
    if not DATA.is_dir():
        pytest.skip("the real data sets are not on this machine (../shared/data)")
    return DATA
