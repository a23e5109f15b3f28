// Before anything is drawn, so that nothing moves afterwards: the page has its script, and the
// language and the width of this visitor.
(() => {
  const HOLD_MS = 100, FRAME_MS = 1000;
  const root = document.documentElement;
  const visit = performance.getEntriesByType("navigation")[0];
  root.classList.add("js");
  if (location.protocol === "file:") root.classList.add("file");
  else if (isSecureContext && navigator.serviceWorker && globalThis.caches) root.classList.add("keeps");
  let language = null;
  try { language = JSON.parse(localStorage.getItem("briefing:language")); } catch { /* refused */ }
  const known = ["ar", "en"];
  const set = root.dataset.interface;
  const spoken = (navigator.languages || [navigator.language || "ar"]).map((tag) => tag.slice(0, 2));
  root.dataset.written = root.lang;
  root.lang = known.includes(language) ? language : known.includes(set) ? set : spoken.find((tag) => known.includes(tag)) || "ar";
  root.dir = root.lang === "ar" ? "rtl" : "ltr";
  if (root.lang !== root.dataset.written) root.classList.add("turning");  // shown when translated
  if (matchMedia("(min-width: 60rem)").matches) {
    new MutationObserver((_, watch) => {
      const shelf = document.querySelector(".shelf");
      if (shelf) { shelf.open = true; watch.disconnect(); }
    }).observe(root, { childList: true, subtree: true });
  } else if (visit?.type === "navigate" && !visit.name.includes("#")) {
    root.classList.add("top-first");  // the text is drawn after it; a visit may begin in the text
  }

  // A page that is here already is drawn when all of it is read, not several times meanwhile. One
  // that is still on its way is not waited for.
  const whole = document.createElement("link");
  whole.rel = "expect";
  whole.href = "#end";  // which is nowhere
  whole.blocking = "render";
  document.head.append(whole);
  setTimeout(() => { if (!visit?.responseEnd) whole.remove(); }, HOLD_MS);
  // The event "drawn": after the first picture, or where none is to be drawn, or where somebody does
  // not wait for it, the rest begins.
  let drawn = false;
  const tell = () => {
    if (drawn) return;
    drawn = true;
    root.classList.remove("top-first");
    document.dispatchEvent(new Event("drawn"));
  };
  document.addEventListener("DOMContentLoaded", () => {
    if (document.hidden || root.classList.contains("turning")) return setTimeout(tell);
    requestAnimationFrame(() => setTimeout(tell));
    setTimeout(tell, FRAME_MS);
    for (const name of ["pointerdown", "keydown", "input"]) addEventListener(name, tell, { capture: true, once: true });
  });
})();
