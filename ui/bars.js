/* One stacked bar a commune; a click selects it. Built with textContent only: text stays text. */
export default function ({ parentElement, data, setTriggerValue }) {
  const box = parentElement.querySelector(".rows");
  const kept = box.scrollTop;
  box.setAttribute("aria-label", data.label);
  box.replaceChildren(...data.rows.map((row) => drawn(row, () => setTriggerValue("chosen", row.code))));
  box.scrollTop = kept;
  const chosen = box.querySelector("[aria-pressed=true]");
  if (!chosen || box.dataset.chosen === chosen.dataset.code) return;
  box.dataset.chosen = chosen.dataset.code;
  const top = chosen.offsetTop - box.offsetTop;
  if (top < box.scrollTop || top + chosen.offsetHeight > box.scrollTop + box.clientHeight) {
    box.scrollTop = top - box.clientHeight / 3;
  }
}

function drawn(row, choose) {
  const made = element("button", "row");
  made.type = "button";
  made.dataset.code = row.code;
  made.title = row.title;
  made.setAttribute("aria-pressed", String(row.chosen));
  const bar = element("span", "bar");
  for (const part of row.parts) {
    const piece = element("span", part.colour ? "" : "unknown");
    piece.style.width = `${part.percent}%`;
    if (part.colour) piece.style.background = part.colour;
    bar.appendChild(piece);
  }
  made.append(element("span", "name", row.name), bar, element("span", "value", row.value));
  made.addEventListener("click", choose);
  return made;
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}
