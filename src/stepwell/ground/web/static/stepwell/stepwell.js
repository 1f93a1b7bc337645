// Our own script. Every page works without it: it saves a reach, a reload or a moment.
// Exit this page · keys printed on buttons · saved-state text · menus · the search box · text areas that grow · focus after a swap.
(() => {
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const inField = (el) => el.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");

  // Exit: the page goes blank at once, and Back does not lead here.
  const exit = () => {
    const way = document.querySelector("a.exit");
    if (!way) return;
    document.body.hidden = true;
    document.title = " ";
    location.replace(way.href);
  };
  let shifts = [];

  // Keys: data-key="c", "g t", "?" or "ctrl+enter". What the page itself has goes before what stands around it.
  // Kept with the account whether letters alone act (WCAG 2.1.4).
  const keysOff = () => document.body.dataset.keys === "off";
  let before = "";
  const act = (el) => {
    const item = el.matches("a[href^='#']") && document.querySelector(`${el.getAttribute("href")} [data-item]`);
    if (item) choose(item);
    else if (el.matches("input:not([type=checkbox]):not([type=radio]), textarea, select")) { el.focus(); el.select?.(); }
    else el.click();
  };
  const candidates = (key) => {
    const found = all("[data-key]").filter((el) => el.dataset.key.toLowerCase() === key && !el.disabled && el.getClientRects().length);
    return found.find((el) => el.closest("[data-item].sel")) || found.find((el) => el.closest("main") && !el.closest("[data-item]"))
      || found.find((el) => !el.closest("[data-item]")) || found[0];
  };
  const choose = (item) => {
    all("[data-item].sel").forEach((other) => other.classList.remove("sel"));
    item.classList.add("sel");
    (item.querySelector("a[href], button") || item).focus();
  };
  const current = () => document.activeElement?.closest("[data-item]") || document.querySelector("[data-item].sel");
  const move = (by) => {
    const items = all("[data-item]");
    if (items.length) choose(items[Math.min(Math.max(items.indexOf(current()) + by, 0), items.length - 1)]);
  };

  // To act on a line and come back is to stand on it again; when it is gone, on the one that took its place.
  const LINE = "stepwell:line";
  const placeOf = (item) => item.closest("[data-part]") || item.closest("table, ol, ul");
  const leadOf = (item) => item.querySelector("a[href]")?.pathname || "";
  const remember = (event) => {
    const item = event.target.closest?.("[data-item]");
    if (!item || (event.type === "click" && !event.target.closest("a[href], button"))) return;
    const place = placeOf(item), places = [...new Set(all("[data-item]").map(placeOf))];
    sessionStorage.setItem(LINE, JSON.stringify({
      page: location.pathname, part: place.dataset.part || places.indexOf(place), at: all("[data-item]", place).indexOf(item), lead: leadOf(item),
    }));
  };
  const standAgain = () => {
    const was = JSON.parse(sessionStorage.getItem(LINE) || "null");
    if (was?.page !== location.pathname) return;
    sessionStorage.removeItem(LINE);
    const places = [...new Set(all("[data-item]").map(placeOf))];
    const place = typeof was.part === "string" ? document.querySelector(`[data-part="${was.part}"]`) : places[was.part];
    if (!place || location.hash) return;
    const items = all("[data-item]", place), item = items.find((one) => leadOf(one) === was.lead) || items[Math.min(was.at, items.length - 1)];
    const heading = place.querySelector("h2");
    if (item) choose(item);
    else if (heading) { heading.tabIndex = -1; heading.focus(); }
  };
  const named = (el) => {
    const copy = el.cloneNode(true);
    all(".kbd, .vh", copy).forEach((part) => part.remove());
    return copy.textContent.trim();
  };
  const list = () => {
    const dialog = document.getElementById("keys");
    if (!dialog) return;
    const seen = new Map();
    all("[data-key]").forEach((el) => {
      if (!seen.has(el.dataset.key)) seen.set(el.dataset.key, el.dataset.keyLabel || el.getAttribute("aria-label") || el.title || named(el));
    });
    const place = dialog.querySelector("dl");
    all("[data-from-page]", place).forEach((el) => el.remove());
    seen.forEach((label, key) => {
      const dt = document.createElement("dt"), kbd = document.createElement("span"), dd = document.createElement("dd");
      kbd.className = "kbd"; kbd.textContent = key.toUpperCase(); dt.append(kbd); dd.textContent = label;
      [dt, dd].forEach((el) => { el.dataset.fromPage = ""; place.append(el); });
    });
    dialog.querySelector("[data-keys-switch]").checked = !keysOff();
    dialog.showModal();
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Shift" && !event.repeat) {
      shifts = [...shifts, event.timeStamp].slice(-3);
      if (shifts.length === 3 && shifts[2] - shifts[0] < 1500) exit();
    } else shifts = [];
    if (event.defaultPrevented || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
    if (event.ctrlKey) {
      const el = event.key === "Enter" && candidates("ctrl+enter");
      if (el) { event.preventDefault(); act(el); }
      return;
    }
    if (event.key.length > 1 || inField(event.target)) return;
    if (event.key === "?") { event.preventDefault(); list(); return; }
    if (keysOff()) return;
    const key = event.key.toLowerCase(), el = candidates(`${before}${key}`) || candidates(key);
    before = all("[data-key]").some((other) => other.dataset.key.toLowerCase().startsWith(`${key} `)) ? `${key} ` : "";
    if (el) { event.preventDefault(); before = ""; act(el); }
    else if (key === "j" || key === "k") move(key === "j" ? 1 : -1);
  });
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-keys-switch]")) return;
    document.body.dataset.keys = event.target.checked ? "on" : "off";
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("a.exit")) { event.preventDefault(); exit(); }
    remember(event);
    if (event.target.closest("[data-shows-keys]")) list();
    if (event.target.closest("[data-prints]")) print();
  });

  // A menu closes by Escape, and when the focus or a click goes elsewhere; the first line of an opened one has the focus.
  const closeMenus = (besides) => all("details.menu[open]").forEach((menu) => menu !== besides && (menu.open = false));
  ["click", "focusin"].forEach((name) => document.addEventListener(name, (event) => closeMenus(event.target.closest?.("details.menu"))));
  document.addEventListener("toggle", (event) => event.target.matches?.("details.menu[open]") && event.target.querySelector("a")?.focus(), true);
  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.("details.menu[open]");
    if (!menu) return;
    const lines = all("a", menu), at = lines.indexOf(event.target), by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") { event.preventDefault(); menu.open = false; menu.querySelector("summary").focus(); }
    else if (by) { event.preventDefault(); lines[Math.min(Math.max(at + by, 0), lines.length - 1)].focus(); }
  });

  // The search box: what was found stands under it while somebody is there. Escape gives the focus back.
  const finder = () => document.querySelector("[data-finds]"), foundHere = () => document.getElementById("found-here");
  let cameFrom = null;
  const showFound = (isShown) => { const place = foundHere(); if (place) { place.hidden = !isShown; if (!isShown) place.replaceChildren(); } };
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-finds]")) cameFrom = event.relatedTarget?.closest("#found-here") ? cameFrom : event.relatedTarget;
    else if (!event.target.closest(".finder")) showFound(false);
  });
  document.addEventListener("input", (event) => event.target.matches("[data-finds]") && !event.target.value.trim() && showFound(false));
  document.addEventListener("click", (event) => !event.target.closest(".finder") && showFound(false));
  document.addEventListener("htmx:afterSwap", (event) => event.detail.target.id === "found-here" && showFound(finder().value.trim() !== "" && !!document.activeElement?.closest(".finder")));
  document.addEventListener("keydown", (event) => {
    if (!event.target.closest?.(".finder")) return;
    const ways = all("#found-here [data-way], #found-here .btn"), at = ways.indexOf(event.target);
    if (event.key === "Escape") { event.preventDefault(); finder().value = ""; showFound(false); if (cameFrom?.isConnected) cameFrom.focus(); else finder().blur(); }
    else if (event.key === "ArrowDown" && ways.length) { event.preventDefault(); ways[Math.min(at + 1, ways.length - 1)].focus(); }
    else if (event.key === "ArrowUp" && at >= 0) { event.preventDefault(); (at ? ways[at - 1] : finder()).focus(); }
  });

  // Saved: what became of the last thing that was typed.
  const say = (what) => all("[data-saved]").forEach((el) => {
    const time = new Date().toLocaleTimeString(root.lang, { hour: "numeric", minute: "2-digit", second: "2-digit" });
    el.textContent = (el.dataset[what] || "").replace("{time}", time);
  });
  const isSave = (event) => event.detail.requestConfig?.verb !== "get" && !event.detail.elt.closest("[data-saves-nothing]");
  document.addEventListener("htmx:beforeRequest", (event) => isSave(event) && say("saving"));
  document.addEventListener("htmx:afterRequest", (event) => isSave(event) && say(event.detail.successful ? "saved" : "failed"));

  // Text areas that grow, where the style sheet cannot do it.
  const grow = (area) => { area.style.height = "auto"; area.style.height = `${area.scrollHeight + 2}px`; };
  const fit = (within) => {
    if (CSS.supports("field-sizing", "content")) return;
    all("textarea", within).forEach(grow);
  };
  document.addEventListener("input", (event) => event.target.matches("textarea") && !CSS.supports("field-sizing", "content") && grow(event.target));

  // Focus: to what went wrong, after a load and after a swap.
  // And to the first field of the part that an address names, where the page says that it begins there.
  const begins = () => {
    const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    return named?.matches("[data-begins]") ? named.closest("section").querySelector("input:not([type=hidden]), textarea, select") : null;
  };
  const attend = (within) => {
    const wanted = within.querySelector(".error-summary, [data-focus]");
    wanted?.focus();
    return wanted;
  };
  document.addEventListener("htmx:load", (event) => { fit(event.detail.elt); attend(event.detail.elt); });
  document.addEventListener("DOMContentLoaded", () => { fit(document); if (!attend(document)) standAgain(); });
  // The browser lets go of the focus when it goes to the part that is named: so after it has.
  addEventListener("load", () => document.querySelector(".error-summary, [data-focus]") || begins()?.focus());
})();
