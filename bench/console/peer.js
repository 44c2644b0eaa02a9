// Turns our page, in the browser, into the same page drawn by the chart library: every drawing gives way to a place, and
// its numbers are answered. Called with the boundaries of the cities.
(boundaries) => {
  const charts = [], maps = {};
  const number = (said) => {
    const found = said.match(/-?[0-9]+(\.[0-9]+)?/);
    return found ? Number(found[0]) : "-"; // the library's sign for none
  };
  const words = (found) => found.textContent.trim();
  const all = (root, selector) => [...root.querySelectorAll(selector)];

  function give(drawing, height, option) {
    const place = document.createElement("div");
    place.id = `drawn-${charts.length}`;
    place.style.cssText = `width:100%;height:${height}px`;
    drawing.replaceWith(place);
    charts.push([place.id, option]);
  }

  // [[x, y], …] of every run of a path.
  const runs = (path) => path.getAttribute("d").split("M").filter(Boolean)
    .map((run) => run.replace("Z", "").split("L").map((point) => point.split(",").map(Number)));

  // A band leads along its upper edge and back along the lower one; y grows downwards.
  function band(path, opacity) {
    return runs(path).flatMap((run, at) => {
      const upper = run.slice(0, run.length / 2), lower = run.slice(run.length / 2).reverse();
      const plain = { type: "line", stack: `${path.classList} ${at}`, symbol: "none", lineStyle: { opacity: 0 } };
      return [{ ...plain, data: upper },
        { ...plain, areaStyle: { opacity }, data: lower.map(([x, y], each) => [x, y - upper[each][1]]) }];
    });
  }

  function curves(drawing) {
    const value = all(drawing, "text.value, text.strong").map(words);
    const dots = all(drawing, ".dot").map((dot, at) => ({
      value: [Number(dot.getAttribute("cx")), Number(dot.getAttribute("cy"))], label: { show: true, formatter: value[at] ?? "" },
    }));
    const lines = all(drawing, "path.line, path.supply").flatMap(runs).map((data) => ({ type: "line", symbol: "none", data }));
    const bands = all(drawing, "path.band, path.fan").flatMap((path) => band(path, path.matches(".inner") ? 0.5 : 0.25));
    return { xAxis: { type: "value", min: 0, max: 300 }, yAxis: { type: "value", inverse: true, min: 0, max: 90 },
      series: [...bands, ...lines, { type: "scatter", data: dots }] };
  }

  function bars(names, values) {
    return { grid: { left: 110, right: 20, top: 10, bottom: 30 }, xAxis: { type: "value" }, yAxis: { type: "category", inverse: true, data: names },
      series: [{ type: "bar", label: { show: true }, data: values }] };
  }

  // Bars in the lines of a table are drawn as one chart above it.
  function column(table, name, value) {
    const lines = all(table, "tbody tr");
    const drawing = document.createElement("div");
    table.before(drawing);
    for (const each of all(table, "tbody svg")) each.remove();
    give(drawing, 60 + 24 * lines.length, bars(lines.map((line) => words(line.querySelector(name).firstChild)), lines.map((line) => number(words(line.querySelector(value))))));
  }

  const matrix = document.querySelector("table.matrix"), map = document.querySelector("svg.map");
  const scale = { min: 0, max: 100, calculable: true };
  if (map) {
    maps.jiangsu = boundaries;
    const values = all(map, ".names .number");
    const data = all(map, ".names text:not(.number)").map((name, at) => ({ name: words(name), value: number(words(values[at])) }));
    give(map, 520, { visualMap: scale, series: [{ type: "map", map: "jiangsu", data, label: { show: true } }] });
  }
  if (matrix) {
    const rows = all(matrix, "tbody tr");
    const data = rows.flatMap((row, at) => all(row, "td a").map((cell, column) => [column, at, number(words(cell))]));
    give(matrix, 520, { visualMap: scale, xAxis: { type: "category", data: all(matrix, "thead th").map(words) },
      yAxis: { type: "category", data: rows.map((row) => words(row.querySelector("th"))) },
      series: [{ type: "heatmap", data, label: { show: true } }] });
  }
  for (const each of all(document, "svg.trend")) give(each, 210, curves(each));
  const parts = document.querySelector("#cell table.parts");
  if (parts) {
    const lines = all(parts, "tr");
    give(parts, 30 + 24 * lines.length, bars(lines.map((line) => words(line.querySelector("th"))), lines.map((line) => number(words(line.querySelector(".n"))))));
  }
  const ways = document.querySelector("table.ways");
  if (ways) {
    const rows = all(ways, "tbody tr"), pieces = rows.map((row) => all(row, "rect"));
    const most = Math.max(...pieces.map((each) => each.length));
    const wide = (piece, name) => Number(piece?.getAttribute(name) ?? 0);
    const series = Array.from({ length: most }, (_, at) => ({ type: "bar", stack: "days", data: pieces.map((each) => wide(each[at], "width")) }));
    const before = { type: "bar", stack: "days", itemStyle: { opacity: 0 }, data: pieces.map((each) => wide(each[0], "x")) };
    give(ways, 60 + 26 * rows.length, { grid: { containLabel: true }, xAxis: { type: "value", max: 640 },
      yAxis: { type: "category", inverse: true, data: rows.map((row) => words(row.querySelector("th"))) }, series: [before, ...series] });
  }
  for (const table of new Set(all(document, "svg.quota").map((each) => each.closest("table")))) column(table, "th", "td");

  return { maps, charts };
}
