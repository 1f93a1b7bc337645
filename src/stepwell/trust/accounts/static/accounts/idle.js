// A staff page that nobody uses: a warning, then a cover. What was typed stays in the page behind it.
// The server decides; this only asks it, and tells it when somebody types or presses. Tabs tell each other.
(() => {
  const guard = document.querySelector("[data-idle]");
  if (!guard) return;
  const [whole, early] = [Number(guard.dataset.idle) * 1000, Number(guard.dataset.idleWarning) * 1000];
  const warning = document.getElementById("idle-warning"), cover = document.getElementById("idle-cover");
  const countdown = warning.querySelector("[data-idle-countdown]"), said = warning.querySelector("[data-idle-said]");
  const form = cover.querySelector("form"), error = cover.querySelector("[data-idle-error]");
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const title = document.title;
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("stepwell-idle") : null;
  const often = Math.min(60000, whole / 10);
  let until = Date.now() + whole, told = Date.now(), covered = false, focused = null, asking = false;

  const tell = (words) => tabs?.postMessage(words);
  const lasts = (milliseconds) => { until = Date.now() + milliseconds; };

  // Asking does not count as use; telling does.
  const ask = async (method = "GET") => {
    const answer = await fetch(guard.dataset.timeLeft, {
      method, headers: { Accept: "application/json", "X-CSRFToken": token }, cache: "no-store",
    });
    if (answer.redirected || answer.status === 401) { location.assign(guard.dataset.signIn); return null; }
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  };

  const look = async () => {
    if (asking) return;
    asking = true;
    try {
      const now = await ask();
      if (!now) return;
      lasts(now.seconds * 1000);
      cover.querySelector("[data-idle-code]").hidden = !now.whole;
      if (now.seconds <= 0) hide();
      else if (covered) show();
      else if (now.seconds * 1000 > early) dismiss();
    } catch {
      // Without a connection we cannot know: when the time is up here, the page is covered all the same.
      if (Date.now() >= until) hide();
    } finally {
      asking = false;
    }
  };

  const use = async () => {
    told = Date.now();
    try {
      const now = await ask("POST");
      if (!now) return;
      lasts(now.seconds * 1000);
      if (now.seconds <= 0) hide();
      else { dismiss(); tell({ left: now.seconds * 1000 }); }
    } catch { /* The next key or press tries again. */ }
  };

  const dismiss = () => { if (warning.open) { warning.close(); focused?.focus?.(); } };
  const hide = () => {
    if (covered) return;
    covered = true;
    if (!warning.open) focused = document.activeElement;
    document.querySelectorAll("dialog[open]").forEach((open) => open.close());
    document.documentElement.dataset.covered = "";
    document.title = guard.dataset.lockedTitle;
    error.textContent = "";
    cover.showModal();
    form.querySelector("[type=password]").focus();
    tell({ covered: true });
  };
  const show = () => {
    covered = false;
    delete document.documentElement.dataset.covered;
    document.title = title;
    form.reset();
    cover.close();
    told = Date.now();
    focused?.focus?.();
    document.dispatchEvent(new CustomEvent("stepwell:uncovered"));
  };

  // Escape closes no cover.
  cover.addEventListener("cancel", (event) => event.preventDefault());
  cover.addEventListener("close", () => { if (covered) cover.showModal(); });
  warning.addEventListener("cancel", (event) => { event.preventDefault(); use(); });
  warning.querySelector("[data-idle-stay]").addEventListener("click", use);

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    error.textContent = "";
    const sent = new FormData(form);
    try {
      const answer = await fetch(form.action, { method: "POST", body: sent, headers: { Accept: "application/json" } });
      if (answer.status === 429) error.textContent = guard.dataset.tooMany;
      else if (answer.redirected || answer.status === 401) location.assign(guard.dataset.signIn);
      else if (answer.status === 422) error.textContent = (await answer.json()).error;
      else if (answer.ok) {
        const now = await answer.json();
        lasts(now.seconds * 1000);
        show();
        tell({ left: now.seconds * 1000, open: true });
      } else error.textContent = guard.dataset.lost;
    } catch {
      error.textContent = guard.dataset.lost;
    }
    if (covered) {
      form.querySelectorAll("input:not([name=csrfmiddlewaretoken])").forEach((field) => { field.value = ""; });
      form.querySelector("[type=password]").focus();
    }
  });

  // What a person does counts, once in a while. Not while the warning is up: then they are asked.
  const did = () => { if (!covered && !warning.open && Date.now() - told >= often) use(); };
  ["keydown", "pointerdown", "input", "wheel", "touchstart"].forEach((name) => document.addEventListener(name, did, { passive: true, capture: true }));

  tabs?.addEventListener("message", ({ data }) => {
    if (data.covered) look();
    else if (data.open) look();
    else if (data.left) { lasts(data.left); told = Date.now(); dismiss(); }
  });
  document.addEventListener("stepwell:covered", look);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) look(); });

  setInterval(() => {
    if (covered) return;
    const left = until - Date.now();
    if (left <= 0) { look(); return; }
    if (left <= early && !warning.open) {
      // Another tab may have been in use: the server knows.
      ask().then((now) => {
        if (!now) return;
        lasts(now.seconds * 1000);
        if (!covered && !warning.open && now.seconds * 1000 <= early) {
          focused = document.activeElement;
          said.textContent = "";
          warning.showModal();
        }
      }).catch(() => {});
    }
    if (warning.open) {
      const seconds = Math.max(0, Math.ceil(left / 1000));
      countdown.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      if (seconds === 60) said.textContent = said.dataset.minute;
    }
  }, 1000);
})();
