// Draws what stands in #data, as a page that leaves its charts to the library would.
{
  const data = JSON.parse(document.getElementById("data").textContent);
  for (const [name, shapes] of Object.entries(data.maps)) echarts.registerMap(name, shapes);
  let left = data.charts.length;
  for (const [place, option] of data.charts) {
    const chart = echarts.init(document.getElementById(place), null, { renderer: "svg" });
    chart.on("finished", () => {
      chart.off("finished");
      left -= 1;
      if (!left) window.drawn = true;
    });
    chart.setOption({ animation: false, ...option });
  }
}
