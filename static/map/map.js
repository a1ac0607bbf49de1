/* The map of every page: `base` once an area, `draw` at each change; the view stays. */
(function () {
  "use strict";
  const deimap = (window.deimap = window.deimap || {});
  const { control, legend, buttons, chips, element } = deimap.controls;

  class Atlas extends deimap.Ground {
    constructor(map, base) {
      super(map, base);
      this.points = new deimap.PointLayer({ pane: "deimap-points", folder: base.static });
      this.names = new deimap.LabelLayer({ pane: "deimap-names" });
      this.pins = new deimap.PinLayer({ pane: "deimap-pins" });
      for (const layer of [this.points, this.pins, this.names]) layer.addTo(map);
      this.controls();
      this.frame();
      this.listen();
      this.fit(base.bounds);
    }

    /** The page gives the height; the style must hold before Leaflet measures. */
    frame() {
      const box = this.map.getContainer();
      box.style.setProperty("height", this.base.height || "100vh", "important");
      box.style.setProperty("width", "100%", "important");
      this.map.invalidateSize({ pan: false });
      const again = () => {
        this.map.invalidateSize({ pan: false });
        if (!this.touched) this.fit(this.base.bounds);
      };
      new ResizeObserver(again).observe(box);
      // a legend without its style is as wide as the map: measure once more when the style is there
      for (const link of document.querySelectorAll("link[rel=stylesheet]")) {
        if (!link.sheet) link.addEventListener("load", again, { once: true });
      }
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

    controls() {
      const map = this.map;
      this.zoom = L.control.zoom({ position: "topleft" }).addTo(map);
      this.chip = control("topright", "deimap-chips").addTo(map);
      this.stamp = map.getContainer().appendChild(element("div", "deimap-stamp", ""));
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
      if (this.base.beside) this.follow();
    }

    /** Maps of one area beside each other show the same part of it. */
    follow() {
      const area = JSON.stringify(this.base.bounds);
      this.map.on("moveend", () => {
        if (!this.touched || this.following) return;
        const { lat, lng } = this.map.getCenter();
        const said = { deimapView: area, lat, lng, zoom: this.map.getZoom() };
        for (let place = 0; place < window.parent.frames.length; place += 1) {
          const other = window.parent.frames[place];
          if (other !== window) other.postMessage(said, window.location.origin);
        }
      });
      window.addEventListener("message", (event) => {
        const said = event.data;
        if (event.origin !== window.location.origin || !said || said.deimapView !== area) return;
        this.touched = this.following = true;
        this.map.setView([said.lat, said.lng], said.zoom, { animate: false });
        this.following = false;
      });
    }

    fit(bounds) {
      // a frame still folded has no room to fit anything into: it would zoom in as far as it can
      const size = this.map.getSize();
      if (size.y < 200 || size.x < 200) return;
      this.fitting = true;
      const narrow = size.x < 560;
      // paddings wider than the map would zoom in as far as it can
      const beside = Math.min(0.4 * size.x, Math.max(150, this.legend.box.offsetWidth + 20));
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
      this.lines();
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
      this.lines();
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
            outside: kind === "district",
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

    furniture(view) {
      const { texts } = view;
      legend(this.legend.box, view.legend, texts.legend, this.base.static, view.opacity);
      chips(this.chip.box, view.chips);
      this.stamp.textContent = view.stamp;
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
      // beyond all that is drawn the page says whether the place is one, and then sets the pin
      if (!pin && (found || unit)) this.mark(point);
      const properties = {
        kind: found ? found.kind : "place",
        id: found ? found.id : "",
        unit: unit ? unit.code : "",
      };
      if (this.base.chosen) this.base.chosen(properties, point);
      const data = window.__GLOBAL_DATA__;
      if (!data) return;
      const coordinates = [round(point.lng), round(point.lat)];
      data.last_active_drawing = {
        type: "Feature",
        geometry: { type: "Point", coordinates },
        properties,
      };
    }
  }

  const round = (degrees) => Math.round(degrees * 1e5) / 1e5;

  deimap.base = (map, base) => {
    window.deimapAtlas = new Atlas(map, base);
  };
  deimap.draw = (view) => window.deimapAtlas.draw(view);
})();
