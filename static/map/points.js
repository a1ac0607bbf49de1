/* Plots, providers, events and villages: one canvas, the signs of static/signs/, moved apart. */
(function () {
  "use strict";
  const deimap = (window.deimap = window.deimap || {});
  const pictures = new Map();

  function picture(name, folder, ready) {
    if (!pictures.has(name)) {
      const image = new Image();
      image.onload = () => ready();
      image.src = deimap.signAt(folder, name);
      pictures.set(name, image);
    }
    return pictures.get(name);
  }

  const PointLayer = L.Layer.extend({
    initialize(options) {
      this.items = [];
      this.drawn = [];
      L.setOptions(this, options);
    },

    onAdd(map) {
      this.canvas = document.createElement("canvas");
      this.canvas.className = "deimap-points leaflet-zoom-hide";
      map.getPane(this.options.pane).appendChild(this.canvas);
      this.draw();
    },

    onRemove() {
      this.canvas.remove();
    },

    getEvents() {
      return { moveend: this.draw, zoomend: this.draw, resize: this.draw };
    },

    /** `items`: [{point, sign, title, kind, id}], the important ones last. */
    show(items) {
      this.items = items;
      this.draw();
    },

    draw() {
      if (!this._map) return;
      const map = this._map;
      const size = map.getSize();
      const scale = window.devicePixelRatio || 1;
      L.DomUtil.setPosition(this.canvas, map.containerPointToLayerPoint([0, 0]));
      this.canvas.width = size.x * scale;
      this.canvas.height = size.y * scale;
      this.canvas.style.width = `${size.x}px`;
      this.canvas.style.height = `${size.y}px`;
      const pen = this.canvas.getContext("2d");
      pen.scale(scale, scale);
      this.drawn = this.arranged(size);
      for (const item of this.drawn) this.paint(pen, item);
    },

    arranged(size) {
      const map = this._map;
      const zoom = map.getZoom();
      const side = zoom < 8.5 ? 13 : zoom < 10 ? 16 : 20;
      const seen = [];
      for (const item of this.items) {
        if (item.kind === "village" && zoom < 9.5) continue;
        const at = map.latLngToContainerPoint(item.point);
        if (at.x < -20 || at.y < -20 || at.x > size.x + 20 || at.y > size.y + 20) continue;
        const own = item.kind === "village" ? side * 0.8 : side;
        seen.push({ item, x: at.x, y: at.y, fromX: at.x, fromY: at.y, side: own });
      }
      if (zoom >= 10 && seen.length <= 400) spread(seen);
      return seen;
    },

    paint(pen, { item, x, y, fromX, fromY, side }) {
      if (Math.hypot(x - fromX, y - fromY) > side * 0.7) {
        pen.strokeStyle = "#1E2A2B";
        pen.lineWidth = 0.8;
        pen.beginPath();
        pen.moveTo(fromX, fromY);
        pen.lineTo(x, y);
        pen.stroke();
      }
      const image = picture(item.sign, this.options.folder, () => this.soon());
      if (!image.complete || !image.naturalWidth) return;
      pen.drawImage(image, x - side / 2, y - side / 2, side, side);
      if (item.number) {
        pen.font = `600 ${side * 0.5}px ${deimap.FONT}`;
        pen.textAlign = "center";
        pen.textBaseline = "middle";
        pen.fillStyle = "#1E2A2B";
        pen.fillText(item.number, x, y + 0.5);
      }
    },

    soon() {
      cancelAnimationFrame(this.waiting);
      this.waiting = requestAnimationFrame(() => this.draw());
    },

    /** The sign at a place on the screen, the nearest within reach. */
    at(point) {
      let best = null;
      for (const drawn of this.drawn) {
        const away = Math.hypot(drawn.x - point.x, drawn.y - point.y);
        if (away <= Math.max(9, drawn.side / 2 + 1) && (!best || away <= best.away)) {
          best = { away, item: drawn.item };
        }
      }
      return best && best.item;
    },

    boxes() {
      return this.drawn.map(({ x, y, side }) => {
        const half = side / 2 - 1;
        return [x - half, y - half, x + half, y + half];
      });
    },
  });

  /** Move signs that cover each other to the nearest free place, at most about their own size. */
  function spread(seen) {
    const put = [];
    const free = (x, y, side) =>
      put.every((other) => Math.hypot(other.x - x, other.y - y) >= (other.side + side) * 0.44);
    for (const sign of [...seen].reverse()) {
      if (!free(sign.x, sign.y, sign.side)) {
        search: for (const radius of [0.6, 0.95, 1.3]) {
          for (let turn = 0; turn < 12; turn++) {
            const x = sign.fromX + Math.cos((turn * Math.PI) / 6) * radius * sign.side;
            const y = sign.fromY + Math.sin((turn * Math.PI) / 6) * radius * sign.side;
            if (free(x, y, sign.side)) {
              [sign.x, sign.y] = [x, y];
              break search;
            }
          }
        }
      }
      put.push(sign);
    }
  }

  deimap.PointLayer = PointLayer;
})();
