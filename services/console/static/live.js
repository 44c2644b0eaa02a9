// A stream of events: newest first, paused at will, resumed by the browser where it was cut.
const MOST = 100;
for (const list of document.querySelectorAll("[data-live]")) {
  const box = list.closest("section"), state = box.querySelector("[data-state]"), pause = box.querySelector("[data-pause]");
  let source = null, paused = false;
  const waiting = [];
  const { words, pages, zone } = JSON.parse(list.dataset.heard);
  const short = (name) => {
    const [collection, id = ""] = name.split("/");
    return words[name] ?? `${words[collection] ?? collection} …${id.slice(-6)}`;
  };
  const link = (name) => {
    const [collection, id] = name.split("/");
    if (!pages[collection]) return [];
    const made = document.createElement("a");
    made.href = `${pages[collection]}/${id}`;
    made.textContent = `${list.dataset.open} ${short(name)}`;
    return [made, " "];
  };
  const tell = (what) => { state.textContent = state.dataset[what]; };
  const likely = (p) => (p < 0.005 ? "<0.01" : p >= 0.995 ? ">0.99" : p.toFixed(2)); // as services/wording/chances.py
  const moment = (at) => new Date(at).toLocaleString("sv-SE", { timeZone: zone }); // as services/console/words.py: 2026-11-29 17:55:54
  const show = (id, data) => {
    const event = JSON.parse(data), item = document.createElement("li"), more = document.createElement("details");
    const line = document.createElement("summary"), whole = document.createElement("pre");
    const what = list.dataset[event.type.replace("TYPE_", "").toLowerCase()] ?? event.type;
    const title = document.createElement("strong");
    const names = [event.candidate, event.anchor].filter(Boolean);
    if (event.anchor) title.textContent = likely(Number(event.probability)) + (event.calibrated ? "" : "*");
    const said = [event.kind, event.city_code].filter(Boolean).map((code) => words[code] ?? code).join(" · ");
    line.append(title, ` ${what} ${said} · ${names.map(short).join(" → ")} · #${event.sequence} · ${moment(event.event_time)}`);
    whole.textContent = `id: ${id}\n${JSON.stringify(event, null, 2)}`;
    more.append(line, ...names.flatMap(link), whole);
    item.append(more);
    list.prepend(item);
    while (list.childElementCount > MOST) list.lastElementChild.remove();
  };
  const open = () => {
    source?.close();
    tell("wait");
    source = new EventSource(list.dataset.live);
    source.addEventListener("open", () => tell("level"));
    source.addEventListener("error", () => tell(source.readyState === EventSource.CLOSED ? "refused" : "lost"));
    source.addEventListener("event", (event) => (paused ? waiting.push([event.lastEventId, event.data]) : show(event.lastEventId, event.data)));
  };
  pause.hidden = false;
  pause.addEventListener("click", () => {
    paused = !paused;
    pause.setAttribute("aria-pressed", String(paused));
    pause.textContent = paused ? pause.dataset.off : pause.dataset.on;
    if (!paused) for (const [id, data] of waiting.splice(0)) show(id, data);
  });
  open();
  addEventListener("pagehide", () => source?.close());
}
