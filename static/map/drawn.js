/* A layer that draws itself anew, as SVG in its own pane, whenever the map comes to rest. */
(function () {
  "use strict";
  const deimap = (window.deimap = window.deimap || {});
  const SVG = "http://www.w3.org/2000/svg";

  /** Layers extend this with a `className` and `place()`, which fills `this.svg` and shows it. */
  deimap.DrawnLayer = L.Layer.extend({
    onAdd(map) {
      this.svg = document.createElementNS(SVG, "svg");
      this.svg.setAttribute("class", this.className);
      map.getPane(this.options.pane).appendChild(this.svg);
    },

    onRemove() {
      this.svg.remove();
    },

    getEvents() {
      return { zoomstart: this.hide, zoomend: this.place, moveend: this.place };
    },

    hide() {
      this.svg.style.opacity = "0";
    },
  });
  deimap.SVG = SVG;
})();
