/* Distance along clicked points and the area they enclose; nothing leaves the map. */
(function () {
  "use strict";
  const deimap = (window.deimap = window.deimap || {});
  const RADIUS_M = 6371008.8;

  function hectares(points) {
    let sum = 0;
    for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
      const turn = (angle) => (angle * Math.PI) / 180;
      sum +=
        turn(points[i].lng - points[j].lng) *
        (2 + Math.sin(turn(points[i].lat)) + Math.sin(turn(points[j].lat)));
    }
    return Math.abs((sum * RADIUS_M * RADIUS_M) / 2) / 10000;
  }

  const written = (value, digits) =>
    value.toLocaleString("en-US", { maximumFractionDigits: digits });

  function length(metres) {
    return metres < 1000 ? `${written(metres, 0)} m` : `${written(metres / 1000, 2)} km`;
  }

  class Measure {
    constructor(map, box) {
      this.map = map;
      this.box = box;
      this.points = [];
      this.lines = L.layerGroup().addTo(map);
    }

    turn(on, texts) {
      this.texts = texts;
      if (this.on !== on) this.points = [];
      this.on = on;
      this.map.getContainer().classList.toggle("deimap-measuring", on);
      this.show();
    }

    add(point) {
      this.points.push(point);
      this.show();
    }

    show() {
      this.lines.clearLayers();
      this.box.hidden = !this.on;
      if (!this.on) return;
      const style = { color: "#1E2A2B", weight: 2, interactive: false, pane: "deimap-lines" };
      const closed = this.points.length > 2;
      const shape = closed
        ? L.polygon(this.points, { ...style, fillColor: "#FFD54F", fillOpacity: 0.25 })
        : L.polyline(this.points, style);
      this.lines.addLayer(shape);
      for (const point of this.points) {
        this.lines.addLayer(
          L.circleMarker(point, { ...style, radius: 3.5, fillColor: "#fff", fillOpacity: 1 })
        );
      }
      this.write(closed);
    }

    write(closed) {
      const { element } = deimap.controls;
      let metres = 0;
      for (let i = 1; i < this.points.length; i++) {
        metres += this.map.distance(this.points[i - 1], this.points[i]);
      }
      const parts = [this.points.length < 2 ? this.texts.measure_hint : length(metres)];
      if (closed) parts.push(`${written(hectares(this.points), 1)} ${this.texts.hectares}`);
      const again = element("button", "deimap-go", this.texts.measure_again);
      again.type = "button";
      again.addEventListener("click", () => {
        this.points = [];
        this.show();
      });
      this.box.replaceChildren(element("span", "", parts.join(" · ")));
      if (this.points.length) this.box.appendChild(again);
    }
  }

  deimap.Measure = Measure;
})();
