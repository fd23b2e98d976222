// Keys, and what a form cannot do by itself. Everything works without this file; reading needs none of it.
(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const rows = () => all("[data-row]");
  let at = -1;

  const choose = (number) => {
    const found = rows();
    if (!found.length) return;
    at = Math.max(0, Math.min(found.length - 1, number));
    found.forEach((row, index) => row.classList.toggle("chosen", index === at));
    const link = found[at].querySelector("[data-open]");
    link.focus({ preventScroll: true });
    found[at].scrollIntoView({ block: "nearest" });
  };

  const boxes = () => all('[data-row] input[type="checkbox"]');

  const decideRows = (kind) => {
    const form = document.querySelector("[data-queue]");
    const button = form && form.querySelector(`button[value="${kind}"]`);
    if (!button) return;
    if (!boxes().some((box) => box.checked) && at >= 0) rows()[at].querySelector("input").checked = true;
    if (boxes().some((box) => box.checked)) form.requestSubmit(button);
  };

  const claims = () => all(".answer [data-claim]");
  const chosen = () => (document.querySelector("[data-chosen]") || { dataset: {} }).dataset.chosen;

  const step = (by) => {
    const ids = [...new Set(claims().map((claim) => claim.dataset.claim))];
    const next = ids[(ids.indexOf(chosen()) + by + ids.length) % ids.length];
    const link = claims().find((claim) => claim.dataset.claim === next);
    if (link) link.click();
  };

  const mark = () => {
    const id = chosen();
    all("[data-claim]").forEach((claim) => {
      if (claim.dataset.claim === id) claim.setAttribute("aria-current", "true");
      else claim.removeAttribute("aria-current");
    });
  };

  const press = (key) => {
    const button = document.querySelector(`[data-key="${key}"]`);
    if (button) button.click();
  };

  const inQueue = {
    j: () => choose(at + 1),
    k: () => choose(at - 1),
    x: () => at >= 0 && rows()[at].querySelector("input") && rows()[at].querySelector("input").click(),
    a: () => decideRows("confirm"),
    r: () => decideRows("false_alarm"),
    "/": () => document.querySelector("[data-search]")?.focus(),
  };
  const inReport = {
    j: () => step(1),
    k: () => step(-1),
    a: () => press("a"),
    r: () => press("r"),
    A: () => press("A"),
    R: () => press("R"),
    e: () => {
      const more = document.querySelector("[data-correct]");
      if (!more) return;
      more.open = true;
      more.querySelector("input").focus();
    },
    u: () => document.querySelector("[data-back]").click(),
  };

  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input:not([type=checkbox]), select, textarea");
    if (event.key === "Escape" && field) field.blur();
    if (field || event.ctrlKey || event.metaKey || event.altKey) return;
    const keys = document.querySelector("[data-answer]") ? inReport : document.querySelector("[data-queue]") ? inQueue : {};
    if (keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-all]")) boxes().forEach((box) => (box.checked = event.target.checked));
  });

  // What is selected in the answer is what was missed.
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    const words = selection.toString().trim();
    const answer = document.querySelector("[data-answer]");
    const field = document.querySelector("[data-missed]");
    if (words && field && answer && answer.contains(selection.anchorNode)) field.value = words;
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    const panel = event.target.closest("#panel");
    if (!panel) return;
    mark();
    panel.scrollTop = 0;
    if (getComputedStyle(panel).position === "static") panel.scrollIntoView();
  });

  // On a phone the queue comes first, and filters that are not set wait behind a word.
  const filters = document.querySelector("[data-filters]:not([data-set])");
  if (filters && matchMedia("(max-width: 44rem)").matches) filters.open = false;
})();
