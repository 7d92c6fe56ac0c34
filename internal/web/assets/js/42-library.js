// A library is brought in: a folder that is dropped is read here, its list is sent first, then its files one by one. What
// was taken before is not sent again, so that the same folder can be dropped again after anything.
(() => {
  let held = []; // { name, file }: of the folder, until rows wait for them

  async function readEntry(entry, into) {
    if (entry.isFile) {
      const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
      into.push({ name: entry.fullPath.replace(/^\//, ""), file });
      return;
    }
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (!some.length) return;
      for (const inner of some) await readEntry(inner, into);
    }
  }
  const depth = (f) => f.name.split("/").length;
  const plain = (files) => [...files].map((file) => ({ name: file.webkitRelativePath || file.name, file }));

  function tellHeld() {
    const place = document.querySelector("[data-held]");
    if (!place || !held.length) return;
    place.hidden = false;
    place.textContent = `${held.length === 1 ? "1 file of the folder is" : held.length + " files of the folder are"} sent once the list is brought in.`;
  }

  document.addEventListener("drop", async (event) => {
    const place = event.target.closest?.("[data-drop]");
    const library = place?.querySelector("[data-library-form]");
    const batch = place?.matches("[data-batch]") ? place : null;
    if (!library && !batch) return;
    event.preventDefault();
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const files = [];
    for (const entry of entries) await readEntry(entry, files);
    if (batch) return send(batch, files);
    const lists = files.filter((f) => /\.csv$/i.test(f.name)).sort((a, b) => depth(a) - depth(b));
    held = files.filter((f) => f !== lists[0]);
    if (lists[0]) collateral.choose(library.querySelector('input[type="file"]'), lists[0].file);
    tellHeld();
  });

  document.addEventListener("submit", async (event) => {
    const library = event.target.closest("[data-library-form]");
    const batch = event.target.closest("[data-batch-form]");
    if (!library && !batch) return;
    event.preventDefault();
    if (batch) return send(batch.closest("[data-batch]"), plain(batch.querySelector('input[type="file"]').files));
    const body = () => {
      const sent = new FormData(library);
      if (event.submitter?.name) sent.append(event.submitter.name, event.submitter.value);
      return sent;
    };
    for (;;) {
      try {
        const answer = await collateral.post(library.action, body());
        if (answer.status !== 401) return collateral.show(answer);
        if (!(await collateral.signInAgain())) return;
      } catch {
        if (!window.confirm("The connection broke. Nothing is lost. Try again?")) return;
      }
    }
  });

  async function send(place, files) {
    const box = place.querySelector("[data-upload]");
    if (!files.length || !box.hidden) return;
    box.hidden = false;
    const form = place.querySelector("[data-batch-form]");
    const bar = box.querySelector("progress");
    const text = box.querySelector("[data-upload-text]");
    const faults = place.querySelector("[data-batch-faults]");
    const token = () => form.elements.token.value;
    const wanted = [];
    for (let at = 0; at < files.length; at += 500) {
      const some = files.slice(at, at + 500);
      const answer = await collateral.deliver(box, form.action.replace(/files$/, "awaited"), () => new URLSearchParams([["token", token()], ...some.map((f) => ["name", f.name])]));
      const { sources } = JSON.parse(answer.text);
      for (const f of some) if (sources[f.name]) wanted.push({ ...f, source: sources[f.name] });
    }
    const all = wanted.reduce((sum, f) => sum + f.file.size, 0) || 1;
    let sent = 0;
    let failed = 0;
    for (const [i, f] of wanted.entries()) {
      const answer = await collateral.deliver(box, form.action, () => {
        const body = new FormData();
        body.append("token", token());
        body.append("file", f.file, f.source);
        return body;
      }, {
        accept: "application/json",
        told: (now) => {
          bar.value = (100 * (sent + Math.min(now, f.file.size))) / all;
          text.textContent = `File ${i + 1} of ${wanted.length}: ${f.source}`;
        },
      });
      sent += f.file.size;
      let fault = "It could not be taken.";
      try { fault = JSON.parse(answer.text).fault; } catch { /* the page of a refusal */ }
      if (fault) {
        failed++;
        faults.appendChild(document.createElement("li")).textContent = `${f.source}: ${fault}`;
      }
    }
    held = [];
    text.textContent = wanted.length ? `${wanted.length - failed} of ${wanted.length} files are taken.` : "No row waits for any of these files.";
    box.querySelector("[data-upload-stop]").hidden = true;
    if (wanted.length && !failed) location.assign(location.pathname);
  }

  document.addEventListener("collateral:swapped", () => {
    tellHeld();
    const place = document.querySelector("[data-batch]");
    if (place && held.length) send(place, held);
  });
})();
