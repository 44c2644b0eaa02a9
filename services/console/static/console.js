// Another industry has other directions. A filter that is changed is asked for at once; without scripts its button does
// the same. Arrows go through the values of a list one by one: there Enter asks, or the button.
let arrows = false;
for (const [kind, by] of [["keydown", true], ["pointerdown", false], ["focusout", false]]) {
  document.addEventListener(kind, (event) => { if (!by || event.target.tagName === "SELECT") arrows = by; }, true);
}
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("[data-submits] select")) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});
document.addEventListener("change", (event) => {
  const form = event.target.closest("form");
  const slides = event.target.type === "range";
  if (!form || !(slides || event.target.tagName === "SELECT")) return;
  if (event.target.name === "industry") {
    const direction = form.elements.namedItem("direction");
    if (direction) direction.value = "";
  }
  if (!form.matches("[data-submits]") || arrows) return;
  slid = slides ? event.target.id : "";
  form.requestSubmit();
});

// Empty fields stay out of the address; told before whoever sends the form.
let left = [];
document.addEventListener("submit", (event) => {
  closing = false;
  if (event.target.method !== "get") return;
  left = [...event.target.elements].filter((field) => field.name && !field.value && !field.disabled);
  for (const field of left) field.disabled = true;
}, true);

// What was asked for has come into the page: the keyboard and the screen reader go on from there. What is closed, also by
// Escape, gives the keyboard back to the link that opened it.
// A slider keeps the keyboard. The foot of the page settles too, and takes nothing.
let opener = "", closing = false, slid = "";
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link) return;
  closing = link.matches("[data-close]");
  if (!closing) opener = link.getAttribute("href");
}, true);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.target.matches("input, select, textarea")) document.querySelector("[data-close]")?.click();
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "content") return;
  const back = closing ? [...document.querySelectorAll("#content a")].find((each) => each.getAttribute("href") === opener) : null;
  const slider = slid ? document.getElementById(slid) : null;
  slid = "";
  (slider ?? back ?? document.querySelector("[data-focus]") ?? document.getElementById("content")).focus({ preventScroll: true });
});

// A refusal that is of no field takes the keyboard: it is what one reads next.
const refusal = document.querySelector("#content .problem[role=alert]");
if (refusal && !document.querySelector("[autofocus]")) {
  refusal.tabIndex = -1;
  refusal.focus();
}

// Copies a command that stands on the page.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const command = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(command.textContent.trim());
      button.textContent = button.dataset.done;
    } catch {
      getSelection().selectAllChildren(command); // browsers copy for pages of https alone: it is left to the visitor
    }
  });
}

// A slider says its value.
document.addEventListener("input", (event) => {
  if (!event.target.matches("input[data-tells]")) return;
  const told = event.target.labels[0]?.querySelector("output");
  const named = event.target.list?.querySelector(`option[value="${event.target.value}"]`)?.label;
  if (told) told.value = named ?? event.target.value;
  if (named) event.target.setAttribute("aria-valuetext", named);
});

// On a narrow page filters are folded, so that the list comes first; what was folded opens where the page is wide again,
// as after printing or turning a tablet.
const narrow = matchMedia("(max-width: 900px)");
function fold() {
  for (const each of document.querySelectorAll(".facets details")) {
    if (!narrow.matches) {
      each.open ||= each.matches(".all, [data-folded]");
      delete each.dataset.folded;
    } else if (each.open && (each.matches(".all") || !each.querySelector(".on"))) {
      each.open = false;
      each.dataset.folded = "";
    }
  }
}
fold();
narrow.addEventListener("change", fold);
document.addEventListener("htmx:afterSettle", fold);

// What an answer says of the question is read out: a screen reader hears what changes, not what a page comes with, and
// so not what came of a form that was sent.
function tell(which) {
  const told = document.getElementById("told");
  const said = [...document.querySelectorAll(which)].filter((each) => each.checkVisibility());
  told.textContent = "";
  if (said.length) setTimeout(() => { told.textContent = said.map((each) => each.innerText.trim()).join(" "); }, 300);
}
tell("[data-told], main [role=status]");
document.addEventListener("htmx:afterSettle", () => tell("[data-told]"));

// While an answer is fetched, the part of the page that it replaces is busy: shown by the sheet, told after a moment.
const fetching = document.getElementById("told");
let slow = 0;
document.addEventListener("htmx:beforeSend", (event) => {
  event.detail.target.setAttribute("aria-busy", "true");
  clearTimeout(slow);
  slow = setTimeout(() => { fetching.textContent = fetching.dataset.busy; }, 1000);
});
document.addEventListener("htmx:afterRequest", (event) => {
  event.detail.target.removeAttribute("aria-busy");
  clearTimeout(slow);
  fetching.textContent = "";
});

// What was asked for and not answered leaves the page as it was: that is said, and it may be asked for again.
const unanswered = document.getElementById("unanswered");
function unheard({ detail }, why) {
  for (const field of left) field.disabled = false;
  const [said, again] = unanswered.children;
  const words = unanswered.dataset[why].replace("{status}", detail.xhr.status);
  again.href = detail.pathInfo.finalRequestPath;
  htmx.process(again);
  said.textContent = "";
  unanswered.hidden = false;
  setTimeout(() => { said.textContent = words; }, 100); // the same words are read out again, too
}
document.addEventListener("htmx:sendError", (event) => unheard(event, "away"));
document.addEventListener("htmx:timeout", (event) => unheard(event, "late"));
document.addEventListener("htmx:beforeSwap", (event) => {
  const page = /id="?content\b/.test(event.detail.serverResponse);
  event.detail.shouldSwap &&= page;
  unanswered.hidden = true;
  if (!page) unheard(event, "empty");
});
