// Before anything is drawn, so that nothing moves afterwards: the page has its script, and the
// language and the width of this visitor.
(() => {
  const root = document.documentElement;
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
  }
})();
