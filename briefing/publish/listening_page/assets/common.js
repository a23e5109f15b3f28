"use strict";
// What the listening page and the desk have in common: the data in the page, what is kept between
// visits, the interface's language, short messages, keys.
const common = (() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const root = document.documentElement;
  const $ = (selector, inside = document) => inside.querySelector(selector);
  const $$ = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  // A browser may refuse to keep anything.
  const store = {
    get(key, otherwise) {
      try {
        const value = localStorage.getItem("briefing:" + key);
        return value === null ? otherwise : JSON.parse(value);
      } catch { return otherwise; }
    },
    set(key, value) {
      try { localStorage.setItem("briefing:" + key, JSON.stringify(value)); } catch { /* refused */ }
    },
  };

  const spoken = (navigator.languages || [navigator.language || "ar"]).map((one) => one.slice(0, 2));
  const ui = {
    // early.js has chosen it on the listening page
    language: root.dataset.written ? root.lang : store.get("language", null) ||
      (data.interface !== "auto" ? data.interface : spoken.find((one) => one in data.strings.play) || "ar"),
    get locale() { return this.language === "ar" ? "ar-EG-u-nu-latn" : "en-GB"; },
  };
  const rules = {};  // of plurals, by language
  const plural = (n) => (rules[ui.language] ||= new Intl.PluralRules(ui.language)).select(n);
  const say = (key, values = {}) => {
    let text = data.strings[key][ui.language];
    if (typeof text === "object") text = text[values.n === 0 && "zero" in text ? "zero" : plural(values.n)] ?? text.other;
    return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  };
  // Write what the page says into its elements, and tell its other parts by the event "language".
  // inside: what is not yet in the language; the page itself was written in one.
  function speakLanguage(inside = document) {
    root.lang = ui.language;
    root.dir = ui.language === "ar" ? "rtl" : "ltr";
    for (const element of $$("[data-i]", inside)) {
      element.textContent = say(element.dataset.i, { n: Number(element.dataset.n) });
    }
    for (const element of $$("[data-i-label]", inside)) {
      const label = say(element.dataset.iLabel, { n: Number(element.dataset.n) });
      element.setAttribute("aria-label", label);
      if (element.matches("button, summary, select")) element.title = label;
    }
    nameDates(inside);
    document.dispatchEvent(new Event("language"));
  }
  const writtenDates = new Map();
  function nameDates(inside) {
    let format;
    const written = { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
    for (const element of $$("time[datetime]", inside)) {
      if (!writtenDates.has(element)) writtenDates.set(element, element.textContent);
      const known = writtenDates.get(element);
      element.textContent = root.dataset.written === ui.language && known !== element.dateTime ? known
        : (format ||= new Intl.DateTimeFormat(ui.locale, written)).format(new Date(element.dateTime));
    }
  }
  function changeLanguage() {
    ui.language = ui.language === "ar" ? "en" : "ar";
    store.set("language", ui.language);
    speakLanguage();
  }

  const toast = document.createElement("p");
  toast.className = "toast";
  toast.setAttribute("role", "status");
  document.body.append(toast);
  let toastTimer;
  function tell(text, milliseconds = 3500) {
    toast.textContent = text;
    toast.classList.add("shown");
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => toast.classList.remove("shown"), milliseconds);
  }

  // A letter counts as it is printed, or by its place on a keyboard of other letters.
  const placed = { BracketLeft: "[", BracketRight: "]", Comma: ",", Period: ".", Slash: "/", Space: " " };
  function keyOf(event) {
    if (/^[a-z[\],./? ]$/i.test(event.key)) return event.key.toLowerCase();
    if (event.key.length !== 1) return event.key;
    return placed[event.code] || /^Key([A-Z])$/.exec(event.code)?.[1].toLowerCase() || event.key;
  }
  // Where a letter is typed, it is no shortcut.
  const takesText = (element) =>
    element.matches("input:not([type=range], [type=checkbox], [type=radio]), textarea, select, [contenteditable]");

  return { data, root, $, $$, store, ui, say, speakLanguage, changeLanguage, tell, keyOf, takesText };
})();
