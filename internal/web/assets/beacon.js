// Reports uses of collateral from pages of other systems. See docs/clients.md.
(() => {
  "use strict";
  const { src, dataset } = document.currentScript;
  const address = new URL("api/v1/usage/events", src).href;
  const prefix = "collateral-use:" + (dataset.queue || "") + ":";
  const memory = new Map(); // where pages may keep nothing
  let batch = 100, failures = 0, notBefore = 0, timer, stopped;

  // Each use has its own entry: tabs never write over each other's.
  const waiting = () => {
    const uses = new Map(memory);
    try {
      for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) uses.set(key, localStorage.getItem(key));
    } catch {}
    return uses;
  };
  const keep = (key, use) => {
    try { localStorage.setItem(key, use); } catch { memory.set(key, use); }
  };
  const drop = (key) => {
    memory.delete(key);
    try { localStorage.removeItem(key); } catch {}
  };

  const newID = () => crypto.randomUUID?.() ?? // only secure pages have it
    "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) => (c ^ (Math.random() * 16 >> c / 4)).toString(16));

  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(() => navigator.locks ? navigator.locks.request(prefix, send) : send(), wait);
  };
  const again = (asked) => {
    const wait = Math.max(Math.min(300, 2 ** failures++) * (500 + 500 * Math.random()), Math.min(asked || 0, 3600e3));
    if (asked) notBefore = Date.now() + wait;
    later(wait);
  };
  const tell = (name, ...what) => {
    try { collateral[name]?.(...what); } catch (e) { console.error(e); }
  };

  // Ids make it harmless to send a use twice.
  const send = async () => {
    if (stopped) return;
    const sent = [];
    let size = 0;
    for (const [key, use] of waiting()) {
      size += use.length * 3;
      if (sent.length && (sent.length === batch || size > 30000)) break; // keepalive takes 64 kB at once
      sent.push([key, use]);
    }
    if (!sent.length) return;
    let answer, said;
    try {
      answer = await fetch(address, {
        method: "POST", keepalive: true, credentials: "omit", referrerPolicy: "no-referrer",
        headers: { Authorization: "Bearer " + dataset.token, "Content-Type": "application/json" },
        body: '{"events":[' + sent.map(([, use]) => use) + "]}",
      });
      said = await answer.json();
    } catch {}
    const status = answer?.status;
    if (status === 401 || status === 403) {
      stopped = true;
      return tell("onstopped", said?.detail || "HTTP " + status);
    }
    if (status === 413 && sent.length > 1) {
      batch = sent.length >> 1;
      return later(0);
    }
    if (status !== 200 || said?.accepted + said?.duplicates + said?.rejected?.length !== sent.length) {
      const asked = answer?.headers.get("Retry-After");
      return again(asked > 0 ? asked * 1000 : Date.parse(asked) - Date.now());
    }
    failures = 0;
    for (const [key] of sent) drop(key);
    for (const { index, reason } of said.rejected) tell("onrejected", JSON.parse(sent[index][1]), reason);
    later(0);
  };

  const collateral = {
    // use keeps a use until it is sent, and says whether there was room for it.
    use({ id = newID(), asset, kind, opportunity, search, dwell, reaction, at = new Date() }) {
      const occurred_at = new Date(at).toISOString();
      const use = JSON.stringify({ id, asset_id: asset, kind, occurred_at, opportunity, search_id: search, dwell_ms: dwell, reaction });
      const kept = [...waiting().values()];
      if (kept.length >= 1000 || kept.reduce((n, u) => n + u.length, use.length) > 256e3) return false;
      keep(prefix + id, use);
      if (!failures) later(100);
      return true;
    },
    waiting: () => waiting().size,
  };
  window.collateral = collateral;
  addEventListener("online", () => { failures = 0; later(Math.max(0, notBefore - Date.now())); });
  addEventListener("pagehide", () => { if (!failures) send(); });
  later(0); // what an earlier page left
})();
