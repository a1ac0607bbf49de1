/* Legend, go-to buttons, chip, measuring: built with textContent only, so text stays text. */
(function () {
  "use strict";
  const deimap = (window.deimap = window.deimap || {});

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  /** A Leaflet control around one element; clicks and wheels stay inside. */
  function control(position, className) {
    const made = L.control({ position });
    made.onAdd = () => {
      made.box = element("div", className);
      L.DomEvent.disableClickPropagation(made.box);
      L.DomEvent.disableScrollPropagation(made.box);
      return made.box;
    };
    return made;
  }

  /** The colour as it looks over the white of the map. */
  function seen(colour, opacity) {
    const parts = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
    return `rgb(${parts.map((part) => Math.round(255 + (part - 255) * opacity)).join(" ")})`;
  }

  /** Where a sign is: in its folder, or in the one file that holds everything. */
  deimap.signAt = (folder, name) =>
    (deimap.inlined && deimap.inlined[name]) || `${folder}/signs/${name}.svg`;

  function swatch(item, folder, opacity) {
    if (item.sign) {
      const image = element("img", "deimap-sign");
      image.src = deimap.signAt(folder, item.sign);
      image.alt = "";
      return image;
    }
    const box = element("span", `deimap-swatch deimap-swatch-${item.style || "fill"}`);
    if (item.colour) box.style.setProperty("--colour", seen(item.colour, opacity));
    return box;
  }

  function legend(box, groups, title, folder, opacity) {
    const open = !box.firstChild || box.firstChild.open;
    box.replaceChildren();
    box.hidden = groups.length === 0;
    const fold = element("details");
    fold.open = open;
    fold.appendChild(element("summary", "", title));
    for (const group of groups) {
      const part = element("div", "deimap-legend-group");
      if (group.title) part.appendChild(element("div", "deimap-legend-title", group.title));
      for (const item of group.items) {
        const row = element("div", "deimap-legend-row");
        row.appendChild(swatch(item, folder, opacity));
        row.appendChild(element("span", "", item.text));
        part.appendChild(row);
      }
      if (group.note) part.appendChild(element("div", "deimap-legend-note", group.note));
      fold.appendChild(part);
    }
    box.appendChild(fold);
  }

  function buttons(box, places, go) {
    box.replaceChildren();
    box.hidden = places.length < 2;
    for (const place of places) {
      const button = element("button", "deimap-go", place.text);
      button.type = "button";
      button.addEventListener("click", () => go(place));
      box.appendChild(button);
    }
  }

  function chips(box, texts) {
    box.replaceChildren();
    box.hidden = texts.length === 0;
    for (const text of texts) box.appendChild(element("span", "deimap-chip", text));
  }

  deimap.controls = { element, control, legend, buttons, chips };
})();
