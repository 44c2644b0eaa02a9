// A card that is dropped on another lane opens the step that leads there; nothing moves before it is confirmed.
let held = null;
document.addEventListener("dragstart", (event) => {
  held = event.target.closest?.("[data-deal]");
  held?.classList.add("held");
});
document.addEventListener("dragend", () => {
  held?.classList.remove("held");
  held = null;
  for (const lane of document.querySelectorAll(".lane.over")) lane.classList.remove("over");
});
document.addEventListener("dragover", (event) => {
  const lane = event.target.closest?.("[data-lane]");
  for (const other of document.querySelectorAll(".lane.over")) if (other !== lane) other.classList.remove("over");
  if (!held || !lane || lane.contains(held)) return;
  event.preventDefault();
  lane.classList.add("over");
});
document.addEventListener("drop", (event) => {
  const lane = event.target.closest?.("[data-lane]");
  if (!held || !lane || lane.contains(held)) return;
  event.preventDefault();
  const id = encodeURIComponent(held.dataset.deal), to = encodeURIComponent(lane.dataset.lane);
  location.assign(`/deals/${id}/move?to=${to}`);
});

// The digest of a chosen document is worked out here; the document itself stays where it is.
document.addEventListener("change", async (event) => {
  const form = event.target.closest("[data-digest]");
  const file = event.target.files?.[0];
  if (!form || !file) return;
  if (!crypto.subtle) { // browsers have it for pages of https, and of this machine, alone
    const said = form.querySelector("[role=alert]") ?? event.target.after(Object.assign(document.createElement("span"), { className: "bad small", role: "alert" })) ?? event.target.nextElementSibling;
    said.textContent = form.dataset.unable;
    return;
  }
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  form.querySelector("[name^=sha256_]").value = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const title = form.querySelector("[name^=title_]");
  if (!title.value) title.value = file.name;
});
