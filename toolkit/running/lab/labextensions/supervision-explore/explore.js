// A notebook whose metadata say `supervision: {run_when_opened: true}` is run when it is opened; its cell tagged
// `explorer` is what is then seen, and keys pressed in it are the explorer's own; code that the explorer asks to be
// written goes into a new cell below it. JupyterLab loads this file for the
// server that `toolkit lab` starts and for no other. Its form is that of a module which needs no building.

(() => {
  const BUSY = { message: "正在启动内核并运行，几秒后显示工单……", type: "in-progress", options: { autoClose: false } };
  const FAILED = { message: "有单元格未能运行：请看标红的提示", type: "error", options: { autoClose: false } };
  const WRITE = "supervision-write-cell"; // an event of exploring/panel.js
  const SETTLED = 100; // milliseconds after which an output has its height, and cells say that they are run
  const [begun, running] = [new WeakSet(), new WeakSet()];

  function activate(app) {
    const style = document.createElement("style");
    style.textContent = ".supervision-explorer :is(.jp-OutputPrompt, .jp-OutputArea-promptOverlay) { display: none; }"; // it needs their room
    document.head.append(style);
    app.restored.then(() => {
      app.shell.currentChanged.connect(() => open(app));
      open(app);
    });
  }

  async function open(app) {
    const panel = app.shell.currentWidget;
    if (!panel || !panel.context || !panel.sessionContext || begun.has(panel)) return;
    begun.add(panel);
    await panel.context.ready;
    const asked = panel.context.model.getMetadata && panel.context.model.getMetadata("supervision");
    if (!asked || !asked.run_when_opened) return;
    app.shell.collapseLeft();
    watchExplorer(panel.content);
    await run(app, panel);
    runAfterRestart(app, panel);
  }

  // A kernel that was restarted, or died and was started again, knows nothing of the cells. Not where something is
  // being run already: restart-and-run-all, or the very cells that it died of.
  function runAfterRestart(app, panel) {
    let restarted = "";
    panel.sessionContext.statusChanged.connect((session, status) => {
      if (status === "restarting" || status === "autorestarting") restarted = running.has(panel) ? "" : status;
      else if (status === "idle" && restarted) {
        const died = restarted === "autorestarting";
        restarted = "";
        setTimeout(() => (died || !isRunning(panel.content)) && run(app, panel), SETTLED);
      }
    });
  }

  function isRunning(notebook) {
    return notebook.widgets.some((cell) => cell.model.type === "code" && cell.inputArea.promptNode.textContent.includes("*"));
  }

  async function run(app, panel) {
    running.add(panel);
    const busy = await app.commands.execute("apputils:notify", BUSY);
    try {
      await panel.sessionContext.ready;
      app.shell.activateById(panel.id); // the command runs the notebook that is in front
      await app.commands.execute("notebook:run-all-cells");
    } finally {
      running.delete(panel);
      app.commands.execute("apputils:dismiss-notification", { id: busy });
    }
    if (hasFailed(panel.content)) app.commands.execute("apputils:notify", FAILED);
  }

  function findExplorer(notebook) {
    return notebook.widgets.findIndex((cell) => (cell.model.getMetadata("tags") || []).includes("explorer"));
  }

  // What it shows is seen as soon as it is there; and a key pressed in it is no command of the notebook: x cuts no cell.
  function watchExplorer(notebook) {
    const cell = notebook.widgets[findExplorer(notebook)];
    if (!cell) return;
    cell.addClass("supervision-explorer");
    cell.outputArea.node.addEventListener("keydown", keepKey);
    cell.outputArea.node.addEventListener(WRITE, (event) => writeCell(notebook, cell, event));
    cell.outputArea.outputLengthChanged.connect((area, count) => count && setTimeout(() => showCell(notebook, cell), SETTLED));
  }

  // An ordinary cell, which can be edited, run and deleted; what refuses the event's default tells that it is there.
  function writeCell(notebook, cell, event) {
    const place = notebook.widgets.indexOf(cell) + 1;
    const metadata = { tags: ["analyst"] }; // a leader's page leaves it out
    notebook.model.sharedModel.insertCell(place, { cell_type: "code", source: event.detail.code, metadata });
    event.preventDefault();
    notebook.activeCellIndex = place;
    setTimeout(() => notebook.node.focus(), SETTLED); // where Ctrl+Enter runs it
    notebook.scrollToItem(place);
  }

  // Ctrl+S and the like go on to JupyterLab.
  function keepKey(event) {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
  }

  function showCell(notebook, cell) {
    notebook.activeCellIndex = notebook.widgets.indexOf(cell);
    cell.outputArea.node.scrollIntoView({ block: "start" });
  }

  function hasFailed(notebook) {
    const outputs = notebook.widgets.flatMap((cell) => (cell.model.outputs ? cell.model.outputs.toJSON() : []));
    return outputs.some((output) => output.output_type === "error");
  }

  const plugin = { id: "supervision-explore:open", autoStart: true, activate };
  (window._JUPYTERLAB = window._JUPYTERLAB || {})["supervision-explore"] = {
    init: () => undefined,
    get: async () => () => ({ __esModule: true, default: plugin }),
  };
})();
