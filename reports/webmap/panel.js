/* The page around the map in one file: built with textContent only, so that text stays text. */
(function () {
  "use strict";
  const { element } = deimap.controls;
  const data = JSON.parse(document.getElementById("data").textContent);
  const at = (id) => document.getElementById(id);
  const narrow = () => window.matchMedia("(max-width: 900px)").matches;
  const units = data.base.units.features.map((feature) => feature.properties);
  const districts = data.base.districts.features.map((feature) => feature.properties);
  const own = units.filter((unit) => unit.own);
  const state = { language: data.language, choice: data.choices[0], unit: "", pin: "", place: null };

  const said = () => data.spoken[state.language];
  const words = (name) => said().texts[name];
  const other = () => (state.language === "en" ? "km" : "en");

  /** The name of a commune; a missing Khmer one is the English one, marked. */
  function named(unit, language = state.language) {
    if (language === "en") return unit.en;
    return unit.km || `${unit.en} (en)`;
  }

  /** The form in which two spellings of one name are equal, as layers/spelling.py has it. */
  function folded(text) {
    return text
      .normalize("NFKD")
      .toLowerCase()
      .replace(/[០-៩]/g, (digit) => digit.charCodeAt(0) - 0x17e0)
      .replace(/[\u0300-\u036f]/g, "")
      .replace(/[^\p{L}\p{N}\p{Mn}\p{Mc}]/gu, "")
      .replaceAll("\u17d2\u178a", "\u17d2\u178f");
  }
  deimap.folded = folded;

  /* The map */

  deimap.inlined = data.signs;
  const map = L.map("map", { ...data.options, center: data.base.bounds[0] });
  deimap.base(map, { ...data.base, fonts: data.fonts, static: "", height: "100%", chosen });

  function drawing() {
    const parts = state.choice.drawings[state.language];
    const view = Object.fromEntries(
      Object.entries(parts).map(([name, part]) => [name, data.parts[part]])
    );
    return { ...view, unit: state.unit, pin: state.pin, place: state.place };
  }

  function draw() {
    deimap.draw(drawing());
  }

  /** A click on the map: a pin stands for its site, anything else for the commune under it. */
  function chosen(found, point) {
    select(found.unit, found.kind === "site" ? found.id : "", [point.lng, point.lat]);
  }

  function select(unit, pin, place) {
    Object.assign(state, { unit, pin, place: pin ? null : place });
    draw();
    answer();
    at("panel").scrollTop = 0;
  }

  /* Around it */

  function titles() {
    document.documentElement.lang = state.language;
    const { title, subtitle } = said();
    document.title = `${title}, ${subtitle}`;
    document.querySelector("h1").textContent = title;
    at("subtitle").textContent = subtitle;
    at("language").textContent = words("other_language");
    at("language").lang = other();
    at("search").placeholder = words("search");
    at("search").setAttribute("aria-label", words("search"));
    at("colours").textContent = words("colours");
  }

  function variables() {
    const group = (cells) => {
      const found = data.choices.filter((choice) => choice.cells === cells);
      const made = element("optgroup");
      made.label = words(cells ? "by_cell" : "by_commune");
      for (const choice of found) {
        const option = element("option", "", choice.names[state.language]);
        option.value = String(data.choices.indexOf(choice));
        option.selected = choice === state.choice;
        made.appendChild(option);
      }
      return found.length ? [made] : [];
    };
    at("variable").replaceChildren(...group(true), ...group(false));
  }

  function list(pairs) {
    const made = element("dl");
    for (const [name, value] of pairs) {
      made.append(element("dt", "", name), element("dd", "", value));
    }
    return made;
  }

  function folding(title, open, ...inner) {
    const made = element("details");
    made.open = open;
    made.append(element("summary", "", title), ...inner);
    return made;
  }

  /** What is known of the commune or site that was clicked. */
  function answer() {
    const box = at("answer");
    const unit = units.find((one) => one.code === state.unit);
    if (!unit || !unit.own) {
      box.replaceChildren(element("p", "calm", words(state.place ? "outside" : "click")));
      if (!state.place) box.append(...listed());
      return;
    }
    const told = data.communes[unit.code];
    const head = element("h2", "", named(unit));
    const names = [named(unit, other()), told && told.district[state.language], unit.code];
    const below = element("p", "calm", names.filter(Boolean).join(" · "));
    box.replaceChildren(head, below, ...here(), ...sites(unit.code), ...figures(told));
  }

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
      button.addEventListener("click", () => select(code, site.rank, null));
      const item = element("li");
      item.append(button);
      made.append(item);
    }
    return [element("h3", "", words("sites")), made];
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
        answer();
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
  function more() {
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
  }

  /* Finding a commune */

  function search() {
    const wanted = folded(at("search").value);
    const ranked = [...own, ...districts]
      .map((unit) => {
        const places = [unit.en, unit.km || "", unit.code].map((name) => folded(name).indexOf(wanted));
        const best = Math.min(...places.filter((place) => place >= 0));
        return { unit, best };
      })
      .filter(({ best }) => wanted && best < Infinity)
      .sort((a, b) => a.best - b.best || named(a.unit).localeCompare(named(b.unit)))
      .slice(0, 8);
    const items = ranked.map(({ unit }) => {
      const item = element("li");
      const button = element("button");
      button.type = "button";
      button.setAttribute("role", "option");
      const level = districts.includes(unit) ? ` · ${words("district")}` : "";
      button.append(
        element("span", "", named(unit)),
        element("span", "calm", `${named(unit, other())} · ${unit.code}${level}`)
      );
      button.addEventListener("click", () => go(unit));
      item.append(button);
      return item;
    });
    if (wanted && !items.length) items.push(element("li", "calm", words("none_found")));
    at("found").replaceChildren(...items);
    at("found").hidden = !items.length;
    at("search").setAttribute("aria-expanded", String(items.length > 0));
  }

  /** Show what was looked for in the middle; the figures of a commune stand in the panel. */
  function go(unit) {
    at("search").value = "";
    search();
    select(districts.includes(unit) ? "" : unit.code, "", null);
    const shape = [...data.base.units.features, ...data.base.districts.features].find(
      (one) => one.properties.code === unit.code
    );
    deimapAtlas.touched = true;
    const room = narrow() ? 30 : 120;
    map.fitBounds(L.geoJSON(shape).getBounds(), { padding: [room, room], maxZoom: 12 });
  }

  function speak() {
    titles();
    variables();
    more();
    answer();
    search();
    draw();
  }

  at("language").addEventListener("click", () => {
    state.language = other();
    speak();
  });
  at("variable").addEventListener("change", (event) => {
    state.choice = data.choices[Number(event.target.value)];
    draw();
    answer();
  });
  at("search").addEventListener("input", search);
  at("search").addEventListener("keydown", (event) => {
    const first = at("found").querySelector("button");
    if (event.key === "Enter" && first) first.click();
    if (event.key === "ArrowDown" && first) first.focus();
    if (event.key === "Escape") {
      event.target.value = "";
      search();
    }
  });
  at("found").addEventListener("keydown", (event) => {
    const items = [...at("found").querySelectorAll("button")];
    const next = items.indexOf(document.activeElement) + { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (Number.isNaN(next)) return;
    event.preventDefault();
    (items[next] || at("search")).focus();
  });

  speak();
  if (narrow()) document.querySelector(".deimap-legend details").open = false;
})();
