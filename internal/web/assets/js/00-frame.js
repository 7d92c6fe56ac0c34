// Scripts only make pages quicker: every form and link works without them. Nothing here knows what a page is about.
"use strict";

// The reader's time zone, so that the server writes times in it from the next page on.
(() => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone) return;
  const wanted = "collateral_zone=" + encodeURIComponent(zone);
  if (!document.cookie.split("; ").includes(wanted)) {
    document.cookie = wanted + "; path=/; max-age=31536000; samesite=lax" + (location.protocol === "https:" ? "; secure" : "");
  }
})();

const collateral = {
  // fetchPage gets a page of this site and returns it parsed, with whether somebody is signed in on it.
  async fetchPage(address, options = {}) {
    const answer = await fetch(address, { credentials: "same-origin", ...options });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return { answer, page, signedIn: page.body.hasAttribute("data-signed-in") };
  },

  // swap puts the parts of a fetched page that have the same data-swap name where those of this page are.
  swap(page) {
    for (const old of document.querySelectorAll("[data-swap]")) {
      const fresh = page.querySelector(`[data-swap="${CSS.escape(old.dataset.swap)}"]`);
      if (fresh) old.replaceWith(document.adoptNode(fresh));
    }
    document.dispatchEvent(new CustomEvent("collateral:swapped"));
  },

  // signInAgain asks for the password in a dialog, and resolves to whether somebody signed in. Every form on the page gets
  // the token of the new session.
  signInAgain() {
    const dialog = document.querySelector("[data-again]");
    const form = dialog.querySelector("[data-again-form]");
    const fault = dialog.querySelector("[data-again-fault]");
    return new Promise((resolve) => {
      const end = (signedIn) => {
        form.onsubmit = null;
        dialog.onclose = null;
        if (dialog.open) dialog.close();
        resolve(signedIn);
      };
      form.onsubmit = async (event) => {
        event.preventDefault();
        const { page, signedIn } = await collateral.fetchPage("/signin", { method: "POST", body: new URLSearchParams(new FormData(form)) });
        if (!signedIn) {
          fault.textContent = page.querySelector("[role=alert]")?.textContent || "That did not work.";
          fault.hidden = false;
          return;
        }
        const { token } = await (await fetch("/formtoken")).json();
        for (const field of document.querySelectorAll('input[name="token"]')) field.value = token;
        end(true);
      };
      dialog.querySelector("[data-again-close]").onclick = () => end(false);
      dialog.onclose = () => end(false);
      dialog.showModal();
    });
  },
};

// What went wrong with a form is read out and seen at once.
document.querySelector("[data-faults]")?.focus();

// A menu closes when one clicks elsewhere or presses Escape.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Forms that must not be sent by accident ask first.
document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});
