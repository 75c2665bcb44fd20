"""What the rules about words must find among the contents of made-up counties, as a person reads them.

Each function takes the clocked tickets as dicts, the flow log as dicts in order, the policy and as_of, and
gives the ticket numbers.
"""

RISKS = ["乙镇西街路面塌陷，有人掉进去了"]
COMPLAINTS = DENIALS = ["上次的工单显示办结了，但问题没有解决，也没有工作人员联系我"]


def risk_words(tickets, log, policy, as_of):
    return [t["ticket_id"] for t in _come(tickets, as_of, ("作废", "撤单")) if t["content"] in RISKS]


def handling_complained(tickets, log, policy, as_of):
    return [t["ticket_id"] for t in _come(tickets, as_of) if t["content"] in COMPLAINTS]


def contact_denied(tickets, log, policy, as_of):
    return [t["ticket_id"] for t in _come(tickets, as_of) if t["content"] in DENIALS]


def _come(tickets, as_of, void=("作废", "撤单", "并单")):
    return [
        t
        for t in tickets
        if t["received_at"] is not None and t["received_at"] <= as_of and t["status"] not in void
    ]


ORACLE = {function.__name__: function for function in (risk_words, handling_complained, contact_denied)}
