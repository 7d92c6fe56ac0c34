// Finds what people can use on a page by how it is called. Tests put it into a page; pages do not know it.
globalThis.finder ??= {
  found: null,

  // press finds what can be clicked on.
  press(within, name) {
    return this.one(within, name, "a[href], button, summary, [role=button], [role=option], input[type=submit], label:has(input[type=checkbox], input[type=radio])");
  },

  // field finds what can be filled in, and gives it the focus.
  field(within, name) {
    const fields = "input:not([type=hidden], [type=submit]), textarea, select";
    const at = this.one(within, name, fields);
    if (!at.Fault) this.found.focus();
    return at;
  },

  // one finds the one element that is called so; where several are, the one whose whole name it is.
  one(within, name, kinds) {
    const root = document.querySelector(within);
    if (!root) return { Fault: `there is no ${within}` };
    const open = [...document.querySelectorAll("dialog:modal")].pop();
    let all = [...root.querySelectorAll(name.startsWith("css=") ? name.slice(4) : kinds)].filter((e) => e.checkVisibility() && (!open || open.contains(e)));
    if (!name.startsWith("css=")) {
      const named = all.map((e) => [e, this.nameOf(e)]);
      const whole = named.filter(([, n]) => n === name);
      all = (whole.length ? whole : named.filter(([, n]) => n.startsWith(name))).map(([e]) => e);
    }
    if (all.length !== 1) return { Fault: `${all.length} such elements can be used, want one` };
    this.found = all[0];
    if (this.found.disabled) return { Fault: "it is disabled" };
    return this.spot(this.found);
  },

  // nameOf is what an element is called: its label, or what is written on it.
  nameOf(e) {
    const written = (part) => {
      const bare = part.cloneNode(true);
      for (const inner of bare.querySelectorAll("input, select, textarea, .hint, .wrong, [aria-hidden=true]")) inner.remove();
      return bare.textContent;
    };
    const name = e.getAttribute("aria-label") ?? (e.labels?.length ? [...e.labels].map(written).join(" ") : e.type === "submit" && !e.textContent ? e.value : written(e));
    return name.replace(/\s+/g, " ").trim();
  },

  // spot brings an element into view and tells where it can be clicked on, if nothing lies over it.
  spot(e) {
    e.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
    const box = [...e.getClientRects()].find((r) => r.width > 0 && r.height > 0);
    if (!box) return { Fault: "it has no size" };
    const at = { X: box.x + box.width / 2, Y: box.y + box.height / 2, Fault: "" };
    const top = document.elementFromPoint(at.X, at.Y);
    if (!top || !(e.contains(top) || top.contains(e) || [...(e.labels ?? [])].some((l) => l.contains(top)))) {
      return { Fault: `something lies over it: ${top?.outerHTML.slice(0, 80)}` };
    }
    return at;
  },

  // choose takes an option of a list, and says what is wrong.
  choose(list, text) {
    const option = [...list.options].find((o) => o.text.trim() === text);
    if (!option) return `there is no ${text} among ${[...list.options].map((o) => o.text.trim()).join(", ")}`;
    option.selected = true;
    list.dispatchEvent(new Event("input", { bubbles: true }));
    list.dispatchEvent(new Event("change", { bubbles: true }));
    return "";
  },
};
