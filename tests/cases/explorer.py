"""An explorer without a notebook: a small county, and a page that plays the front end before the real kernel side."""

import base64
from dataclasses import replace

import pandas as pd

import toolkit
from toolkit.presenting.exploring.files import read_module, read_styles

AS_OF = "2025-03-31 18:00"
HOSTILE = "<script>window.attacked=1</script>"
# A: answered in time; B: answered late; C: open and overdue; D: not yet due; E: no unit, no category.
EXPORT = pd.DataFrame(
    {
        "工单编号": ["A", "B", "C", "D", "E"],
        "承办单位": ["云岭镇", "云岭镇", "青河镇", "青河镇", None],
        "问题分类": ["城乡建设/供水", "城乡建设/供水", "城乡建设", "环境保护/噪声", None],
        "标题": ["停水", "水压", "恶意文字", "夜间施工", None],
        "受理时间": ["2025-03-03 09:00", "2025-03-03 10:00", "2025-03-04 09:00", "2025-03-31 09:00", "2025-03-05 09:00"],
        "转办时间": ["2025-03-03 09:30", "2025-03-03 10:30", "2025-03-04 09:30", "2025-03-31 09:30", "2025-03-05 09:30"],
        "签收时间": ["2025-03-03 11:00", "2025-03-03 11:00", None, "2025-03-31 11:00", "2025-03-05 11:00"],
        "截止时间": ["2025-03-10 17:30", "2025-03-10 17:30", "2025-03-11 17:30", "2025-04-08 17:30", "2025-03-12 17:30"],
        "回复时间": ["2025-03-06 09:00", "2025-03-20 09:00", None, None, "2025-03-07 09:00"],
        "办结时间": ["2025-03-07 09:00", None, None, None, "2025-04-02 09:00"],
        "诉求内容": ["停水两日", "水压不足", "恶意文字", "夜间施工", None],
        "回复内容": ["已恢复供水", "已调压", None, None, "已办恶意文字"],
    }
)  # fmt: skip


def prepare_export(export=EXPORT):
    """The report of an export of 2025; tags stand in its texts, as if loading had not taken them off."""
    loaded = toolkit.load(export, AS_OF, key=b"k")
    texts = loaded.tickets[["title", "content", "reply"]].apply(
        lambda own: own.str.replace("恶意文字", HOSTILE)
    )
    loaded = replace(loaded, tickets=loaded.tickets.assign(**texts))
    return toolkit.prepare(loaded, {"as_of": AS_OF, "period": "2025"})


def ask_explorer(explorer, content):
    """What the kernel side answers to a message: [(content, buffers)]."""
    answers = []
    explorer.send = lambda told, buffers=None: answers.append((told, buffers or []))
    explorer._handle_custom_msg(content, [])
    return answers


# The front end's model: messages go to the kernel side and back; `held` keeps answers until they are let go.
MODEL = """async (source) => {
  const hearers = [];
  const bytes = (text) => new DataView(Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)).buffer);
  const tell = ([told, parts]) => hearers.forEach((hear) => hear(told, parts.map(bytes)));
  window.kernel = { isHeld: false, isDead: false, held: [] };
  const send = async (content) => {
    if (window.kernel.isDead) return;
    const answers = await window.askKernel(content);
    if (window.kernel.isHeld) window.kernel.held.push(...answers);
    else answers.forEach(tell);
  };
  window.letGo = () => window.kernel.held.splice(0).reverse().forEach(tell);
  const model = { on: (name, hear) => hearers.push(hear), off: () => hearers.splice(0), send };
  const module = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  window.leave = module.default.render({ model, el: document.body });
}"""


def mount_explorer(page, explorer):
    """Show an explorer in a page; its kernel side answers in this process."""

    def answer(content):
        told = ask_explorer(explorer, content)
        return [[said, [base64.b64encode(part).decode() for part in parts]] for said, parts in told]

    page.expose_function("askKernel", answer)
    page.set_content("<!doctype html><meta charset='utf-8'><body style='margin:0'></body>")
    page.add_style_tag(content=read_styles())
    page.evaluate(MODEL, read_module())
    page.wait_for_function("document.querySelector('.explorer').ready")
    return page
