/* Numbered pins: heads pushed apart where they would cover each other, points stay in place. More
   than a crowd of them would hide the map: those without room are dots until one zooms in. */
(function () {
  "use strict";
  const deimap = (window.deimap = window.deimap || {});
  const { SVG } = deimap;
  const STYLES = {
    "site-proposed": { fill: "#FFFFFF", rim: "#6A1B9A", ink: "#6A1B9A" },
    "site-accepted": { fill: "#6A1B9A", rim: "#FFFFFF", ink: "#FFFFFF" },
    "site-rejected": { fill: "#6B7280", rim: "#FFFFFF", ink: "#FFFFFF" },
    "site-shared": { fill: "#FFFFFF", rim: "#6B7280", ink: "#37474A" },
    "site-selected": { fill: "#FFD54F", rim: "#1E2A2B", ink: "#1E2A2B" },
  };

  const CROWD = 60, DOT = 4.5;

  const PinLayer = deimap.DrawnLayer.extend({
    className: "deimap-pins",

    initialize(options) {
      this.pins = [];
      this.heads = [];
      L.setOptions(this, options);
    },

    /** `pins`: [{point, id, number, title, sign}]; the chosen one is drawn last, in yellow. */
    show(pins, chosen) {
      this.pins = pins.map((pin) => ({ ...pin, chosen: pin.id === chosen }));
      this.place();
    },

    place() {
      if (!this._map) return;
      const map = this._map;
      L.DomUtil.setPosition(this.svg, map.containerPointToLayerPoint([0, 0]));
      const radius = map.getZoom() < 8.5 ? 10.5 : 12.5;
      this.heads = this.pins.map((pin) => {
        const at = map.latLngToContainerPoint(pin.point);
        return { pin, tip: at, x: at.x, y: at.y - radius * 2, radius };
      });
      if (this.heads.length > CROWD) thinned(this.heads);
      else apart(this.heads);
      const order = [...this.heads].sort(
        (a, b) => a.pin.chosen - b.pin.chosen || !a.dot - !b.dot || a.tip.y - b.tip.y
      );
      this.svg.replaceChildren(...order.map(drawn));
      this.svg.style.opacity = "1";
    },

    at(point) {
      const near = ({ x, y, radius, tip }) =>
        Math.hypot(point.x - x, point.y - y) <= radius + 1 ||
        Math.hypot(point.x - tip.x, point.y - tip.y) <= 5;
      const found = this.heads.filter(near);
      return found.length ? found[found.length - 1].pin : null;
    },

    boxes() {
      return this.heads.map(({ x, y, radius, tip }) => [
        Math.min(x - radius, tip.x - 2) - 1,
        Math.min(y - radius, tip.y) - 1,
        Math.max(x + radius, tip.x + 2) + 1,
        Math.max(y + radius, tip.y) + 1,
      ]);
    },
  });

  /** The chosen pin and the best keep their heads, the others where there is room; else a dot. */
  function thinned(heads) {
    const best = [...heads].sort(
      (a, b) => b.pin.chosen - a.pin.chosen || Number(a.pin.number) - Number(b.pin.number)
    );
    const put = [];
    for (const head of best) {
      if (put.some(({ x, y }) => Math.hypot(head.x - x, head.y - y) < 2 * head.radius + 3)) {
        Object.assign(head, { dot: true, x: head.tip.x, y: head.tip.y, radius: DOT });
      } else {
        put.push(head);
      }
    }
  }

  /** Move overlapping heads apart, each drawn back to its own place. */
  function apart(heads) {
    for (let round = 0; round < 80; round++) {
      for (const head of heads) {
        head.x += (head.tip.x - head.x) * 0.04;
        head.y += (head.tip.y - head.radius * 2 - head.y) * 0.04;
      }
      for (let i = 0; i < heads.length; i++) {
        for (let j = 0; j < i; j++) {
          const a = heads[i], b = heads[j];
          const room = a.radius + b.radius + 3;
          let dx = a.x - b.x, dy = a.y - b.y;
          const away = Math.hypot(dx, dy);
          if (away >= room) continue;
          if (away < 0.1) [dx, dy] = [Math.cos(i), Math.sin(i)];
          const push = (room - away) / 2 / (Math.hypot(dx, dy) || 1);
          a.x += dx * push;
          a.y += dy * push;
          b.x -= dx * push;
          b.y -= dy * push;
        }
      }
    }
  }

  function drawn({ pin, tip, x, y, radius, dot }) {
    const style = STYLES[pin.chosen ? "site-selected" : pin.sign] || STYLES["site-proposed"];
    const group = document.createElementNS(SVG, "g");
    if (dot) {
      const circle = document.createElementNS(SVG, "circle");
      circle.setAttribute("cx", x.toFixed(1));
      circle.setAttribute("cy", y.toFixed(1));
      circle.setAttribute("r", radius);
      circle.setAttribute("fill", style.fill);
      circle.setAttribute("stroke", style.rim);
      group.append(circle);
      return group;
    }
    const shape = document.createElementNS(SVG, "path");
    shape.setAttribute("d", outline(tip, x, y, radius));
    shape.setAttribute("fill", style.fill);
    shape.setAttribute("stroke", style.rim);
    const number = document.createElementNS(SVG, "text");
    number.textContent = pin.number;
    number.setAttribute("x", x.toFixed(1));
    number.setAttribute("y", (y + radius * 0.36).toFixed(1));
    number.setAttribute("font-size", radius);
    number.setAttribute("fill", style.ink);
    group.append(shape, number);
    return group;
  }

  /** A circle with a point that reaches the tip, wherever the circle had to go. */
  function outline(tip, x, y, radius) {
    const away = Math.hypot(tip.x - x, tip.y - y);
    const toward = Math.atan2(tip.y - y, tip.x - x);
    const half = away > radius ? Math.acos(radius / away) * 0.72 : 0.5;
    const on = (angle) =>
      `${(x + Math.cos(angle) * radius).toFixed(1)} ${(y + Math.sin(angle) * radius).toFixed(1)}`;
    return (
      `M${on(toward + half)}A${radius} ${radius} 0 1 1 ${on(toward - half)}` +
      `L${tip.x.toFixed(1)} ${tip.y.toFixed(1)}Z`
    );
  }

  deimap.PinLayer = PinLayer;
})();
