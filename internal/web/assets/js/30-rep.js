// Finding and using: results as one types, suggestions, moving by keys, and copying an address.
(() => {
  const form = document.querySelector("[data-find]");
  if (!form) return;
  const input = form.querySelector("input[type=search]");
  const list = document.getElementById("find-suggestions");
  const patience = { results: 180, suggestions: 120 }; // milliseconds after the last key
  document.querySelector("[data-keys]").hidden = false;

  // ---- results ----
  let asking = null; // the request for results that is on its way
  let timer = 0;

  function question() {
    const values = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value.trim() !== "") values.append(name, value);
    const query = values.toString();
    return query ? "/?" + query : "/";
  }

  async function show(address) {
    asking?.abort();
    const mine = (asking = new AbortController());
    form.setAttribute("aria-busy", "true");
    try {
      let { answer, page, signedIn } = await collateral.fetchPage(address, { signal: mine.signal });
      if (!signedIn) {
        if (!(await collateral.signInAgain())) return;
        ({ answer, page, signedIn } = await collateral.fetchPage(address, { signal: mine.signal }));
      }
      if (!signedIn || !page.querySelector("[data-find]")) {
        location.assign(address);
        return;
      }
      const focused = document.activeElement?.id;
      const open = document.querySelector("[data-wide-open]")?.open;
      const status = document.querySelector("[data-status]");
      collateral.swap(page);
      status.textContent = page.querySelector("[data-status]").textContent;
      document.querySelector("[data-wide-open]")?.toggleAttribute("open", open);
      if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus();
      history.replaceState(null, "", address);
    } catch (fault) {
      if (fault.name !== "AbortError") location.assign(address);
    } finally {
      if (asking === mine) form.removeAttribute("aria-busy");
    }
  }

  function showSoon(wait) {
    clearTimeout(timer);
    timer = setTimeout(() => show(question()), wait);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    close();
    showSoon(0);
  });
  document.addEventListener("change", (event) => {
    if (event.target.type === "checkbox" && event.target.form === form) showSoon(0);
  });

  // Filters are folded away where there is no room beside the results.
  const wide = matchMedia("(min-width: 52rem)");
  const unfold = () => document.querySelector("[data-wide-open]")?.toggleAttribute("open", wide.matches);
  wide.addEventListener("change", unfold);
  unfold();

  // Where the stages stand in one row, the chosen one is in sight.
  const rail = document.querySelector(".rail ol");
  const chosen = rail?.querySelector("[aria-current]");
  if (chosen && rail.scrollWidth > rail.clientWidth) rail.scrollLeft = chosen.parentElement.offsetLeft - rail.offsetLeft;

  // ---- suggestions ----
  let suggesting = null;
  let suggestTimer = 0;
  let active = -1;
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  function close() {
    clearTimeout(suggestTimer);
    suggesting?.abort();
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(at) {
    active = at;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === at)));
    if (at < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", list.children[at].id);
      list.children[at].scrollIntoView({ block: "nearest" });
    }
  }

  async function suggest() {
    suggesting?.abort();
    const mine = (suggesting = new AbortController());
    try {
      const answer = await fetch("/suggest?q=" + encodeURIComponent(input.value), { signal: mine.signal });
      if (!answer.ok || answer.redirected) return;
      const { items } = await answer.json();
      if (document.activeElement !== input || mine.signal.aborted) return;
      list.replaceChildren(...items.slice(0, 7).map((item, i) => {
        const line = document.createElement("li");
        const text = document.createElement("span");
        const kind = document.createElement("span");
        line.id = "find-suggestion-" + i;
        line.setAttribute("role", "option");
        line.setAttribute("aria-selected", "false");
        line.dataset.address = item.address;
        text.textContent = item.text;
        kind.textContent = item.kind;
        kind.className = "kind";
        line.append(text, kind);
        return line;
      }));
      active = -1;
      list.hidden = list.children.length === 0;
      input.setAttribute("aria-expanded", String(!list.hidden));
    } catch {
      // suggestions are a help; without them the search goes on
    }
  }

  input.addEventListener("input", () => {
    showSoon(patience.results);
    clearTimeout(suggestTimer);
    if (input.value.trim() === "") close();
    else suggestTimer = setTimeout(suggest, patience.suggestions);
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[data-address]");
    if (item) location.assign(item.dataset.address);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const count = list.hidden ? 0 : list.children.length;
    switch (event.key) {
      case "ArrowDown":
        if (active + 1 < count) choose(active + 1);
        else {
          close();
          hits()[0]?.focus();
        }
        break;
      case "ArrowUp":
        if (active < 0) return;
        choose(active - 1);
        break;
      case "Enter":
        if (active < 0) return;
        location.assign(list.children[active].dataset.address);
        break;
      case "Escape":
        if (list.hidden) return;
        close();
        break;
      default:
        return;
    }
    event.preventDefault();
  });

  // ---- keys ----
  const hits = () => [...document.querySelectorAll("[data-hit]")];
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    const at = hits().indexOf(document.activeElement);
    if (event.key === "ArrowDown" && at >= 0) hits()[at + 1]?.focus();
    else if (event.key === "ArrowUp" && at === 0) input.focus();
    else if (event.key === "ArrowUp" && at > 0) hits()[at - 1].focus();
    else return;
    event.preventDefault();
  });
})();

// On every page "/" leads to the search.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") || !document.body.hasAttribute("data-signed-in")) return;
  event.preventDefault();
  const input = document.querySelector("[data-find] input[type=search]");
  if (input) {
    input.focus();
    input.select();
  } else location.assign("/");
});

// An address is copied by a button; without scripts it stands in a field that can be selected.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  const text = button.textContent;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = "Copied";
    } catch {
      field.select();
      button.textContent = "Press Ctrl+C";
    }
    setTimeout(() => (button.textContent = text), 2000);
  });
}
