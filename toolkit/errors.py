"""The toolkit's own errors: each lists everything wrong at once, in words the reader can act on."""

from difflib import get_close_matches


class ToolkitError(ValueError):
    """A file, a parameter or a policy cannot be used; nothing has been written."""


class SourceError(ToolkitError):
    """The export cannot be read as tickets."""


class ParameterError(ToolkitError):
    """A run's parameters are misspelt, missing or of the wrong kind."""


class PolicyError(ToolkitError):
    """A policy file holds mistakes."""


class RosterError(ToolkitError):
    """A roster of units and posts holds mistakes."""


class CatalogueError(ToolkitError):
    """A catalogue of who is in charge of what holds mistakes."""


class PeersError(ToolkitError):
    """A table of other counties' published rates holds mistakes."""


class SchemeError(ToolkitError):
    """A scoring scheme holds mistakes."""


class ReportError(ToolkitError):
    """A written report cannot be read."""


def list_mistakes(heading, mistakes):
    """The heading and every mistake under it, one a line; a mistake of several lines is set in."""
    indented = [str(mistake).replace("\n", "\n    ") for mistake in mistakes]
    return "\n".join([heading, *(f"  - {mistake}" for mistake in indented)])


def nearest(word, known):
    """' Did you mean …?' for a misspelt word, or nothing when no known word is near."""
    close = get_close_matches(str(word), [str(k) for k in known], n=1, cutoff=0.5)
    return f" Did you mean '{close[0]}'?" if close else ""


class RunError(ToolkitError):
    """A run cannot write where it should; what was there is as it was."""


class StoreError(ToolkitError):
    """The store cannot be read, or does not take this export; it is as it was before."""


class RegisterError(ToolkitError):
    """The register of orders cannot be read or written; it is as it was before."""
