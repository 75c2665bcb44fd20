"""What becomes of the tickets that were ticked: orders to the units, in Word and in the register."""

from toolkit.errors import ToolkitError

LEVELS = ["一般督办", "重点督办", "提级督办"]
ANSWER_DAYS = [1, 2, 3, 5, 7, 10, 15]  # working days to choose from
USUAL_DAYS = 5


def issue_orders(report, ticks, folder):
    """Enter the ticked tickets into the register and write the units' notices.

    ticks: ticket_id → level, days (working days to answer), note. Raises ToolkitError: there is no register yet.
    """
    raise ToolkitError("督办单和台账尚未启用；勾选、等级、时限和备注已保存")
