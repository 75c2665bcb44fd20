"""Words that announce a ticket number, in NFKC and small letters; and numbers of other things: data only."""

_KIND = r"(?:工单|诉求|来电|来信|信件|留言|投诉|举报|办件|受理|事项|热线|交办|转办|派单|催办)"
_BEFORE = r"(?:前期|前次|前一|上次|上一|此前|之前|先前|以前|原|旧|关联|相关|重复|相同|同一|并入|合并至|主)"
_IS = r"[为是:#\s(【\[「“\"]*"
ANNOUNCED = (
    rf"(?:{_KIND}(?:的)?(?:编号|编码|单号|流水号|号码|号|id)|单号|"
    rf"{_BEFORE}的?(?:\w{{0,4}})?(?:工单|诉求单|来电单|件号|单)(?:编号|号)?|工单){_IS}"
)
OTHER_NUMBERS = r"(?:快递|运|订|保|账|票|罚|货|提|报警|物流|邮|电费|水费|缴费|收费)单(?:号|编号)?"
AND = r"\s*[、,;和及与]\s*(?:工单|编号|单号)*"
# After a number: it counts something and names no ticket.
COUNTED = r"\s*(?:余|多)?(?:件|个|张|份|次|起|条|天|日|月|年|人|户|元|万|米|公里|小时|分钟|%|类|项)"
