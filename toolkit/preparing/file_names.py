"""Names of files that every system takes: of reports and of notices."""

import hashlib
import re

RESERVED = re.compile(r"(?i)con|prn|aux|nul|(?:com|lpt)[\d¹²³]")  # by Windows, whatever stands after the dot
LONGEST = 60  # characters


def name_files(names):
    """Name → the file's, without its ending: the name itself where every system allows it, else marked by a hash.

    No two are the same, in capitals or not.
    """
    files, taken = {}, set()
    for name in names:
        file = re.sub(r"[^\w（）〔〕()-]", "_", name)[:LONGEST]
        if file != name or file.casefold() in taken or RESERVED.fullmatch(file):
            file += "-" + hashlib.sha256(name.encode()).hexdigest()[:8]
        taken.add(file.casefold())
        files[name] = file
    return files
