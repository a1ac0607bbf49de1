/* Names on the map: greedy, inside their unit, never under a sign, white halo; else dropped. */
(function () {
  "use strict";
  const deimap = (window.deimap = window.deimap || {});
  const { rings, roomFor, hits } = deimap.geometry;
  const { SVG } = deimap;
  const FONT = "'Source Sans', 'Deimap Khmer', sans-serif";
  const pen = document.createElement("canvas").getContext("2d");

  const LabelLayer = deimap.DrawnLayer.extend({
    className: "deimap-names",

    initialize(options) {
      this.wanted = [];
      L.setOptions(this, options);
    },

    /** `wanted`: [{text, language, shape | point, kind}], the important ones first. */
    show(wanted, obstacles) {
      this.wanted = wanted;
      this.obstacles = obstacles;
      this.place();
    },

    place() {
      if (!this._map) return;
      const map = this._map;
      const size = map.getSize();
      const corner = map.containerPointToLayerPoint([0, 0]);
      L.DomUtil.setPosition(this.svg, corner);
      this.svg.setAttribute("width", size.x);
      this.svg.setAttribute("height", size.y);
      this.svg.replaceChildren();
      const taken = this.obstacles ? this.obstacles() : [];
      for (const item of this.wanted) {
        const found = item.shape ? this.inUnit(item, taken) : this.besidePoint(item, taken);
        if (!found) continue;
        taken.push(found.box);
        this.svg.appendChild(written(item, found));
      }
      this.svg.style.opacity = "1";
    },

    inUnit(item, taken) {
      const map = this._map;
      if (!map.getBounds().intersects(item.bounds)) return null;
      const shapes = rings(item.shape).map((ring) =>
        ring.map(([lon, lat]) => {
          const point = map.latLngToContainerPoint([lat, lon]);
          return [point.x, point.y];
        })
      );
      const { width, height } = measured(item);
      const size = map.getSize();
      for (const { x, y } of roomFor(width + 4, height - 3, shapes, 14)) {
        const box = around(x, y, width, height);
        const seen = box[0] > 2 && box[1] > 2 && box[2] < size.x - 2 && box[3] < size.y - 2;
        if (seen && !hits(box, taken)) return { x, y, box };
      }
      return null;
    },

    besidePoint(item, taken) {
      const map = this._map;
      if (!map.getBounds().contains(item.point)) return null;
      const at = map.latLngToContainerPoint(item.point);
      const { width, height } = measured(item);
      const away = width / 2 + 12;
      for (const [x, y] of [
        [at.x + away, at.y], [at.x - away, at.y],
        [at.x, at.y - height / 2 - 9], [at.x, at.y + height / 2 + 9],
      ]) {
        const box = around(x, y, width, height);
        if (!hits(box, taken)) return { x, y, box };
      }
      return null;
    },
  });

  function around(x, y, width, height) {
    return [x - width / 2 - 2, y - height / 2, x + width / 2 + 2, y + height / 2];
  }

  function style(item) {
    const base = item.language === "km" ? 13.5 : 12.5;
    return {
      size: item.kind === "village" ? base - 1 : item.kind === "district" ? base + 1 : base,
      weight: item.kind === "village" ? 400 : 600,
    };
  }

  function measured(item) {
    const { size, weight } = style(item);
    const key = `${size} ${weight}`;
    if (item.measured !== key) {
      pen.font = `${weight} ${size}px ${FONT}`;
      item.width = pen.measureText(item.text).width;
      item.height = size * (item.language === "km" ? 1.6 : 1.25);
      item.measured = key;
    }
    return item;
  }

  function written(item, { x, y }) {
    const { size, weight } = style(item);
    const text = document.createElementNS(SVG, "text");
    text.textContent = item.text;
    text.setAttribute("x", Math.round(x));
    text.setAttribute("y", Math.round(y + size * 0.34));
    text.setAttribute("class", `deimap-name deimap-name-${item.kind}`);
    text.setAttribute("font-size", size);
    text.setAttribute("font-weight", weight);
    text.setAttribute("lang", item.language);
    return text;
  }

  deimap.LabelLayer = LabelLayer;
  deimap.FONT = FONT;
})();
