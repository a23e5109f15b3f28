// The open article: its text at once, its marks when they are there.
const opened = { briefing: -1, article: -1, digest: "", shown: false, marked: false };
let words = [];         // every word that has a reading, in order
let byPlace = new Map();
let current = -1;       // the chosen word's place in `words`
let wantsNext = null;      // "next unsure" was asked for before the marks were there
let opening = null;

const KINDS = { ending: "u-ending", name: "u-name" };
const kindOf = (mark) => mark.unsure && !mark.reviewed ? KINDS[mark.unsure] || "u-other"
  : mark.source === "lexicon" ? "own" : mark.reviewed ? "reviewed" : "";
const isUnsure = (mark) => Boolean(mark.unsure) && !mark.reviewed;
const reasonOf = (mark) => say({ "u-ending": "u_ending", "u-name": "u_name", "u-other": "u_other", own: "own", reviewed: "reviewed" }[kindOf(mark)] || "sure");
const countUnsure = (text) => text.paragraphs.reduce((all, { sentences }) =>
  all + sentences.reduce((sum, { tokens }) => sum + tokens.filter(isUnsure).length, 0), 0);
const wordAt = (paragraph, sentence, place) => words[byPlace.get(`${paragraph} ${sentence} ${place}`)];

async function openArticle(b, a) {
  if (!await leaveWord()) return false;
  opening?.abort();
  stop();
  const request = opening = new AbortController();
  const article = state.desk.briefings[b].articles[a];
  Object.assign(opened, { briefing: b, article: a, digest: article.digest, shown: true, marked: false });
  state.briefing = b;
  state.article = a;
  words = [];
  byPlace = new Map();
  current = -1;
  showCurrent();
  showFoot();
  showHead(article.title || article.file);
  $("#words").replaceChildren();
  $("#words").hidden = true;
  showNotice(say("loading_text"));
  scrollTo({ top: 0, behavior: "instant" });
  try {
    const text = await read(`/api/articles/${b}/${a}/text`, null, request.signal);
    if (opening !== request) return false;
    opened.digest = article.digest = text.digest;
    showText(text);
    showNotice("");
    await loadMarks(request);
    lookThrough();
  } catch (error) {
    if (opening !== request || error.name === "AbortError") return false;
    if (!$("#words").childElementCount) showNotice(error.message);
    opened.marked = true;  // as far as it goes: the others are looked at
    explain(error, () => openArticle(b, a));
    lookThrough();
    return false;
  }
  return true;
}

async function loadMarks(request = opening) {
  const { briefing: b, article: a } = opened;
  $("#article-meta").textContent = say("loading_marks");
  let text;
  try {
    text = await read(`/api/articles/${b}/${a}/marks`, null, request?.signal);
  } finally { $("#article-meta").textContent = fileOf(b, a); }
  if (opening !== request) return;
  opened.digest = text.digest;
  opened.marked = true;
  const chosen = words[current] && { ...words[current] };
  const focused = $("#words").contains(document.activeElement);
  showText(text);
  count(b, a, countUnsure(text));
  if (chosen) keepCurrent(chosen, focused);
  else if (words.length) makeReachable(words[0]);
  if (wantsNext) { const [by, kind] = wantsNext; wantsNext = null; goToUnsure(by, kind); }
}

// The marks came anew: the chosen word stays chosen, and what was typed for it stays.
function keepCurrent(chosen, focused) {
  const at = byPlace.get(`${chosen.paragraph} ${chosen.sentence} ${chosen.token}`);
  current = at !== undefined && words[at].written === chosen.written ? at : words.findIndex((word) => word.written === chosen.written);
  if (current < 0) return;
  if ($("#mend").hidden) setCurrent(current, { focus: focused }); else showChosen();
}

// The article's text as it is on disk now, with the same word and what was typed for it.
async function loadNewText() {
  const kept = takeDraft();
  typed = false;  // it is kept here until its word is found again
  await loadDesk();
  const { articles } = state.desk.briefings[opened.briefing] || { articles: [] };
  if (!articles[opened.article]) return;
  if (!await openArticle(opened.briefing, opened.article) || !kept) return;
  const at = words.findIndex((word) => word.written === kept.written);
  if (at < 0) { showTrouble(say("word_gone", { a: kept.written, b: kept.reading })); return; }
  await choose(at);
  restoreDraft(kept);
}

