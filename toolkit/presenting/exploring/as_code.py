"""A stand-in: the condition as a comment."""


def write_code(where, search="", sort="", down=False):
    """The condition in words."""
    return f"# {where!r} {search!r} {sort!r} {down!r}"
