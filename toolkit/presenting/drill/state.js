// What the drawer shows, as an address after #, so that it can be sent, gone back to, and linked to from other pages:
// where=<condition as JSON>, what=<its words>, narrow=<conditions of the chips>, search, sort (-name: descending), ticket.

function writeAddress(state) {
  if (!state) return "";
  const narrowed = Object.keys(state.narrow || {}).length > 0;
  const parts = {
    where: JSON.stringify(state.where),
    what: state.what,
    narrow: narrowed ? JSON.stringify(state.narrow) : "",
    search: state.search,
    sort: state.sort ? (state.down ? "-" : "") + state.sort : "",
    ticket: state.ticket,
  };
  const said = Object.entries(parts).filter(([, value]) => value);
  return `#${said.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")}`;
}

// null where the address asks for nothing, or is spoilt.
function readAddress(hash) {
  try {
    const asked = {};
    for (const part of hash.slice(1).split("&")) {
      const at = part.indexOf("=");
      if (at > 0) asked[part.slice(0, at)] = decodeURIComponent(part.slice(at + 1));
    }
    return readState(asked);
  } catch (error) {
    return null;
  }
}

function readState({ where, what, narrow, search, sort = "", ticket }) {
  if (!where && !ticket) return null;
  return makeState({
    where: where ? readCondition(where) : { ticket_id: [ticket] },
    what: what || (where ? "" : `工单${ticket}`),
    narrow: narrow ? readCondition(narrow) : {},
    search: search || "",
    sort: sort.replace(/^-/, "") || null,
    down: sort.startsWith("-"),
    ticket: ticket || null,
  });
}

function makeState(given) {
  return Object.assign({ where: {}, what: "", narrow: {}, search: "", sort: null, down: false, ticket: null }, given);
}

function readCondition(text) {
  const condition = JSON.parse(text);
  const isOne = condition && typeof condition === "object" && !Array.isArray(condition);
  if (!isOne || !Object.values(condition).every(Array.isArray)) throw new Error("not a condition");
  return condition;
}
