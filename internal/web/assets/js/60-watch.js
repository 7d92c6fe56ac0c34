// A part that tells of what happens now is fetched again every few seconds, as long as somebody looks at it.
(() => {
  if (!document.querySelector("[data-watch]")) return;
  const every = 2500, idle = 15 * 60 * 1000;
  let touched = Date.now();
  for (const kind of ["pointermove", "keydown", "scroll"]) addEventListener(kind, () => (touched = Date.now()), { passive: true });
  const look = async () => {
    const part = document.querySelector("[data-watch]");
    if (!part) return;
    if (document.visibilityState === "visible" && Date.now() - touched < idle) {
      try {
        const { answer, page, signedIn } = await collateral.fetchPage(location.pathname + location.search);
        if (answer.status < 500 && !(answer.ok && signedIn)) return; // a server that is started anew is waited for
        const fresh = page.querySelector(`[data-swap="${CSS.escape(part.dataset.swap)}"]`);
        if (fresh && fresh.outerHTML !== part.outerHTML) part.replaceWith(document.adoptNode(fresh));
      } catch {} // the next one may get through
    }
    setTimeout(look, every);
  };
  setTimeout(look, every);
})();
