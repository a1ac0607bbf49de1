/* The ground of the map: panes, neighbours, communes, borders, roads, hatch, rims. */
(function () {
  "use strict";
  const deimap = (window.deimap = window.deimap || {});
  const { rings, inside, extent } = deimap.geometry;
  const { element } = deimap.controls;
  const INK = "#1E2A2B";
  const PANES = [
    ["deimap-context", 210],
    ["deimap-left", 300],
    ["deimap-right", 301],
    ["deimap-hatch", 350],
    ["deimap-lines", 400],
    ["deimap-names", 450],
    ["deimap-points", 500],
    ["deimap-pins", 550],
  ];
  const ROAD_WIDTH = { trunk: 2.4, primary: 2, secondary: 1.4 };

  class Ground {
    constructor(map, base) {
      Object.assign(this, { map, base, view: null, canvases: {} });
      for (const [name, order] of PANES) {
        const pane = map.getPane(name) || map.createPane(name);
        pane.style.zIndex = order;
        pane.style.pointerEvents = "none";
      }
      this.index();
      this.backdrop();
      this.surfaces();
    }

    index() {
      this.units = this.base.units.features.map((feature) => {
        const shape = rings(feature.geometry);
        return { ...feature.properties, geometry: feature.geometry, shape, box: extent(shape) };
      });
      this.districts = this.base.districts.features.map((feature) => ({
        ...feature.properties,
        geometry: feature.geometry,
        box: extent(rings(feature.geometry)),
      }));
    }

    backdrop() {
      const flat = (style, pane, data) =>
        L.geoJSON(data, {
          style: { interactive: false, ...style },
          interactive: false,
          pane,
          renderer: this.canvas(pane),
        }).addTo(this.map);
      const own = { ...this.base.units };
      own.features = own.features.filter((feature) => feature.properties.own);
      this.own = own;
      flat({ color: "#CDD1CA", weight: 0.8, fillColor: "#F7F7F4", fillOpacity: 1 },
        "deimap-context", this.base.units);
      flat({ stroke: false, fillColor: "#FFFFFF", fillOpacity: 1 }, "deimap-context", own);
      this.edges = flat({ fill: false, color: "#C3C9C1", weight: 1 }, "deimap-lines", own);
      this.roads = L.layerGroup();
      for (const casing of [true, false]) {
        L.geoJSON(this.base.roads, {
          interactive: false,
          pane: "deimap-lines",
          renderer: this.canvas("deimap-lines"),
          style: (feature) => {
            const width = ROAD_WIDTH[feature.properties.class] || 1.4;
            return casing
              ? { color: "#FFFFFF", weight: width + 1.6, opacity: 0.8 }
              : { color: "#8C6F4E", weight: width, opacity: 1 };
          },
        }).addTo(this.roads);
      }
      this.borders = flat({ fill: false, color: INK, weight: 1.7, opacity: 0.85 },
        "deimap-lines", this.base.districts);
    }

    canvas(pane) {
      this.canvases[pane] = this.canvases[pane] || L.canvas({ pane, padding: 0.4 });
      return this.canvases[pane];
    }

    surfaces() {
      const outline = deimap.outlineOf(this.base.districts.features);
      this.left = new deimap.Surface(this.map, "deimap-left", this.own, outline);
      this.right = new deimap.Surface(this.map, "deimap-right", this.own, outline);
      this.hatch = L.layerGroup().addTo(this.map);
      this.marks = L.layerGroup().addTo(this.map);
      this.chosen = L.layerGroup().addTo(this.map);
    }

    /** Communes white on colour, grey on none; far out over many of them only a breath. */
    lines() {
      const far = this.map.getZoom() < 8 && this.own.features.length > 300;
      const weight = far ? 0.35 : 1.1;
      this.edges.setStyle({ color: this.view.surface ? "#FFFFFF" : "#C3C9C1", weight });
      this.borders.setStyle({ weight: far ? 0.8 : 1.7 });
    }

    /** Borderline units get a dashed rim, the selected one a yellow rim. */
    outlined(view) {
      this.marks.clearLayers();
      this.chosen.clearLayers();
      const rim = (unit, style) =>
        L.geoJSON(unit.geometry, {
          interactive: false,
          pane: "deimap-lines",
          renderer: this.canvas("deimap-lines"),
          style: { fill: false, ...style },
        });
      for (const unit of this.units) {
        if (view.borderline.includes(unit.code)) {
          rim(unit, { color: INK, weight: 2, dashArray: "6 4" }).addTo(this.marks);
        }
        if (view.unit === unit.code) {
          rim(unit, { color: INK, weight: 4 }).addTo(this.chosen);
          rim(unit, { color: "#FFD54F", weight: 2.2 }).addTo(this.chosen);
        }
      }
      if (this.marker) this.marker.remove();
      if (view.place) this.mark(L.latLng(view.place[1], view.place[0]));
      this.hatched(view);
    }

    mark(point) {
      if (this.marker) this.marker.remove();
      const image = element("img");
      image.src = deimap.signAt(this.base.static, "place");
      image.alt = "";
      this.marker = L.marker(point, {
        interactive: false,
        keyboard: false,
        pane: "deimap-pins",
        icon: L.divIcon({ html: image, className: "deimap-place", iconSize: [26, 26],
          iconAnchor: [13, 24] }),
      }).addTo(this.chosen);
    }

    /** Hatch lines come in several widths of spacing: the one that suits this zoom. */
    hatched(view) {
      this.hatch.clearLayers();
      if (!view.hatch || !view.hatch.length) return;
      const zoom = this.map.getZoom();
      const level = view.hatch.reduce((best, candidate) =>
        Math.abs(candidate.zoom - zoom) < Math.abs(best.zoom - zoom) ? candidate : best
      );
      this.hatchLevel = level.zoom;
      L.geoJSON(level.lines, {
        interactive: false,
        pane: "deimap-hatch",
        renderer: this.canvas("deimap-hatch"),
        style: { color: "#7C8683", weight: 1, opacity: 1 },
      }).addTo(this.hatch);
    }

    unitAt(point) {
      return this.units.find(({ box, shape }) =>
        point.lng >= box[0] && point.lng <= box[2] && point.lat >= box[1] && point.lat <= box[3] &&
        inside(point.lng, point.lat, shape)
      );
    }

    named(unit) {
      if (this.view.language === "en") return { text: unit.en, language: "en" };
      // a missing Khmer name shows the English one, marked
      return unit.km ? { text: unit.km, language: "km" } : { text: `${unit.en} (en)`, language: "en" };
    }
  }

  deimap.Ground = Ground;
})();
