"""Where a path that a person types is looked for: where they stand, then in the project's folder."""

from pathlib import Path

from toolkit.errors import SourceError, list_mistakes
from toolkit.settings import PROJECT


def find_typed(given, error=SourceError):
    """The path of a file, folder or pattern as the person who types it means it.

    First in the folder where they stand, then in the project's. Raises the error saying where it looked.
    """
    folders = list(dict.fromkeys([Path.cwd(), PROJECT]))
    for folder in folders:
        if _is_there(folder, str(given)):
            return folder / given
    looked = [f"looked at {folder / given}" for folder in folders]
    raise error(
        list_mistakes(f"no file, folder or pattern '{given}': expected a path from one of these", looked)
    )


def _is_there(folder, given):
    """Whether there is such a file or folder, or one that fits the pattern."""
    try:
        return (folder / given).exists() or (not Path(given).is_absolute() and any(folder.glob(given)))
    except (OSError, ValueError, NotImplementedError):
        return False
