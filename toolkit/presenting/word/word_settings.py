"""parameters/word.yml: the page of a Word document, its page number, fonts that may be missing, and fixed words."""

from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from toolkit.errors import ParameterError
from toolkit.settings import PROJECT, Settings, read_settings

SETTINGS_FILE = PROJECT / "parameters" / "word.yml"
OUTSIDE, CENTRED = "单右双左", "居中"
A4_MM = (210, 297)
MM_PER_POINT = 25.4 / 72
TWIPS = 20  # a point; Word's own unit of length
TABLE_STYLE = "公文表格"

Margin = Annotated[float, Field(ge=5, le=80)]


class PageSettings(Settings):
    """Margins in millimetres, the exact pitch of lines in points, and how many characters stand on a line."""

    top_mm: Margin
    bottom_mm: Margin
    left_mm: Margin
    right_mm: Margin
    line_points: Annotated[float, Field(ge=16, le=60)]
    characters: Annotated[int, Field(ge=15, le=45)]

    @property
    def width_points(self):
        """The width of the text."""
        return (A4_MM[0] - self.left_mm - self.right_mm) / MM_PER_POINT

    @property
    def height_points(self):
        """The height of the text."""
        return (A4_MM[1] - self.top_mm - self.bottom_mm) / MM_PER_POINT


class PageNumberSettings(Settings):
    """How the page number is written and where it stands."""

    form: str
    place: Literal["单右双左", "居中"]
    below_mm: Annotated[float, Field(ge=0, le=30)]

    @field_validator("form")
    @classmethod
    def _holds_the_number_once(cls, form):
        if form.count("{}") != 1:
            raise ValueError("expected one {} where the number stands, as in '— {} —'")
        return form


class NoticeSettings(Settings):
    """What every 督办单 says."""

    heading: str
    title: str
    contact: str
    phone: str


class WordSettings(Settings):
    """The shape of word.yml."""

    page: PageSettings
    page_number: PageNumberSettings
    fonts: dict[str, str]
    organ: str
    letterhead: str
    send_to: str
    copy_to: str
    notice: NoticeSettings

    @model_validator(mode="after")
    def _page_number_stands_on_the_page(self):
        room = self.page.bottom_mm - self.page_number.below_mm
        if room < 10:
            raise ValueError(
                f"page.bottom_mm less page_number.below_mm leaves {room:g} mm for the page number: expected 10 or more"
            )
        return self


def read_word_settings(path=SETTINGS_FILE):
    """The settings of Word documents; ParameterError names every mistake."""
    return read_settings(WordSettings, path, ParameterError)
