/* Finding a commune or district in either script, or by its code. */
(function () {
  "use strict";
  const { element } = deimap.controls;
  const { page } = deimap;
  const { data, own, districts, at, narrow, words, other, named } = page;

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

  page.search = () => {
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
  };

  /** Show what was looked for in the middle; the figures of a commune stand in the panel. */
  function go(unit) {
    at("search").value = "";
    page.search();
    page.select(districts.includes(unit) ? "" : unit.code, "", null);
    const shape = [...data.base.units.features, ...data.base.districts.features].find(
      (one) => one.properties.code === unit.code
    );
    deimapAtlas.touched = true;
    const room = narrow() ? 30 : 120;
    deimapAtlas.map.fitBounds(L.geoJSON(shape).getBounds(), { padding: [room, room], maxZoom: 12 });
  }

  at("search").addEventListener("input", page.search);
  at("search").addEventListener("keydown", (event) => {
    const first = at("found").querySelector("button");
    if (event.key === "Enter" && first) first.click();
    if (event.key === "ArrowDown" && first) first.focus();
    if (event.key === "Escape") {
      event.target.value = "";
      page.search();
    }
  });
  at("found").addEventListener("keydown", (event) => {
    const items = [...at("found").querySelectorAll("button")];
    const next = items.indexOf(document.activeElement) + { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (Number.isNaN(next)) return;
    event.preventDefault();
    (items[next] || at("search")).focus();
  });
})();
