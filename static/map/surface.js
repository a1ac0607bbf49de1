/* The one coloured surface: units filled by code, or a picture of a raster cut at the outline. */
(function () {
  "use strict";
  const deimap = (window.deimap = window.deimap || {});
  const { rings } = deimap.geometry;
  const SVG = "http://www.w3.org/2000/svg";
  let count = 0;

  class Surface {
    constructor(map, pane, units, outline) {
      Object.assign(this, { map, pane, outline, shown: null });
      this.fills = L.geoJSON(units, {
        interactive: false,
        renderer: L.canvas({ pane, padding: 0.4 }),
        pane,
        style: { stroke: false, fill: false },
      });
    }

    show(surface, opacity) {
      this.map.getPane(this.pane).style.opacity = opacity;
      const wanted = surface ? surface.kind : null;
      if (wanted !== "units") this.fills.remove();
      if (this.image && (wanted !== "image" || this.image.address !== surface.url)) {
        this.image.remove();
        this.image = null;
      }
      if (wanted === "units") this.fill(surface.colours);
      if (wanted === "image" && !this.image) this.image = this.picture(surface);
    }

    fill(colours) {
      this.fills.setStyle((feature) => {
        const colour = colours[feature.properties.code];
        return { stroke: false, fill: Boolean(colour), fillColor: colour, fillOpacity: 1 };
      });
      this.fills.addTo(this.map);
    }

    /** Mercator picture as SVG, so that its edge is the outline and not the cell. */
    picture({ url, bounds, size }) {
      const [[south, west], [north, east]] = bounds;
      const svg = document.createElementNS(SVG, "svg");
      svg.setAttribute("viewBox", `0 0 ${size[0]} ${size[1]}`);
      svg.setAttribute("preserveAspectRatio", "none");
      const clip = document.createElementNS(SVG, "clipPath");
      clip.id = `deimap-clip-${++count}`;
      const path = document.createElementNS(SVG, "path");
      const top = mercator(north), bottom = mercator(south);
      const place = ([lon, lat]) =>
        `${(((lon - west) / (east - west)) * size[0]).toFixed(2)} ` +
        `${(((top - mercator(lat)) / (top - bottom)) * size[1]).toFixed(2)}`;
      path.setAttribute(
        "d",
        this.outline.map((ring) => `M${ring.map(place).join("L")}Z`).join("")
      );
      path.setAttribute("clip-rule", "evenodd");
      clip.appendChild(path);
      const image = document.createElementNS(SVG, "image");
      image.setAttribute("href", url);
      image.setAttribute("width", size[0]);
      image.setAttribute("height", size[1]);
      image.setAttribute("preserveAspectRatio", "none");
      image.setAttribute("clip-path", `url(#${clip.id})`);
      image.setAttribute("class", "deimap-picture");
      svg.append(clip, image);
      const layer = L.svgOverlay(svg, bounds, { pane: this.pane, interactive: false });
      layer.address = url;
      return layer.addTo(this.map);
    }

    /** Show only what lies left or right of a line on the screen; `null` shows all. */
    cut(from, to) {
      const pane = this.map.getPane(this.pane);
      if (from === null) {
        pane.style.clip = "";
        return;
      }
      const size = this.map.getSize();
      const start = this.map.containerPointToLayerPoint([from, 0]);
      const end = this.map.containerPointToLayerPoint([to, size.y]);
      pane.style.clip = `rect(${start.y}px, ${end.x}px, ${end.y}px, ${start.x}px)`;
    }
  }

  function mercator(lat) {
    return Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
  }

  deimap.Surface = Surface;
  deimap.outlineOf = (features) => features.flatMap((feature) => rings(feature.geometry));
})();
