import sys

# jsonschema, which Altair and nbformat import, would first build a parser for addresses in other scripts: a
# second of every report's start, for a check that none of their schemas asks for. Without it, it does without.
sys.modules.setdefault("rfc3987_syntax", None)
