// The matrix is one stop for the keyboard, as a grid is: arrows lead from cell to cell, Home and End along its row, with
// Control to its corners. Without scripts it is a table whose cells are stops.
const steps = {
  ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], Home: [0, -Infinity], End: [0, Infinity],
};
const within = (at, many) => Math.max(0, Math.min(many - 1, at));

function rove() {
  for (const grid of document.querySelectorAll("table.matrix")) {
    const links = [...grid.querySelectorAll("a")];
    const stop = grid.querySelector("td.on a") ?? grid.querySelector("td a");
    grid.setAttribute("role", "grid");
    grid.setAttribute("aria-describedby", "matrix-keys");
    for (const each of links) each.tabIndex = each === stop ? 0 : -1;
  }
}
rove();
document.addEventListener("htmx:afterSettle", rove);

document.addEventListener("focusin", ({ target }) => {
  if (!target.matches("table.matrix a")) return;
  for (const each of target.closest("table").querySelectorAll("a")) each.tabIndex = each === target ? 0 : -1;
});

document.addEventListener("keydown", (event) => {
  const step = steps[event.key];
  if (!step || event.altKey || event.metaKey || event.shiftKey || !event.target.matches("table.matrix a")) return;
  const cell = event.target.closest("td, th"), rows = [...cell.closest("tbody").rows];
  const corner = event.ctrlKey && step[1] ? Math.sign(step[1]) * Infinity : step[0];
  const row = rows[within(rows.indexOf(cell.parentElement) + corner, rows.length)];
  row.cells[within(cell.cellIndex + step[1], row.cells.length)].querySelector("a").focus();
  event.preventDefault();
});
