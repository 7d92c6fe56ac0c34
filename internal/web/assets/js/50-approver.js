// Keys for those who sign: on the page of a version and in the queue. Without scripts there are links and buttons for all of it.
(() => {
  const help = document.querySelectorAll("[data-keys]");
  if (help.length === 0) return;
  for (const line of help) line.hidden = false;

  const writing = (element) => element.closest("input:not([type=checkbox]), textarea, select, dialog") !== null;

  // comment opens the form of a decision, to be written at once.
  const comment = (decision) => {
    const form = document.querySelector(`details[data-decision="${decision}"]`);
    if (!form) return;
    form.open = true;
    form.querySelector("textarea").focus();
  };

  // step moves among the titles of the queue, or to the next page where there is none.
  const step = (key) => {
    const way = document.querySelector(`a[data-key="${key}"]`);
    if (way) return way.click();
    const titles = [...document.querySelectorAll("[data-waiting]")];
    const at = titles.indexOf(document.activeElement);
    const next = key === "j" ? at + 1 : Math.max(at, 1) - 1;
    titles[Math.min(next, titles.length - 1)]?.focus();
  };

  const keys = {
    a: () => document.querySelector('form[data-decision="approve"]')?.requestSubmit(),
    c: () => comment("request_changes"),
    r: () => comment("reject"),
    j: () => step("j"),
    k: () => step("k"),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || writing(event.target) || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
})();
