/* What is told beside a one-file map: of a commune, of a site, and of the whole result. */
(function () {
  "use strict";
  const { element } = deimap.controls;
  const { page } = deimap;
  const { data, units, own, state, at, said, words, other, named, drawing, list, folding } = page;

  /** What is known of the commune or site that was clicked. */
  page.answer = () => {
    const box = at("answer");
    const unit = units.find((one) => one.code === state.unit);
    if (!unit || !unit.own) {
      box.replaceChildren(element("p", "calm", words(state.place ? "outside" : "click")));
      if (!state.place) box.append(...listed(), ...ordered());
      return;
    }
    const told = data.communes[unit.code];
    const head = element("h2", "", named(unit));
    const names = [named(unit, other()), told && told.district[state.language], unit.code];
    const below = element("p", "calm", names.filter(Boolean).join(" · "));
    box.replaceChildren(head, below, ...here(), ...sites(unit.code), ...figures(told));
  };

  /** The sites by rank: each leads to its place on the map. */
  function listed() {
    const found = Object.entries(data.sites).flatMap(([code, told]) =>
      told.map((site) => ({ code, site }))
    );
    if (!found.length) return [];
    const made = element("ol", "sites");
    for (const { code, site } of found.sort((a, b) => a.site.rank - b.site.rank)) {
      const unit = units.find((one) => one.code === code);
      const button = element("button");
      button.type = "button";
      button.append(element("b", "", site.rank), placed(site, unit));
      button.addEventListener("click", () => page.select(code, site.rank, null));
      const item = element("li");
      item.append(button);
      made.append(item);
    }
    return [element("h3", "", words("sites")), made];
  }

  /** The communes by the value that colours them, the largest first: the map as a table.
      What has no colour comes after, unranked; too weak a figure says so. */
  function ordered() {
    const place = said().headings.findIndex(([column]) => column === state.choice.key);
    if (state.choice.cells || place < 0) return [];
    const rows = own
      .filter((unit) => data.communes[unit.code])
      .map((unit) => ({ unit, value: valueOf(unit.code, place) }));
    const size = (value) => {
      const found = parseFloat(value.replaceAll(",", ""));
      return Number.isNaN(found) ? -Infinity : found;
    };
    rows.sort((a, b) => size(b.value) - size(a.value) || a.unit.code.localeCompare(b.unit.code));
    const made = element("ul", "sites");
    for (const { unit, value } of rows) {
      const button = element("button");
      button.type = "button";
      button.append(element("span", "", named(unit)), element("span", "value", value));
      button.addEventListener("click", () => page.select(unit.code, "", null));
      const item = element("li");
      item.append(button);
      made.append(item);
    }
    const head = element("h3", "", words("communes"));
    return [head, element("p", "calm", said().headings[place][1]), made];
  }

  function valueOf(code, place) {
    const told = data.communes[code].figures[state.language];
    const group = said().headings.findIndex(([column]) => column === "group");
    const coloured = code in drawing().surface.colours;
    return coloured || Number.isNaN(parseFloat(told[place])) || group < 0 ? told[place] : told[group];
  }

  function placed(site, unit) {
    const village = site.place[state.language];
    const commune = unit ? named(unit) : "";
    return element("span", "", village ? `${village} (${commune})` : commune);
  }

  /** The step of the surface where the map was clicked, in the words of the legend. */
  function here() {
    const { surface, legend } = drawing();
    if (!state.place || surface.kind !== "image") return [];
    const items = legend[legend.length - 1].items;
    const colour = colourAt(surface, state.place);
    const without = items.filter((item) => !item.colour && item.style !== "dashed");
    const found = colour
      ? items.find((item) => item.colour && item.colour.toLowerCase() === colour)
      : without.length === 1 && without[0];
    if (!found) return [];
    return [list([[`${words("here")} ${state.choice.names[state.language]}`, found.text]])];
  }

  /** The colour of a picture at a place, empty where it is clear or not ready yet. */
  function colourAt({ url, bounds, size }, [lon, lat]) {
    if (!pens.has(url)) {
      pens.set(url, null);
      const image = new Image();
      image.onload = () => {
        const canvas = element("canvas");
        [canvas.width, canvas.height] = size;
        pens.set(url, canvas.getContext("2d", { willReadFrequently: true }));
        pens.get(url).drawImage(image, 0, 0);
        page.answer();
      };
      image.src = url;
    }
    const [[south, west], [north, east]] = bounds.map(([y, x]) => [mercator(y), x]);
    const column = Math.floor(((lon - west) / (east - west)) * size[0]);
    const row = Math.floor(((north - mercator(lat)) / (north - south)) * size[1]);
    if (!pens.get(url)) return "";
    const [red, green, blue, there] = pens.get(url).getImageData(column, row, 1, 1).data;
    const hex = (part) => part.toString(16).padStart(2, "0");
    return there ? `#${hex(red)}${hex(green)}${hex(blue)}` : "";
  }

  const pens = new Map();
  const mercator = (lat) => Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));

  function sites(code) {
    const told = (data.sites[code] || []).filter(
      (site) => !state.pin || site.rank === state.pin || !exists(code, state.pin)
    );
    return told.map((site) => {
      const made = element("section", "site");
      const unit = units.find((one) => one.code === code);
      const head = element("h3");
      head.append(element("b", "", site.rank), placed(site, unit));
      made.append(head);
      for (const line of site.sentences[state.language]) made.append(element("p", "", line));
      made.append(list(site.figures[state.language]));
      return made;
    });
  }

  const exists = (code, rank) => data.sites[code].some((site) => site.rank === rank);

  /** The figures of a commune, that of the surface first. */
  function figures(told) {
    if (!told) return [];
    const rows = said().headings.map(([column, head], place) => ({
      column, head, value: told.figures[state.language][place],
    }));
    rows.sort((a, b) => (b.column === state.choice.key) - (a.column === state.choice.key));
    const shown = rows.filter((row) => row.value);
    const parts = [element("h3", "", words("figures"))];
    if (data.example) parts[0].append(element("span", "deimap-chip", words("example")));
    if (said().asked) parts.push(element("p", "calm", said().asked));
    parts.push(list(shown.map((row) => [row.head, row.value])));
    const chosenRow = parts[parts.length - 1].querySelector("dt");
    if (chosenRow && shown[0].column === state.choice.key) chosenRow.className = "shown";
    const remark = told.remark[state.language];
    if (remark) parts.push(element("p", "", remark));
    parts.push(element("p", "calm", said().inputs));
    return parts;
  }

  /** Remarks, provenance, layers, licences: folded, and never out of reach. */
  page.more = () => {
    const { remarks, facts, source_heads: heads, sources } = said();
    const table = element("table");
    const row = (cells, tag) => {
      const made = element("tr");
      made.append(...cells.map((cell) => element(tag, "", cell)));
      return made;
    };
    const body = element("tbody");
    body.append(...sources.map((cells) => row(cells, "td")));
    const top = element("thead");
    top.append(row(heads, "th"));
    table.append(top, body);
    const around = element("div", "wide");
    around.append(table);
    const noted = element("ul");
    noted.append(...remarks.map((remark) => element("li", "", remark)));
    at("more").replaceChildren(
      element("p", "calm", words("anonymised")),
      ...(remarks.length ? [folding(`${words("remarks")} (${remarks.length})`, false, noted)] : []),
      folding(words("layers"), false, around),
      folding(words("about"), false, list(facts)),
      folding(words("licences"), false, ...data.licences.map((text) => element("pre", "", text)))
    );
  };
})();
