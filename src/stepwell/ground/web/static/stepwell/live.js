// A page that follows what colleagues change. It asks every two seconds while it is looked at; what is new takes the
// place of what stood there, except where somebody is writing: that waits until they have left it, or it is saved.
// In the page: data-part (a key) and data-v (its version). In an answer: data-puts, the place where a part belongs, and
// data-unit, when it must wait for more than itself.
(() => {
  const EVERY = 2000, SLOWEST = 30000, PAUSE = 1500;
  const page = document.querySelector("[data-live]");
  if (!page) return;
  let wait = EVERY, version = page.dataset.version, isCovered = false, isAsking = false, timer = null;
  const WRITTEN = "input:not([type=hidden]), textarea, select", CONTROLS = `a[href], button, ${WRITTEN}`;
  const unsaved = "[data-unsaved]";
  const isWrittenIn = (el) => el.matches(unsaved) || !!el.querySelector(unsaved) || !!el.closest(unsaved)
    || (el.contains(document.activeElement) && document.activeElement.matches(WRITTEN));

  // The focus stays on the same control: by its id, or by where it leads and what it says; on no other one.
  const same = (one) => (other) => one.id ? one.id === other.id
    : ["href", "name", "value"].every((each) => one.getAttribute(each) === other.getAttribute(each)) && one.textContent === other.textContent;
  // And what was ticked stays ticked.
  const put = (old, fresh) => {
    const now = old.contains(document.activeElement) ? document.activeElement : null;
    const chosen = old.querySelector("[data-item].sel a[href]");
    const ticked = [...old.querySelectorAll("input[type=checkbox]")].filter((one) => one.checked && !one.defaultChecked);
    old.replaceWith(fresh);
    for (const one of ticked) { const again = [...fresh.querySelectorAll("input[type=checkbox]")].find(same(one)); if (again) again.checked = true; }
    if (now) [...fresh.querySelectorAll(CONTROLS)].find(same(now))?.focus({ preventScroll: true });
    const item = chosen && [...fresh.querySelectorAll("a[href]")].find(same(chosen))?.closest("[data-item]");
    if (item) fresh.querySelectorAll("[data-item]").forEach((el) => el.classList.toggle("sel", el === item));
  };

  // Nothing moves under a pointer that is on its way.
  let pointed = -PAUSE;
  document.addEventListener("pointermove", () => (pointed = performance.now()), { passive: true });
  const isPointedAt = (el) => performance.now() - pointed < PAUSE && el.matches(":hover");

  // Whether something had to wait.
  const take = (text) => {
    const box = document.createElement("template"), names = [];
    box.innerHTML = text;
    let isHeld = false;
    const orders = [...box.content.querySelectorAll("[data-order]")].map((el) => [el.dataset.orderOf, el.dataset.order.split(" ")]);
    for (const fresh of box.content.querySelectorAll("[data-puts]")) {
      const old = document.getElementById(fresh.id);
      const unit = fresh.dataset.unit ? document.querySelector(fresh.dataset.unit) : old;
      if (unit && (isWrittenIn(unit) || isPointedAt(unit))) { isHeld = true; continue; }
      if (old) put(old, fresh);
      else {
        const order = orders.find(([of]) => of === fresh.dataset.puts)?.[1] || [];
        const next = order.slice(order.indexOf(fresh.id) + 1).map((id) => document.getElementById(id)).find(Boolean);
        document.querySelector(fresh.dataset.puts)?.insertBefore(fresh, next || null);
      }
      globalThis.htmx?.process(fresh);
      const name = "name" in fresh.dataset && (fresh.dataset.name || fresh.querySelector("h2")?.textContent);
      if (name) names.push(name);
    }
    for (const [of, order] of orders) for (const el of document.querySelector(of)?.children || []) {
      if (!el.id || order.includes(el.id)) continue;
      if (isWrittenIn(el)) isHeld = true; else el.remove();
    }
    if (names.length) page.textContent = page.dataset.liveSays.replace("{names}", names.join(", "));
    return isHeld;
  };

  const ask = async () => {
    clearTimeout(timer);
    if (isAsking || isCovered || document.hidden) return;
    isAsking = true;
    try {
      const had = [...document.querySelectorAll("[data-part][data-v]")].map((el) => `${el.dataset.part}~${el.dataset.v}`);
      const at = new URL(page.dataset.live, location);
      at.searchParams.set("had", had.join(","));
      const answer = await fetch(at, {
        headers: { "HX-Request": "true", "If-None-Match": version }, cache: "no-store", redirect: "error",
      });
      if (answer.status === 401) { isCovered = true; document.dispatchEvent(new Event("stepwell:covered")); return; }
      if (answer.status === 200) version = take(await answer.text()) ? "" : answer.headers.get("X-Version");
      else if (answer.status !== 304) throw new Error(answer.status);
      wait = EVERY;
    } catch {
      wait = Math.min(wait * 2, SLOWEST);
    } finally {
      isAsking = false;
      if (!document.hidden) timer = setTimeout(ask, wait);
    }
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : ask()));
  document.addEventListener("stepwell:uncovered", () => { isCovered = false; ask(); });
  timer = setTimeout(ask, EVERY);
})();
