/* The map of every page: `base` once an area, `draw` at each change; the view stays. */
(function () {
  "use strict";
  const deimap = (window.deimap = window.deimap || {});
  const { rings, inside, extent } = deimap.geometry;
  const { control, legend, buttons, chips, element } = deimap.controls;
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

  class Atlas {
    constructor(map, base) {
      Object.assign(this, { map, base, view: null });
      this.frame();
      for (const [name, order] of PANES) {
        const pane = map.getPane(name) || map.createPane(name);
        pane.style.zIndex = order;
        pane.style.pointerEvents = "none";
      }
      this.index();
      this.backdrop();
      this.surfaces();
      this.points = new deimap.PointLayer({ pane: "deimap-points", folder: base.static });
      this.names = new deimap.LabelLayer({ pane: "deimap-names" });
      this.pins = new deimap.PinLayer({ pane: "deimap-pins" });
      for (const layer of [this.points, this.pins, this.names]) layer.addTo(map);
      this.controls();
      this.listen();
      this.fit(base.bounds);
    }

    /** The page gives the height; the style must hold before Leaflet measures. */
    frame() {
      const box = this.map.getContainer();
      box.style.setProperty("height", "100vh", "important");
      box.style.setProperty("width", "100%", "important");
      this.map.invalidateSize({ pan: false });
      new ResizeObserver(() => {
        this.map.invalidateSize({ pan: false });
        if (!this.touched) this.fit(this.base.bounds);
      }).observe(box);
      const fonts = [];
      for (const [family, address, weight, range] of this.base.fonts) {
        const face = new FontFace(family, `url(${address})`, { weight, unicodeRange: range });
        document.fonts.add(face);
        fonts.push(face.load());
      }
      Promise.allSettled(fonts).then(() => {
        for (const item of this.names.wanted) item.measured = null;
        this.names.place();
        this.points.draw();
      });
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
      this.canvases = this.canvases || {};
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

    controls() {
      const map = this.map;
      this.zoom = L.control.zoom({ position: "topleft" }).addTo(map);
      this.chip = control("topright", "deimap-chips").addTo(map);
      this.ruler = control("topleft", "deimap-ruler").addTo(map);
      this.legend = control("bottomright", "deimap-legend").addTo(map);
      L.control.scale({ imperial: false, position: "bottomright", maxWidth: 110 }).addTo(map);
      this.go = control("bottomleft", "deimap-goto").addTo(map);
      this.said = control("bottomleft", "deimap-note").addTo(map);
      this.measure = new deimap.Measure(map, this.ruler.box);
      this.tip = element("div", "deimap-tip");
      this.tip.hidden = true;
      map.getContainer().appendChild(this.tip);
      this.slider = element("input", "deimap-swipe");
      Object.assign(this.slider, { type: "range", min: 0, max: 100, value: 50, hidden: true });
      L.DomEvent.disableClickPropagation(this.slider);
      map.getContainer().appendChild(this.slider);
      this.divide = element("div", "deimap-divide");
      map.getContainer().appendChild(this.divide);
      this.slider.addEventListener("input", () => this.swipe());
    }

    listen() {
      const map = this.map;
      map.on("zoomend", () => this.write());
      map.on("move zoomend resize", () => this.swipe());
      map.on("mousedown zoomstart dragstart", (event) => {
        if (event.type !== "zoomstart" || !this.fitting) this.touched = true;
      });
      map.on("mousemove", (event) => this.hover(event));
      map.on("mouseout", () => (this.tip.hidden = true));
      map.on("click", (event) => this.click(event));
    }

    fit(bounds) {
      // a frame still folded has no room to fit anything into
      if (this.map.getSize().y < 200) return;
      this.fitting = true;
      const narrow = this.map.getSize().x < 560;
      const beside = Math.max(150, this.legend.box.offsetWidth + 20);
      this.map.fitBounds(bounds, {
        paddingTopLeft: [narrow ? 16 : 50, 24],
        paddingBottomRight: [narrow ? 16 : beside, this.base.regions.length > 1 ? 44 : 24],
        animate: false,
      });
      this.fitting = false;
    }

    draw(view) {
      this.view = view;
      this.map.getContainer().lang = view.language;
      this.left.show(view.surface, view.opacity);
      this.right.show(view.compare, view.opacity);
      this.swipe();
      const filled = Boolean(view.surface);
      this.edges.setStyle(
        filled ? { color: "#FFFFFF", weight: 1.1 } : { color: "#C3C9C1", weight: 1 }
      );
      if (view.roads) this.roads.addTo(this.map);
      else this.roads.remove();
      this.borders.bringToFront();
      this.outlined(view);
      this.numbered(view);
      this.points.show(this.placed(view.points));
      this.furniture(view);
      this.write();
      if (!this.touched && !document.body.dataset.drawn) this.fit(this.base.bounds);
      this.measure.turn(view.measure, view.texts);
      document.body.dataset.drawn = String(Number(document.body.dataset.drawn || 0) + 1);
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
      image.src = `${this.base.static}/signs/place.svg`;
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

    numbered(view) {
      this.pins.show(this.placed(view.pins), view.pin);
    }

    /** GeoJSON points as items with a Leaflet point. */
    placed(collection) {
      return collection.features.map((feature) => {
        const [lon, lat] = feature.geometry.coordinates;
        return { point: L.latLng(lat, lon), ...feature.properties };
      });
    }

    /** Districts far, communes from zoom 10 (or when they are few), villages from 12. */
    write() {
      const view = this.view;
      if (!view) return;
      if (view.hatch && view.hatch.length > 1) this.hatched(view);
      const zoom = this.map.getZoom();
      const close = zoom >= 10 || this.own.features.length <= 12;
      const wanted = [];
      const unitNames = (units, kind) => {
        for (const unit of [...units].sort((a, b) => b.area - a.area)) {
          const [west, south, east, north] = unit.box;
          wanted.push({
            ...this.named(unit),
            kind,
            shape: unit.geometry,
            bounds: L.latLngBounds([south, west], [north, east]),
          });
        }
      };
      if (!close || !view.names.includes("commune")) unitNames(this.districts, "district");
      else unitNames(this.units.filter((unit) => unit.own), "commune");
      if (view.names.includes("village") && zoom >= 12) {
        for (const item of this.placed(view.points)) {
          if (item.kind === "village") {
            wanted.push({ text: item.title, language: item.language, kind: "village",
              point: item.point });
          }
        }
      }
      this.names.show(wanted, () => [
        ...this.points.boxes(),
        ...this.pins.boxes(),
        ...this.covered(),
      ]);
    }

    /** Boxes of the map that legend, buttons and chip cover: no name goes under them. */
    covered() {
      const frame = this.map.getContainer().getBoundingClientRect();
      return [this.legend, this.go, this.chip, this.zoom].map((item) => {
        const box = item.getContainer().getBoundingClientRect();
        return [box.left - frame.left, box.top - frame.top, box.right - frame.left,
          box.bottom - frame.top];
      });
    }

    named(unit) {
      const km = this.view.language === "km" && unit.km;
      return { text: km ? unit.km : unit.en, language: km ? "km" : "en" };
    }

    furniture(view) {
      const { texts } = view;
      legend(this.legend.box, view.legend, texts.legend, this.base.static);
      chips(this.chip.box, view.chips);
      const regions = this.base.regions.map((region) => ({
        text: view.language === "km" && region.km ? region.km : region.en,
        bounds: region.bounds,
      }));
      if (regions.length > 1) regions.push({ text: texts.all_areas, bounds: this.base.bounds });
      buttons(this.go.box, regions, (place) => {
        this.touched = true;
        this.fit(place.bounds);
      });
      this.said.box.hidden = !view.note;
      this.said.box.textContent = view.note || "";
      const [nearer, farther] = this.map.getContainer().querySelectorAll(".leaflet-control-zoom a");
      nearer.title = texts.nearer;
      nearer.setAttribute("aria-label", texts.nearer);
      farther.title = texts.farther;
      farther.setAttribute("aria-label", texts.farther);
    }

    swipe() {
      const comparing = Boolean(this.view && this.view.compare);
      this.slider.hidden = this.divide.hidden = !comparing;
      if (!comparing) {
        this.left.cut(null);
        return;
      }
      this.slider.setAttribute("aria-label", this.view.texts.compare);
      const width = this.map.getSize().x;
      const at = (width * this.slider.value) / 100;
      this.divide.style.left = `${at}px`;
      this.left.cut(0, at);
      this.right.cut(at, width);
    }

    unitAt(point) {
      return this.units.find(({ box, shape }) =>
        point.lng >= box[0] && point.lng <= box[2] && point.lat >= box[1] && point.lat <= box[3] &&
        inside(point.lng, point.lat, shape)
      );
    }

    hover(event) {
      if (!this.view) return;
      const found = this.pins.at(event.containerPoint) || this.points.at(event.containerPoint);
      const unit = found ? null : this.unitAt(event.latlng);
      const text = found ? found.title : unit ? this.named(unit).text : "";
      this.map.getContainer().classList.toggle("deimap-over", Boolean(found));
      this.tip.hidden = !text;
      this.tip.textContent = text;
      const size = this.map.getSize();
      const room = event.containerPoint.x > size.x - 180;
      this.tip.style.transform = room ? "translateX(calc(-100% - 24px))" : "";
      this.tip.style.left = `${event.containerPoint.x + 12}px`;
      this.tip.style.top = `${event.containerPoint.y + 14}px`;
    }

    /** A click selects whatever is there; the panel answers, the view stays. */
    click(event) {
      if (this.view && this.view.measure) {
        this.measure.add(event.latlng);
        return;
      }
      const pin = this.pins.at(event.containerPoint);
      const found = pin || this.points.at(event.containerPoint);
      const point = found ? found.point : event.latlng;
      const unit = this.unitAt(point);
      if (!pin) this.mark(point);
      const data = window.__GLOBAL_DATA__;
      if (!data) return;
      data.last_active_drawing = {
        type: "Feature",
        geometry: { type: "Point", coordinates: [round(point.lng), round(point.lat)] },
        properties: {
          kind: found ? found.kind : "place",
          id: found ? found.id : "",
          unit: unit ? unit.code : "",
        },
      };
    }
  }

  const round = (degrees) => Math.round(degrees * 1e5) / 1e5;

  deimap.base = (map, base) => {
    window.deimapAtlas = new Atlas(map, base);
  };
  deimap.draw = (view) => window.deimapAtlas.draw(view);
})();
