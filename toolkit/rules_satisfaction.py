"""线索：满意度。"""

from toolkit import schema
from toolkit.rule import fill, grade, report, rule

GROUP = "满意度"


@rule(
    "回访不满意",
    GROUP,
    needs=["satisfaction"],
    ladder="重办后仍不满意为红，其余为橙",
    source="督办条件：回访不满意的重办，重办后仍不满意的升级督办",
)
def dissatisfied(case):
    """回访时群众评价不满意；重办后仍不满意的列为红色。"""
    tickets = case.tickets
    visited = ~(tickets["visited_at"] > case.as_of)
    hits = tickets[tickets["satisfaction"].isin(schema.DISSATISFIED) & visited]
    again = hits["rework_count"].fillna(0)
    when = fill("{visited_at}", hits).mask(hits["visited_at"].isna(), "")
    still = fill("，已重办{again}次仍不满意", hits, again=again).mask(again.eq(0), "")
    evidence = fill("{when}回访评价“{satisfaction}”{still}", hits, when=when, still=still)
    return report(hits, grade(again, (1, "红"), (0, "橙")), hits["visited_at"], again, evidence)
