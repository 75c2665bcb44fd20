"""How many examples a property is tried on."""

from hypothesis import settings


def examples(count):
    """So many made-up examples, the same ones each time; ten times as many, new ones, in `make test-long`."""
    return settings(max_examples=10 * count if settings.get_current_profile_name() == "long" else count)
