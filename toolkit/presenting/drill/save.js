// What the drawer shows, taken along: as a file, or as a link.

function saveCsv(drawer) {
  save(drawer, [toCsv(listCells(drawer.table, drawer.rows))], "csv", "text/csv");
}

function saveWorkbook(drawer) {
  const type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  save(drawer, [toWorkbook(listCells(drawer.table, drawer.rows))], "xlsx", type);
}

function save(drawer, parts, ending, type) {
  const link = element("a");
  link.href = URL.createObjectURL(new Blob(parts, { type }));
  link.download = `${(drawer.state.what || "工单").replace(/[\\/:*?"<>|\s]+/g, "_").slice(0, 60)}.${ending}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

function copyLink(drawer, pressed) {
  const address = drawer.options.address();
  const done = () => {
    pressed.textContent = "已复制";
    setTimeout(() => (pressed.textContent = "复制链接"), 1500);
  };
  if (navigator.clipboard) return navigator.clipboard.writeText(address).then(done, () => copyByHand(drawer, address, done));
  return copyByHand(drawer, address, done);
}

function copyByHand(drawer, address, done) {
  const field = element("textarea", "drill-copied", address);
  drawer.element.append(field);
  field.select();
  if (document.execCommand("copy")) done();
  field.remove();
}
