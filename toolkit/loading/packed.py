"""zip and gz → the files inside, by the names a person sees; what would burst the memory is refused."""

import gzip
import io
import zipfile
from pathlib import PurePosixPath

from toolkit.errors import SourceError

PLENTY = 100_000_000  # bytes that may come out of however few
SWELLING = 100  # beyond that, how many times its size a file may become: tables swell 10 to 30 times
UTF8_NAME, ENCRYPTED = 0x800, 0x1
IN_WINDOWS, IN_ZIP = "gb18030", "cp437"


def require_modest(size, packed):
    """Raises SourceError for a file that becomes far larger than any table does."""
    if size > max(PLENTY, SWELLING * packed):
        raise SourceError(
            f"unpacked it would be {size // 1_000_000:,} MB, {size // max(packed, 1):,} times its size, as no table is: "
            "it is not opened"
        )


def require_modest_zip(content):
    """The same for all that is in a zip, or in a workbook, which is one."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        require_modest(sum(info.file_size for info in archive.infolist()), len(content))


def unpack_gz(content):
    """The bytes in a gz. Raises SourceError where they are too many."""
    most = max(PLENTY, SWELLING * len(content))
    with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
        unpacked = stream.read(most + 1)
    require_modest(len(unpacked), len(content))
    return unpacked


def list_members(archive):
    """Name as a person sees it → the file of that name in a zip; folders are none."""
    return {_name_seen(info): info for info in archive.infolist() if not info.is_dir()}


def read_member(archive, info):
    """The bytes of a file in a zip. Raises SourceError where it has a password."""
    if info.flag_bits & ENCRYPTED:
        raise SourceError("it has a password: unpack it, and load what is inside")
    return archive.read(info)


def _name_seen(info):
    """Windows writes names in GBK and does not say so; whoever says UTF-8 is believed."""
    name = info.filename
    if not info.flag_bits & UTF8_NAME:
        for encoding in ("utf-8", IN_WINDOWS):
            try:
                name = info.filename.encode(IN_ZIP).decode(encoding)
                break
            except UnicodeError:
                continue
    return str(PurePosixPath(name.replace("\\", "/")))
