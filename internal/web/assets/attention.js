// Tells for how long this page, and which pages of the piece on it, were before somebody's eyes: a visitor's, or those of somebody
// with an account. Times are since the visit began, so telling one twice changes nothing. Nothing is told to anybody else, and
// without this script the page is the same.
"use strict";
(() => {
  const seat = document.querySelector("[data-attention]");
  if (!seat || !window.IntersectionObserver) return;
  const { attention, visit, asset, version } = seat.dataset;
  const began = performance.now() - seat.dataset.since;
  const now = () => Math.floor(performance.now() - began);
  const every = 5000, glance = 1000, idle = 300000, most = 50;

  let from = null, counted = 0, inputs = 0, touched = now(); // from is null while nobody looks
  let told = [], sending = false, heard = false, over = false, fresh = false;
  const inSight = new Set(), times = new Map(), sums = new Map();
  const looking = () => !over && document.visibilityState === "visible" && now() - touched < idle;

  // tally gives the time until now to the pages in sight, and notes whether one of them was just seen for the first time.
  const tally = () => {
    const passed = now() - counted;
    counted += passed;
    if (from !== null) for (const n of inSight) {
      const before = sums.get(n) || 0;
      times.set(n, (times.get(n) || 0) + passed);
      sums.set(n, before + passed);
      fresh ||= before < glance && before + passed >= glance;
    }
  };
  // cut ends a beat and begins the next. One that a machine slept through is none.
  const cut = () => {
    tally();
    if (from !== null && counted > from && counted - from < 4 * every) {
      told.push({ from, until: counted, inputs, pages: [...times].filter(([, ms]) => ms > 0) });
      told = told.slice(-most);
      inputs = 0;
    }
    times.clear();
    fresh = false;
    from = looking() ? counted : null;
  };
  // Pages of people with an account tell it as one of their forms, with the token of the session.
  const signedIn = "signedIn" in document.body.dataset;
  const pack = (beats) => {
    const told = JSON.stringify({ visit, asset, version, beats });
    return signedIn ? new URLSearchParams({ token: document.querySelector('input[name="token"]').value, told }) : told;
  };
  const send = async () => {
    if (sending || over || !told.length) return;
    sending = true;
    const beats = told;
    try {
      const { ok, status } = await fetch(attention, { method: "POST", body: pack(beats) });
      if (status < 500 && status !== 429) told = told.filter((beat) => !beats.includes(beat));
      heard ||= ok;
      if ([401, 403, 404, 410].includes(status)) {
        over = true;
        if (!signedIn && heard && document.visibilityState === "visible") location.reload(); // begins the next visit, or says what to do
      }
    } catch {} // it is told later
    sending = false;
  };
  const leave = () => {
    cut();
    if (told.length && !over) navigator.sendBeacon(attention, pack(told));
  };

  const steps = Array.from({ length: 21 }, (_, i) => i / 20);
  const watch = new IntersectionObserver((entries) => {
    tally();
    for (const { target, intersectionRatio, intersectionRect } of entries) {
      const room = Math.min(innerHeight, target.closest(".preview-scroll")?.clientHeight ?? innerHeight);
      const seen = intersectionRatio >= 0.5 || intersectionRect.height >= room / 2;
      inSight[seen ? "add" : "delete"](Number(target.dataset.page));
    }
  }, { threshold: steps });
  for (const page of seat.querySelectorAll("[data-page]")) watch.observe(page);

  const touch = (event) => {
    if (!event.isTrusted) return;
    touched = now();
    inputs = Math.min(inputs + 1, 1000);
    if (from === null) cut();
  };
  for (const kind of ["pointerdown", "touchstart", "keydown", "wheel"]) addEventListener(kind, touch, { passive: true, capture: true });
  addEventListener("blur", (event) => document.activeElement?.tagName === "IFRAME" && touch(event));
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => {
    touched = now();
    document.visibilityState === "visible" ? cut() : leave();
  });
  let first = true; // that somebody looks is told at once
  setInterval(() => {
    if (from === null) return;
    tally();
    if (fresh || counted - from >= every || !looking() || (first && inputs && counted - from >= glance)) {
      first &&= !inputs;
      cut();
      send();
    }
  }, 500);
  cut();
})();
