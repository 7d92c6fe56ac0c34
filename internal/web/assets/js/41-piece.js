// The form in which a piece is described. What is said here of missing parts the server says too, and decides.
(() => {
  const minRole = 20;
  const hashed = 64 * 1024 * 1024; // bytes of a file that a browser can be asked to read at once
  const kept = ["token", "id", "revision"]; // never kept
  let form = null;

  const rows = () => [...form.querySelectorAll("[data-row]")].map((row) => ({
    row, stage: row.querySelector("select").value, role: row.querySelector("textarea").value.trim(), primary: row.querySelector("[type=radio]").checked,
  }));
  const later = (f, wait) => { let timer; return (...args) => { clearTimeout(timer); timer = setTimeout(() => f(...args), wait); }; };

  function check() {
    const said = rows().filter((r) => r.stage || r.role);
    const met = {
      title: form.elements.title.value.trim().length >= 3,
      type: form.elements.type.value !== "",
      stage: said.some((r) => r.stage),
      role: said.length > 0 && said.every((r) => r.stage && [...r.role].length >= minRole),
      primary: said.length === 1 || said.some((r) => r.primary),
      content: form.elements.file.files.length > 0 || form.elements.url.value.trim() !== "",
    };
    for (const need of document.querySelectorAll("[data-need]")) {
      need.dataset.met = met[need.dataset.need] || need.hasAttribute("data-has") ? "yes" : "no";
    }
    for (const { row, role } of rows()) {
      const n = [...role].length;
      row.querySelector("[data-counter]").textContent = n > 0 && n < minRole ? `${minRole - n} more characters` : "";
    }
  }

  function addRow() {
    const all = form.querySelectorAll("[data-row]");
    const n = all.length;
    const row = all[n - 1].cloneNode(true);
    for (const wrong of row.querySelectorAll(".wrong")) wrong.remove();
    for (const e of row.querySelectorAll("[id], [for]")) {
      if (e.id) e.id = e.id.replace(/\d+$/, n);
      if (e.htmlFor) e.htmlFor = e.htmlFor.replace(/\d+$/, n);
      e.removeAttribute("aria-invalid");
      e.removeAttribute("aria-describedby");
    }
    row.querySelector("select").value = "";
    row.querySelector("textarea").value = "";
    Object.assign(row.querySelector("[type=radio]"), { value: String(n), checked: false });
    all[n - 1].after(row);
    return row;
  }

  // What is typed is kept in this window until it is saved.
  const place = () => "piece:" + form.dataset.pieceForm;
  function typed() {
    const values = {};
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && !kept.includes(name) && !name.startsWith("take_")) (values[name] ||= []).push(value);
    }
    return values;
  }
  const keep = later(() => { if (form?.isConnected) sessionStorage.setItem(place(), JSON.stringify(typed())); }, 300);
  function bringBack(values) {
    while (form.querySelectorAll("[data-row]").length < (values.role || []).length) addRow();
    for (const [name, list] of Object.entries(values)) {
      const fields = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
      if (name === "primary") for (const radio of fields) radio.checked = radio.value === list[0];
      else fields.forEach((field, i) => { if (i < list.length && field.type !== "file") field.value = list[i]; });
    }
    check();
  }
  function offer() {
    const before = sessionStorage.getItem(place());
    const box = document.querySelector("[data-kept-offer]");
    if (!before || before === JSON.stringify(typed()) || form.hasAttribute("data-refused")) return;
    box.hidden = false;
    box.querySelector("[data-kept-take]").onclick = () => { bringBack(JSON.parse(before)); box.hidden = true; };
    box.querySelector("[data-kept-drop]").onclick = () => { sessionStorage.removeItem(place()); box.hidden = true; };
  }

  async function likes(query, box, sentence) {
    const answer = await fetch(`/work/like?except=${box.closest("form").dataset.except || ""}&${query}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || !(answer.headers.get("Content-Type") || "").includes("json")) return;
    const pieces = await answer.json();
    box.replaceChildren();
    if (!pieces.length) return;
    const note = box.appendChild(document.createElement("div"));
    note.className = "notice warn small";
    note.append(sentence);
    const list = note.appendChild(document.createElement("ul"));
    for (const piece of pieces) {
      const link = Object.assign(document.createElement("a"), { href: piece.path, textContent: piece.title, target: "_blank" });
      list.appendChild(document.createElement("li")).append(link, ` (${piece.state})`);
    }
  }
  const likeTitles = later(() => {
    if (!form?.isConnected) return; // saved meanwhile
    likes("title=" + encodeURIComponent(form.elements.title.value), form.querySelector("[data-likes]"), "There is already:").catch(() => {});
  }, 350);
  async function likeFile(input) {
    const box = input.closest("form").querySelector("[data-same]");
    const file = input.files[0];
    box.replaceChildren();
    const max = Number(input.closest("form").dataset.max);
    if (file && max && file.size > max) {
      box.innerHTML = '<p class="wrong"></p>';
      box.firstChild.textContent = `This file has ${collateral.bytes(file.size)}; at most ${collateral.bytes(max)} are taken.`;
      return;
    }
    if (!file || file.size > hashed || !window.crypto?.subtle) return;
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    const hex = [...digest].map((b) => b.toString(16).padStart(2, "0")).join("");
    await likes("sha256=" + hex, box, "The same file is there already, in:");
  }

  function begin() {
    form = document.querySelector("[data-piece-form]");
    for (const hint of document.querySelectorAll("[data-drop-hint]")) hint.hidden = false;
    if (!form) return;
    for (const list of form.querySelectorAll("[data-values]")) {
      const input = form.elements[list.dataset.values];
      const values = [...list.querySelectorAll("[data-value]")].map((v) => v.textContent);
      list.replaceChildren(...values.map((value) => {
        const button = Object.assign(document.createElement("button"), { type: "button", className: "tag", textContent: value });
        button.onclick = (event) => {
          event.preventDefault(); // it stands in a label
          const has = input.value.split(",").map((v) => v.trim()).filter(Boolean);
          input.value = (has.includes(value) ? has.filter((v) => v !== value) : [...has, value]).join(", ");
          keep();
        };
        return button;
      }));
      list.classList.add("tags");
    }
    offer();
    check();
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-add-row]")) return;
    event.preventDefault();
    addRow().querySelector("select").focus();
  });
  document.addEventListener("input", (event) => {
    if (!form || !form.contains(event.target)) return;
    check();
    keep();
    if (event.target.hasAttribute("data-title")) likeTitles();
  });
  document.addEventListener("change", (event) => {
    if (form?.contains(event.target)) check();
    if (event.target.matches('[data-upload-form] input[type="file"]')) {
      likeFile(event.target).catch(() => {});
    }
  });
  document.addEventListener("collateral:saved", (event) => {
    if (event.detail.dataset.pieceForm) sessionStorage.removeItem("piece:" + event.detail.dataset.pieceForm);
  });
  document.addEventListener("collateral:swapped", begin);
  document.addEventListener("DOMContentLoaded", begin);
})();
