"""The first page of a run: the county's report, which links every other; where that failed, the list of reports."""

from urllib.parse import quote

from markupsafe import Markup

from toolkit import schema
from toolkit.presenting.figures import html_table, join, long_table
from toolkit.presenting.page import build_page, build_plain_page

HEADINGS = ["报告", "类别", "受理件数", "有线索的件数"]


def build_index(title, notebook, runs, texts=()):
    """The county's page of an executed notebook, linked to the reports that were written; those that failed stand first.

    notebook: None where the county's own failed: then the page lists the reports. Reads report, group, state, page,
    notebook, tickets, flagged and error of `runs.csv`. texts: the files of the texts that stand beside the page.
    """
    notice = join([_list_failures(runs), _list_texts(texts)])
    if notebook is None:
        return build_plain_page(
            title, join([Markup("<h1>{}</h1>").format(title), notice, _list_reports(runs)])
        )
    units = runs[runs["report"].ne(schema.COUNTY) & runs["page"].ne("")]
    links = {row.report: quote(row.page) for row in units.itertuples()}
    return build_page(notebook, title, links, notice)


def _list_texts(texts):
    links = [Markup('<a href="{}">{}</a>').format(quote(file), file) for file in texts]
    return Markup('<p class="note">文稿和表册：{}</p>').format(join(links, "、")) if links else ""


def _list_failures(runs):
    failed = runs[runs["page"].eq("")]
    if failed.empty:
        return ""
    rows = [[row.report, f"失败：{row.error}", row.notebook] for row in failed.itertuples()]
    told = Markup('<p class="warning">{}份报告没有生成，其余不受影响。</p>').format(len(rows))
    return join([told, html_table(["报告", "原因", "出错的笔记本"], rows)])


def _list_reports(runs):
    written = runs[runs["page"].ne("")]
    rows = [[_link(row), row.group, row.tickets, row.flagged] for row in written.itertuples()]
    return long_table(HEADINGS, rows) if rows else ""


def _link(row):
    return Markup('<a href="{}">{}</a>').format(quote(row.page), row.report)
