/* What all of the page around a one-file map shares: its data, its state, words and elements.
   The page is built with textContent only, so that text stays text. */
(function () {
  "use strict";
  const { element } = deimap.controls;
  const data = JSON.parse(document.getElementById("data").textContent);
  const units = data.base.units.features.map((feature) => feature.properties);
  const districts = data.base.districts.features.map((feature) => feature.properties);
  const own = units.filter((unit) => unit.own);
  const state = { language: data.language, choice: data.choices[0], unit: "", pin: "", place: null };

  const at = (id) => document.getElementById(id);
  const narrow = () => window.matchMedia("(max-width: 900px)").matches;
  const said = () => data.spoken[state.language];
  const words = (name) => said().texts[name];
  const other = () => (state.language === "en" ? "km" : "en");

  /** The name of a commune; a missing Khmer one is the English one, marked. */
  function named(unit, language = state.language) {
    if (language === "en") return unit.en;
    return unit.km || `${unit.en} (en)`;
  }

  /** Everything on the map as it is set now. */
  function drawing() {
    const parts = state.choice.drawings[state.language];
    const view = Object.fromEntries(
      Object.entries(parts).map(([name, part]) => [name, data.parts[part]])
    );
    return { ...view, unit: state.unit, pin: state.pin, place: state.place };
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

  deimap.page = {
    data, units, districts, own, state, at, narrow, said, words, other, named, drawing, list, folding,
  };
})();
