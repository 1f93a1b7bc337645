// The group room's keys and saving. Without it the page is one form, and every button saves it.
// Letters mark attendance · Tab goes from line to line · starters · autosave while typing · a failed save says so.
(() => {
  const rows = () => [...document.querySelectorAll("tr[data-row]")];
  const rowOf = (el) => el.closest?.("tr[data-row]");
  const PAUSE = 2000, AGAIN = 10000;

  // H V L A: on the attendance of the row that has the focus.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const group = event.target.closest?.(".letters");
    if (group && event.key.length === 1) {
      const radio = group.querySelector(`[data-letter="${CSS.escape(event.key.toLowerCase())}"]`);
      if (radio) {
        event.preventDefault();
        event.stopPropagation();
        radio.focus();
        if (!radio.checked) radio.click();
        return;
      }
    }
    // Tab in a line goes to the next person's line; Shift and Tab to the one before.
    if (event.key === "Tab" && event.target.matches?.("tr[data-row] td.line textarea")) {
      const lines = rows().map((row) => row.querySelector("td.line textarea")).filter(Boolean);
      const next = lines[lines.indexOf(event.target) + (event.shiftKey ? -1 : 1)];
      if (next) { event.preventDefault(); next.focus(); }
    }
  }, true);

  // Starters put a verb at the beginning; the writer says the rest.
  const showStarters = (within) => within.querySelectorAll?.("[data-starter]").forEach((button) => (button.hidden = false));
  document.addEventListener("click", (event) => {
    const starter = event.target.closest("[data-starter]");
    if (!starter) return;
    const line = rowOf(starter).querySelector("td.line textarea");
    const words = starter.textContent.trim();
    line.value = line.value.trim() ? `${line.value.trim()} ${words} ` : `${words} `;
    line.focus();
    line.setSelectionRange(line.value.length, line.value.length);
    line.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // What belongs to one row alone unfolds in the row that has the focus. Not while a pointer is down: if rows moved
  // between press and release, the click would miss.
  let isPressing = false;
  const unfold = () => {
    if (isPressing) return;
    const here = rowOf(document.activeElement);
    rows().forEach((row) => row.classList.toggle("here", row === here));
  };
  const release = () => setTimeout(() => { isPressing = false; unfold(); }, 60);
  document.addEventListener("pointerdown", () => (isPressing = true), true);
  ["pointerup", "pointercancel"].forEach((name) => document.addEventListener(name, release, true));
  ["focusin", "focusout"].forEach((name) => document.addEventListener(name, () => setTimeout(unfold)));

  // The preview button follows the person whose row has the focus.
  document.addEventListener("focusin", (event) => {
    const row = rowOf(event.target), button = document.querySelector("[data-previews]");
    if (!row || !button || !row.querySelector("td.line")) return;
    button.value = row.dataset.preview;
    button.textContent = button.dataset.previews.replace("{name}", row.dataset.name);
  });

  // Typing is saved after a pause; leaving the field saves at once.
  const waiting = new WeakMap();
  document.addEventListener("input", (event) => {
    const area = event.target;
    if (!area.matches("tr[data-row] textarea, #shared textarea, #shared input[type=text]")) return;
    begins(unitOf(area));
    clearTimeout(waiting.get(area));
    waiting.set(area, setTimeout(() => document.contains(area) && area.dispatchEvent(new Event("change", { bubbles: true })), PAUSE));
  });
  document.addEventListener("change", (event) => clearTimeout(waiting.get(event.target)));

  // What is not saved: a row, or the shared note. Said beside it, tried again, and never thrown away.
  const unsaved = new Set();
  const begins = (unit) => { unsaved.add(unit); unit.dataset.unsaved = ""; };
  const unitOf = (el) => rowOf(el) || el.closest("#shared");
  const unitFor = (event) => unitOf(event.detail.requestConfig?.elt || event.detail.elt);
  const failed = (event) => {
    const unit = unitFor(event);
    if (!unit) return;
    unit.classList.add("unsaved");
    const place = unit.querySelector(".state") || unit.querySelector("header .tag");
    const words = document.querySelector("[data-failed]")?.dataset.failed;
    if (place && words) {
      const said = document.createElement("span");
      said.className = "not-saved";
      said.setAttribute("role", "alert");
      said.textContent = words;
      place.replaceChildren(said);
    }
    setTimeout(() => document.contains(unit) && unit.classList.contains("unsaved") && unit.dispatchEvent(new Event("change", { bubbles: true })), AGAIN);
  };
  ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach((name) => document.addEventListener(name, failed));
  document.addEventListener("htmx:beforeRequest", (event) => {
    const unit = unitFor(event);
    if (unit) begins(unit);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const unit = unitFor(event);
    if (!unit || !event.detail.xhr || event.detail.xhr.status === 0 || event.detail.xhr.status >= 400) return;
    unit.classList.remove("unsaved");
    unsaved.delete(unit);
    delete unit.dataset.unsaved;
  });

  // Leaving with words that are not saved asks first. A button of the form saves them itself.
  let isSending = false;
  document.addEventListener("submit", () => (isSending = true));
  addEventListener("beforeunload", (event) => {
    const open = [...unsaved].some((unit) => document.contains(unit));
    if (open && !isSending) event.preventDefault();
  });

  // What was typed or chosen after a save was sent is put back over what that save brings.
  const touched = new Set();
  const isOurs = (el) => el.id && el.closest("tr[data-row], #shared") && el.matches("input, select, textarea");
  document.addEventListener("input", (event) => isOurs(event.target) && touched.add(event.target));
  document.addEventListener("htmx:configRequest", (event) => {
    const unit = unitOf(event.detail.elt);
    touched.forEach((el) => (!unit || unit.contains(el)) && touched.delete(el));
  });
  let kept = [];
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const target = event.detail.target;
    touched.forEach((el) => {
      if (el !== target && !target.contains(el)) return;
      kept.push({ id: el.id, value: el.value, isChoice: el.type === "radio" });
      touched.delete(el);
    });
  });
  document.addEventListener("htmx:oobAfterSwap", () => {
    kept = kept.filter(({ id, value, isChoice }) => {
      const el = document.getElementById(id);
      if (!el) return false;
      if (isChoice) el.checked = true; else el.value = value;
      el.dispatchEvent(new Event("input", { bubbles: true }));
      if (el !== document.activeElement) setTimeout(() => el.dispatchEvent(new Event("change", { bubbles: true })));
      return false;
    });
  });

  document.addEventListener("htmx:load", (event) => { showStarters(event.detail.elt); unfold(); });
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelector("table.room")?.classList.add("lively");
    showStarters(document);
    unfold();
  });
})();