const fileOf = (b, a) => state.desk.briefings[b]?.articles[a]?.file || "";

function showNotice(text) { $("#notice").textContent = text; $("#notice").hidden = !text; }

function showHead(title) {
  $("#article-head").hidden = false;
  $("#article-title").textContent = title;
  $("#article-title").classList.remove("hidden");
  $("#article-meta").textContent = fileOf(opened.briefing, opened.article);
  showLegend();
}

function showLegend() {
  const numbers = { "u-ending": 0, "u-name": 0, "u-other": 0, own: 0 };
  for (const word of words) if (kindOf(word) in numbers) numbers[kindOf(word)] += 1;
  for (const [kind, n] of Object.entries(numbers)) {
    const name = kind.replace("u-", "");
    $("#count-" + name).textContent = say("legend_" + name, { n: opened.marked ? n : "–" });
  }
}

// The text, with a span a word where there are readings. The letters are the same without: nothing
// moves when the marks come.
function showText(text) {
  const box = $("#words");
  box.dir = text.direction || "rtl";
  box.lang = box.dir === "rtl" ? "ar" : "";
  const spokenShown = new Set(words.filter(isSpokenShown).map(sentenceOf));
  const before = [...box.children];
  words = [];
  byPlace = new Map();
  sounding = null;
  const shown = text.paragraphs.map((paragraph, p) => {
    const tag = paragraph.kind === "heading" || paragraph.kind === "section" ? "h3" : "p";
    // the same element, so that it keeps its height where it is out of sight
    const element = before[p]?.localName === tag ? before[p] : make(tag);
    element.replaceChildren(...paragraph.sentences.flatMap((sentence, s) =>
      s ? [" ", showSentence(sentence, p, s)] : [showSentence(sentence, p, s)]));
    return element;
  });
  // Where the title is the text's first paragraph, it takes the heading's place, and nothing moves.
  const repeated = same(shown[0]?.textContent, $("#article-title").textContent);
  shown[0]?.classList.toggle("repeated", repeated);
  $("#article-title").classList.toggle("hidden", repeated);
  if (shown.length !== before.length || shown.some((element, p) => element !== before[p])) box.replaceChildren(...shown);
  box.hidden = false;
  showLegend();
  if (root.classList.contains("all-spoken")) showAllSpoken(true);
  else if (spokenShown.size) showSpokenOf((word) => spokenShown.has(sentenceOf(word)), true);
}
const sentenceOf = ({ paragraph, sentence }) => `${paragraph} ${sentence}`;
const same = (text, other) => Boolean(text) && text.replace(/\s/g, "") === other.replace(/\s/g, "");

function showSentence(sentence, p, s) {
  const element = make("span", { className: "s" });
  const letters = Array.from(sentence.text);
  let at = 0;
  (sentence.tokens || []).forEach((mark, t) => {
    if (mark.start < at || !mark.reading) return;  // a sign that is not spoken
    element.append(letters.slice(at, mark.start).join(""));
    const word = make("span", { className: "w", textContent: letters.slice(mark.start, mark.end).join("") });
    const place = words.length;
    word.dataset.at = place;
    words.push({ ...mark, paragraph: p, sentence: s, token: t, element: word, within: element, spoken: sentence.spoken });
    byPlace.set(`${p} ${s} ${t}`, place);
    showMark(words[place]);
    element.append(word);
    at = mark.end;
  });
  element.append(letters.slice(at).join(""));
  return element;
}

// A mark is an underline and a name for those who do not see it.
function showMark(word) {
  const { element } = word, kind = kindOf(word);
  element.className = "w " + kind;
  if (!kind) {
    for (const name of ["role", "aria-label", "tabindex"]) element.removeAttribute(name);
    return;
  }
  element.setAttribute("role", "button");
  element.tabIndex = -1;
  element.setAttribute("aria-label", say("word_label", { a: word.written, why: reasonOf(word), b: word.reading }));
}

function makeReachable({ element }) {
  element.setAttribute("role", "button");
  element.tabIndex = 0;
}

