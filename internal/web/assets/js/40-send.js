// Forms with files are sent with their progress. Whatever goes wrong on the way, the page stays as it is, with all that was
// typed and chosen, and can be sent again.

collateral.bytes = (n) => (n < 1e6 ? `${Math.ceil(n / 1e3)} kB` : `${(n / 1e6).toFixed(n < 1e7 ? 1 : 0)} MB`);

// post sends a form once. It resolves to the answer, and rejects when the connection breaks or was stopped.
collateral.post = (address, body, { told, accept, stop } = {}) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    if (accept) request.setRequestHeader("Accept", accept);
    if (told) request.upload.onprogress = (event) => told(event.loaded, event.total);
    request.onload = () => resolve({ status: request.status, text: request.responseText, address: request.responseURL });
    request.onerror = request.ontimeout = () => reject(new Error("lost"));
    request.onabort = () => reject(new Error("stopped"));
    if (stop) stop.onclick = () => request.abort();
    request.send(body);
  });

// deliver sends a form until there is an answer: it asks to sign in again when the session has ended, and for a click when
// the connection broke. It resolves to null when the person does not want to.
collateral.deliver = async (box, address, makeBody, options = {}) => {
  const [bar, text, button] = [box.querySelector("progress"), box.querySelector("[data-upload-text]"), box.querySelector("[data-upload-stop]")];
  const stops = (button.dataset.stops ||= button.textContent);
  box.hidden = false;
  const again = (sentence) => new Promise((resolve) => {
    text.textContent = sentence;
    button.textContent = "Try again";
    button.onclick = resolve;
    button.focus();
  });
  for (;;) {
    button.textContent = stops;
    text.textContent = "Sending …";
    try {
      const answer = await collateral.post(address, makeBody(), {
        accept: options.accept, stop: button,
        told: (sent, all) => {
          if (options.told) return options.told(sent, all);
          bar.value = (100 * sent) / all;
          text.textContent = sent < all ? `Sent ${collateral.bytes(sent)} of ${collateral.bytes(all)}` : "Sent. It is being stored …";
        },
      });
      if (answer.status !== 401) return answer;
      if (!(await collateral.signInAgain())) await again("Not sent: your session has ended. Everything is still here.");
    } catch (fault) {
      bar.removeAttribute("value");
      await again(fault.message === "stopped" ? "Stopped. Everything is still here." : "The connection broke. Everything is still here.");
    }
  }
};

// show puts an answered page in place of this one, so that what scripts hold stays.
collateral.show = (answer) => {
  const page = new DOMParser().parseFromString(answer.text, "text/html");
  const main = page.querySelector("main");
  if (!main) return location.assign(answer.address);
  document.querySelector("main").replaceWith(document.adoptNode(main));
  document.title = page.title;
  if (answer.status < 400 && answer.address !== location.href) history.pushState(null, "", answer.address);
  document.dispatchEvent(new CustomEvent("collateral:swapped"));
  window.scrollTo(0, 0);
  (document.querySelector("[data-faults]") || document.querySelector("main")).focus();
};
window.addEventListener("popstate", () => location.reload());

// choose puts a file into an input, as if it had been chosen there.
collateral.choose = (input, file) => {
  const files = new DataTransfer();
  files.items.add(file);
  input.files = files.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
};

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-upload-form]");
  if (!form || event.defaultPrevented || event.submitter?.value === "row") return;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "1";
  const file = form.querySelector('input[type="file"]')?.files[0];
  const answer = await collateral.deliver(form.querySelector("[data-upload]"), form.action, () => {
    const body = new FormData(form);
    if (event.submitter?.name) body.append(event.submitter.name, event.submitter.value);
    return body;
  });
  collateral.show(answer);
  const fresh = document.querySelector("[data-upload-form]");
  // A refused form stands for a piece now, where one could be made.
  if (answer.status < 400 || fresh?.dataset.pieceForm !== form.dataset.pieceForm) document.dispatchEvent(new CustomEvent("collateral:saved", { detail: form }));
  // What was refused before its file could be kept is shown with the same file chosen.
  if (file && answer.status >= 400 && fresh && !fresh.hasAttribute("data-taken")) collateral.choose(fresh.querySelector('input[type="file"]'), file);
});

// A file that is dropped is chosen. Beside the places for it nothing can be dropped: the browser would show the file instead
// of the page with what was typed.
document.addEventListener("dragover", (event) => {
  const places = "[data-drop], [data-upload-form]";
  if (!event.dataTransfer.types.includes("Files") || !document.querySelector(places)) return;
  event.preventDefault();
  const place = event.target.closest?.(places);
  if (place) place.classList.add("over");
  else event.dataTransfer.dropEffect = "none";
});
for (const kind of ["dragleave", "drop"]) {
  document.addEventListener(kind, () => { for (const place of document.querySelectorAll(".over")) place.classList.remove("over"); });
}
document.addEventListener("drop", (event) => {
  const form = event.target.closest?.("[data-upload-form]");
  if (!form || !event.dataTransfer.files.length) return;
  event.preventDefault();
  collateral.choose(form.querySelector('input[type="file"]'), event.dataTransfer.files[0]);
});
