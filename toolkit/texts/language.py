"""Whether texts are Chinese: what the vocabularies of rules can read at all."""

HAN = r"[\u3400-\u9fff]"
MOSTLY = 0.5  # the share of a table's texts with a Chinese character, below which no rule reads them


def is_chinese(tickets, columns=("title", "content", "reply")):
    """Whether at least half of the tickets with a title, content or reply have a Chinese character in it.

    True where there is no text at all: what lacks is then named as a missing column.
    """
    texts = tickets.reindex(columns=list(columns)).astype("str")
    has_text, has_han = texts.notna().any(axis=1), texts.apply(lambda text: text.str.contains(HAN, na=False))
    return not has_text.any() or has_han.any(axis=1).sum() >= MOSTLY * has_text.sum()
