// The time line of a ticket: a strip true to time, on which the late stretch is red, and its times in order beneath.

const STRIP = { width: 440, edge: 8, line: 26 };

function drawTimeline(table, row) {
  const known = listTimes(table, row);
  const place = element("div", "drill-timeline");
  const drawn = valueAt(table, "answered_at", row) ? known.filter((time) => time.kind !== "cut") : known;
  if (drawn.length > 1 && table.columns.answered_at) place.append(drawStrip(drawn, findLate(table, row))); // an answered one's ends before the cut-off; where no page tells of answers, none is drawn
  place.append(drawTimes(known));
  return place;
}

// [{ at, label, kind }] in the order of time; kind: stage, due, or cut (the report's cut-off).
function listTimes(table, row) {
  const read = (name, kind) => ({ at: valueAt(table, name, row), label: table.labels[name], kind });
  const times = [...table.stages.map((name) => read(name, "stage")), read("due_at", "due")];
  times.push({ at: table.as_of, label: "统计截止", kind: "cut" });
  return times.filter((time) => time.at).sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

// From when until when the ticket was late, where it was.
function findLate(table, row) {
  const state = valueAt(table, "due_state", row);
  const from = valueAt(table, "due_at", row);
  if (state === table.overdue) return [from, table.as_of];
  return state === table.late ? [from, valueAt(table, "answered_at", row)] : null;
}

function drawStrip(times, late) {
  const [first, last] = [minuteOf(times[0].at), minuteOf(times[times.length - 1].at)];
  const span = Math.max(1, last - first);
  const inside = STRIP.width - 2 * STRIP.edge;
  const x = (at) => STRIP.edge + (inside * Math.min(Math.max(minuteOf(at) - first, 0), span)) / span;
  const strip = drawing("svg", { viewBox: `0 0 ${STRIP.width} 58`, class: "drill-strip", "aria-hidden": "true" });
  strip.append(drawLine(x(times[0].at), x(times[times.length - 1].at), "drill-span"));
  if (late && late[0] && late[1]) strip.append(drawLine(x(late[0]), x(late[1]), "drill-late"));
  for (const time of times) strip.append(drawPoint(time, x(time.at), late));
  strip.append(...labelStrip(times, x));
  return strip;
}

// The first and the last above the line, the due time (or else the cut-off) between them beneath it: they never meet.
function labelStrip(times, x) {
  const [first, last] = [times[0], times[times.length - 1]];
  const between = times.slice(1, -1);
  const marked = between.find((time) => time.kind === "due") || between.find((time) => time.kind === "cut");
  const labels = [sayAt(first, STRIP.edge, 13, "start"), sayAt(last, STRIP.width - STRIP.edge, 13, "end")];
  if (marked) labels.push(sayAt(marked, x(marked.at), 50, x(marked.at) < 90 ? "start" : x(marked.at) > 350 ? "end" : "middle"));
  return labels;
}

function sayAt(time, x, y, anchor) {
  const said = drawing("text", { x, y, "text-anchor": anchor, class: `drill-label drill-${time.kind}` });
  said.textContent = `${time.label.replace(/时间$/, "")} ${time.at.slice(5)}`;
  return said;
}

// The due time is a stroke across the line, red where it was missed.
function drawPoint(time, x, late) {
  if (time.kind !== "due") return drawing("circle", { cx: x, cy: STRIP.line, r: 5, class: `drill-${time.kind}` });
  const [y1, y2] = [STRIP.line - 9, STRIP.line + 9];
  return drawing("line", { x1: x, x2: x, y1, y2, class: late ? "drill-due drill-missed" : "drill-due" });
}

function drawLine(from, to, kind) {
  return drawing("line", { x1: from, x2: to, y1: STRIP.line, y2: STRIP.line, class: kind });
}

function drawTimes(known) {
  const list = element("ol", "drill-times");
  for (const time of known) {
    const item = element("li", `drill-${time.kind}`);
    item.append(element("span", "drill-when", time.at), element("span", "", time.label));
    list.append(item);
  }
  return list;
}

function minuteOf(at) {
  return Date.parse(`${at.replace(" ", "T")}Z`) / 60000;
}
