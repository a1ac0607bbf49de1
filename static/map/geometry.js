/* Plain geometry for the map: rings in screen pixels, points in polygons, free room for a name. */
(function () {
  "use strict";
  const deimap = (window.deimap = window.deimap || {});

  /** All rings of a GeoJSON polygon or multipolygon, as [[lon, lat], ...]. */
  function rings(geometry) {
    if (!geometry) return [];
    if (geometry.type === "Polygon") return geometry.coordinates;
    if (geometry.type === "MultiPolygon") return geometry.coordinates.flat();
    return [];
  }

  /** Even-odd test over all rings, so holes and islands come out right. */
  function inside(x, y, shapes) {
    let odd = false;
    for (const ring of shapes) {
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        const [xi, yi] = ring[i], [xj, yj] = ring[j];
        if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd;
      }
    }
    return odd;
  }

  function extent(shapes) {
    let west = Infinity, south = Infinity, east = -Infinity, north = -Infinity;
    for (const ring of shapes) {
      for (const [x, y] of ring) {
        if (x < west) west = x;
        if (x > east) east = x;
        if (y < south) south = y;
        if (y > north) north = y;
      }
    }
    return [west, south, east, north];
  }

  /** Parts of a horizontal line that lie inside the rings, as [from, to] pairs. */
  function spans(y, shapes) {
    const cuts = [];
    for (const ring of shapes) {
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        const [xi, yi] = ring[i], [xj, yj] = ring[j];
        if (yi > y !== yj > y) cuts.push(((xj - xi) * (y - yi)) / (yj - yi) + xi);
      }
    }
    cuts.sort((a, b) => a - b);
    const found = [];
    for (let i = 0; i + 1 < cuts.length; i += 2) found.push([cuts[i], cuts[i + 1]]);
    return found;
  }

  function overlap(left, right) {
    const found = [];
    for (const [a, b] of left) {
      for (const [c, d] of right) {
        const from = Math.max(a, c), to = Math.min(b, d);
        if (to > from) found.push([from, to]);
      }
    }
    return found;
  }

  /** Where a box of this size fits inside the rings: centres, the most central first. */
  function roomFor(width, height, shapes, rows) {
    const [west, south, east, north] = extent(shapes);
    const [cx, cy] = [(west + east) / 2, (south + north) / 2];
    const places = [];
    for (let row = 1; row < rows; row++) {
      const y = south + ((north - south) * row) / rows;
      let free = spans(y, shapes);
      free = overlap(free, spans(y - height / 2, shapes));
      free = overlap(free, spans(y + height / 2, shapes));
      for (const [from, to] of free) {
        if (to - from < width) continue;
        const low = from + width / 2, high = to - width / 2;
        const best = Math.min(Math.max(cx, low), high);
        for (const x of new Set([best, (low + high) / 2, low, high])) {
          places.push({ x, y, cost: Math.hypot((x - cx) * 0.6, y - cy) });
        }
      }
    }
    return places.sort((a, b) => a.cost - b.cost);
  }

  function hits(box, boxes) {
    return boxes.some(
      (other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]
    );
  }

  deimap.geometry = { rings, inside, extent, spans, roomFor, hits };
})();
