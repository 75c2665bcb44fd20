// What lies over the views while it is read: the step as code, units side by side, trials.

const WRITE = "supervision-write-cell"; // running/lab's extension hears it and takes it on by refusing the default

function showCode(explorer) {
  const { where, view } = explorer.state;
  ask(explorer.kernel, "code", { where, view }).then(
    ({ content }) => writeCell(explorer, content.code) || drawCode(explorer, content.code),
    (error) => say(explorer, error.message),
  );
}

// Into a cell of the notebook below this one, where JupyterLab has our extension; whether it was written.
function writeCell(explorer, code) {
  const asked = new CustomEvent(WRITE, { bubbles: true, cancelable: true, detail: { code } });
  return !explorer.root.dispatchEvent(asked);
}

function drawCode(explorer, code) {
  const text = element("textarea", "explorer-lines", code);
  text.readOnly = true;
  text.rows = Math.min(14, code.split("\n").length + 1);
  const copy = button("复制", "explorer-button", () => copyCode(text, copy));
  openPanel(explorer, "这一步的代码", element("span", "explorer-hint", "粘贴到下面的单元，得到同一批工单"), copy, text);
  copy.focus();
}

// Over the views, so that nothing moves; Esc closes it, and the keyboard is where it was before.
function openPanel(explorer, title, ...parts) {
  const { panel } = explorer;
  if (panel.hidden) explorer.opener = document.activeElement;
  panel.hidden = false;
  panel.setAttribute("aria-label", title);
  panel.onkeydown = ({ key }) => {
    if (key === "Escape") closePanel(explorer); // an expression's false would refuse every other key
  };
  const close = button("关闭", "explorer-button explorer-close", () => closePanel(explorer));
  fill(panel, element("h3", "", title), close, ...parts);
}

function closePanel({ panel, opener }) {
  panel.hidden = true;
  if (opener && opener.isConnected) opener.focus();
}

function copyCode(text, pressed) {
  const done = () => (pressed.textContent = "已复制");
  const byHand = () => {
    text.select();
    if (document.execCommand("copy")) done();
  };
  if (navigator.clipboard) navigator.clipboard.writeText(text.value).then(done, byHand);
  else byHand();
}

// A count in a panel that opens these tickets and no others, whatever was chosen or searched for.
function openThese(explorer, ids) {
  return linkCount(ids.length, () => leaveFor(explorer, { ticket_id: ids }));
}

function linkCount(count, open) {
  const made = button(String(count), "drill-link", open);
  made.disabled = !Number(String(count).replace("折合", ""));
  return made;
}

function leaveFor(explorer, where) {
  explorer.panel.hidden = true;
  step(explorer, { where, view: { search: "" } });
}
