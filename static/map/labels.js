/* Names on the map: greedy, inside their unit (in one line or two), never under a sign, white halo;
   a district's may stand beside all districts; else dropped. */
(function () {
  "use strict";
  const deimap = (window.deimap = window.deimap || {});
  const { rings, roomFor, hits, inside, extent } = deimap.geometry;
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
      const put = (item, found) => {
        taken.push(found.box);
        this.svg.appendChild(written(item, found));
      };
      const left = [];
      for (const item of this.wanted) {
        const found = item.shape ? this.inUnit(item, taken) : this.besidePoint(item, taken);
        if (found) put(item, found);
        else if (item.outside) left.push(item);
      }
      for (const item of left) {
        const found = this.besideUnit(item, taken);
        if (found) put(item, found);
      }
      this.svg.style.opacity = "1";
    },

    /** Rings of a unit in pixels of the screen. */
    onScreen(item) {
      return rings(item.shape).map((ring) =>
        ring.map(([lon, lat]) => {
          const point = this._map.latLngToContainerPoint([lat, lon]);
          return [point.x, point.y];
        })
      );
    },

    seen([west, north, east, south]) {
      const size = this._map.getSize();
      return west > 2 && north > 2 && east < size.x - 2 && south < size.y - 2;
    },

    inUnit(item, taken) {
      if (!this._map.getBounds().intersects(item.bounds)) return null;
      const shapes = this.onScreen(item);
      for (const lines of broken(item)) {
        const { width, height } = measured(item, lines);
        for (const { x, y } of roomFor(width + 4, height - 3, shapes, 14)) {
          const box = around(x, y, width, height);
          if (this.seen(box) && !hits(box, taken)) return { x, y, box, lines };
        }
      }
      return null;
    },

    /** Close beside its unit, on no other that has a name here. */
    besideUnit(item, taken) {
      if (!this._map.getBounds().intersects(item.bounds)) return null;
      const others = this.wanted.filter((other) => other.shape).map((other) => this.onScreen(other));
      const [west, north, east, south] = extent(this.onScreen(item));
      const [cx, cy] = [(west + east) / 2, (north + south) / 2];
      const lines = [item.text];
      const { width, height } = measured(item, lines);
      const [toSide, toEnd] = [width / 2 + 5, height / 2 + 3];
      for (const [x, y] of [
        [west - toSide, cy], [east + toSide, cy], [cx, south + toEnd], [cx, north - toEnd],
      ]) {
        const box = around(x, y, width, height);
        const clear = others.every((shapes) => !touches(box, shapes));
        if (clear && this.seen(box) && !hits(box, taken)) return { x, y, box, lines };
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
        if (!hits(box, taken)) return { x, y, box, lines: [item.text] };
      }
      return null;
    },
  });

  /** A name in one line, then in two where words part. */
  function broken({ text }) {
    const words = text.split(" ");
    if (words.length < 2) return [[text]];
    const ways = words.slice(1).map((_, at) => [
      words.slice(0, at + 1).join(" "),
      words.slice(at + 1).join(" "),
    ]);
    const longest = (lines) => Math.max(...lines.map((line) => line.length));
    return [[text], ways.sort((a, b) => longest(a) - longest(b))[0]];
  }

  /** Whether some of a box lies over a unit: its corners, and points between them. */
  function touches([west, north, east, south], shapes) {
    for (let step = 0; step <= 6; step++) {
      const x = west + ((east - west) * step) / 6;
      if ([north, (north + south) / 2, south].some((y) => inside(x, y, shapes))) return true;
    }
    return false;
  }

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

  /** Width and height of a name in these lines. */
  function measured(item, lines = [item.text]) {
    const { size, weight } = style(item);
    const key = `${size} ${weight} ${lines.length}`;
    if (item.measured !== key) {
      pen.font = `${weight} ${size}px ${FONT}`;
      item.width = Math.max(...lines.map((line) => pen.measureText(line).width));
      item.height = lineHeight(item) * lines.length;
      item.measured = key;
    }
    return item;
  }

  function lineHeight(item) {
    return style(item).size * (item.language === "km" ? 1.6 : 1.25);
  }

  function written(item, { x, y, lines }) {
    const { size, weight } = style(item);
    const text = document.createElementNS(SVG, "text");
    const first = y - (lineHeight(item) * (lines.length - 1)) / 2;
    lines.forEach((line, at) => {
      const span = document.createElementNS(SVG, "tspan");
      span.textContent = line;
      span.setAttribute("x", Math.round(x));
      span.setAttribute("y", Math.round(first + at * lineHeight(item) + size * 0.34));
      text.appendChild(span);
    });
    text.setAttribute("class", `deimap-name deimap-name-${item.kind}`);
    text.setAttribute("font-size", size);
    text.setAttribute("font-weight", weight);
    text.setAttribute("lang", item.language);
    return text;
  }

  deimap.LabelLayer = LabelLayer;
  deimap.FONT = FONT;
})();
