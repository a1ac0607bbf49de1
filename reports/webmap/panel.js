/* The page around the map in one file: the map, its choices, the language. */
(function () {
  "use strict";
  const { element } = deimap.controls;
  const { page } = deimap;
  const { data, state, at, narrow, said, words, other, drawing } = page;

  deimap.inlined = data.signs;
  const map = L.map("map", { ...data.options, center: data.base.bounds[0] });
  deimap.base(map, { ...data.base, fonts: data.fonts, static: "", height: "100%", chosen });

  function draw() {
    deimap.draw(drawing());
  }

  /** A click on the map: a pin stands for its site, anything else for the commune under it. */
  function chosen(found, point) {
    page.select(found.unit, found.kind === "site" ? found.id : "", [point.lng, point.lat]);
  }

  page.select = (unit, pin, place) => {
    Object.assign(state, { unit, pin, place: pin ? null : place });
    draw();
    page.answer();
    at("panel").scrollTop = 0;
  };

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

  function speak() {
    titles();
    variables();
    page.more();
    page.answer();
    page.search();
    draw();
  }

  at("language").addEventListener("click", () => {
    state.language = other();
    speak();
  });
  at("variable").addEventListener("change", (event) => {
    state.choice = data.choices[Number(event.target.value)];
    draw();
    page.answer();
  });

  speak();
  if (narrow()) document.querySelector(".deimap-legend details").open = false;
})();
