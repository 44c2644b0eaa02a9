// A filter that is changed is asked for at once; without scripts its button does the same.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-submits]");
  if (!form || event.target.tagName !== "SELECT") return;
  if (event.target.name === "industry") {
    const direction = form.elements.namedItem("direction");
    if (direction) direction.value = "";
  }
  form.requestSubmit();
});

// Empty fields stay out of the address; told before whoever sends the form.
document.addEventListener("submit", (event) => {
  if (event.target.method !== "get") return;
  for (const field of event.target.elements) if (field.name && !field.value) field.disabled = true;
}, true);

// What was asked for has come into the page: the keyboard and the screen reader go on from there.
document.addEventListener("htmx:afterSettle", () => {
  (document.querySelector("[data-focus]") ?? document.getElementById("content")).focus({ preventScroll: true });
});

// A slider says its value.
document.addEventListener("input", (event) => {
  if (!event.target.matches("input[data-tells]")) return;
  const told = event.target.labels[0]?.querySelector("output");
  if (told) told.value = event.target.value;
});

// On a narrow page filters are folded, so that the list comes first.
const narrow = matchMedia("(max-width: 900px)");
function fold() {
  for (const each of document.querySelectorAll(".facets details")) {
    if (!narrow.matches) each.open ||= each.matches(".all");
    else if (each.matches(".all") || !each.querySelector(".on")) each.open = false;
  }
}
fold();
narrow.addEventListener("change", fold);
document.addEventListener("htmx:afterSettle", fold);