// One word of the text can be tabbed to; arrows go from there to its neighbours.
function setCurrent(at, { focus = false } = {}) {
  const before = words[current] || words[0];
  if (before) {
    before.element.removeAttribute("aria-current");
    before.within.classList.remove("now");
    showMark(before);
  }
  current = at;
  const word = words[at];
  if (!word) return;
  const { element } = word;
  makeReachable(word);
  element.setAttribute("aria-current", "true");
  word.within.classList.add("now");
  if (focus) element.focus({ preventScroll: true });
  reveal(element);
}

function reveal(element) {
  const box = element.getBoundingClientRect();
  const top = $(".top").offsetHeight + 24, panel = $("#panel").getBoundingClientRect();
  const covered = getComputedStyle($("#panel")).position === "fixed" && panel.height ? panel.top : innerHeight - $(".bar").offsetHeight;
  if (box.top >= top && box.bottom <= covered - 24) return;
  scrollBy({ top: box.top - top - Math.max(0, (covered - top) / 3), behavior: "instant" });
}

function step(by) {
  if (!words.length) return;
  const at = current < 0 ? (by > 0 ? 0 : words.length - 1) : Math.min(Math.max(0, current + by), words.length - 1);
  setCurrent(at, { focus: true });
}

// The next unsure word of this article, else of the next article that has one. kind: of a mark.
async function goToUnsure(by, kind = "") {
  if (!opened.marked) { if (opened.shown) wantsNext = [by, kind]; return; }
  for (let at = current < 0 && by < 0 ? words.length - 1 : current + by; at >= 0 && at < words.length; at += by) {
    if (isUnsure(words[at]) && (!kind || kindOf(words[at]) === kind)) { await choose(at); return; }
  }
  const other = articleWithUnsure(by);
  if (!other) { tell(say("no_more"), 8000); await closeWord(); return; }
  if (!await leaveWord()) return;
  wantsNext = [by, kind];
  openArticle(...other);
}

function articleWithUnsure(by) {
  const all = state.desk.briefings.flatMap(({ articles }, b) => articles.map((article, a) => [b, a, article]));
  const here = all.findIndex(([b, a]) => b === opened.briefing && a === opened.article);
  const rest = by > 0 ? all.slice(here + 1) : all.slice(0, here).reverse();
  const next = rest.find(([, , article]) => article.unsure > 0 && !article.left_out && article.state !== "skipped");
  return next && next.slice(0, 2);
}

// What will be spoken, vowelled, under its sentence.
function showSpoken(word, shown) {
  const next = word.within.nextElementSibling;
  const there = next?.classList.contains("spoken") ? next : null;
  if (!shown) { there?.remove(); return; }
  const text = make("span", { className: "words", lang: "ar", dir: "rtl", textContent: word.spoken });
  const line = make("span", { className: "spoken" }, make("span", { className: "label", textContent: say("spoken_label") + " " }), text);
  if (there) there.replaceWith(line); else word.within.after(line);
}
const isSpokenShown = (word) => Boolean(word.within.nextElementSibling?.classList.contains("spoken"));

function toggleSpoken() {
  const word = words[current];
  if (!word) return;
  showSpoken(word, !isSpokenShown(word));
  $("#spoken").setAttribute("aria-pressed", String(isSpokenShown(word)));
}

function showAllSpoken(shown) {
  root.classList.toggle("all-spoken", shown);
  $("#all-spoken").setAttribute("aria-pressed", String(shown));
  showSpokenOf(() => true, shown);
  if (words[current]) $("#spoken").setAttribute("aria-pressed", String(shown));
}
function showSpokenOf(isMeant, shown) {
  const sentences = new Set();
  for (const word of words) {
    if (sentences.has(word.within) || !isMeant(word)) continue;
    sentences.add(word.within);
    showSpoken(word, shown);
  }
}
$("#all-spoken").addEventListener("click", () => showAllSpoken(!root.classList.contains("all-spoken")));

$("#words").addEventListener("click", (event) => {
  const element = event.target.closest(".w");
  if (!element || !getSelection().isCollapsed) return;
  const at = Number(element.dataset.at);
  choose(at).then((done) => { if (done) hear(words[at]); });
});
