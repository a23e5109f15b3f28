// A word's panel: its readings, the field with its palette of marks, the scope, saving, undoing.
const MARKS = [  // in the order of the keys 1 to 9
  ["\u064e", "fatha"], ["\u064f", "damma"], ["\u0650", "kasra"], ["\u0652", "sukun"], ["\u0651", "shadda"],
  ["\u064b", "fathatan"], ["\u064c", "dammatan"], ["\u064d", "kasratan"], ["\u0670", "dagger"],
];
const SHADDA = "\u0651";
const IS_MARK = /[\u064b-\u0652\u0670]/;
const MOST_CANDIDATES = 4;
const field = $("#field");
let typed = false;      // by hand, and not saved
let places = null;      // how many places each scope has
let asking = null;      // the request for candidates
let saving = null;      // the saving under way

// Open a word's panel. Answers false if another word's reading must be saved first.
async function choose(at) {
  if (at !== current && !await leaveWord()) return false;
  setCurrent(at);
  showChosen();
  ($("#candidates input:checked") || field).focus({ preventScroll: true });
  return true;
}

// What is chosen now, in the panel. What was typed stays.
function showChosen() {
  const word = words[current];
  setCurrent(current);
  $("#hint").hidden = true;
  $("#mend").hidden = false;
  root.classList.add("word-shown");
  $("#panel-word").textContent = word.written;
  $("#panel-why").textContent = reasonOf(word);
  $("#panel-why").className = "why " + kindOf(word);
  $("#spoken").setAttribute("aria-pressed", String(isSpokenShown(word)));
  if (!typed) {
    field.value = word.reading;
    const guess = word.unsure === "name" || word.source === "guess";
    $(`input[name=scope][value=${guess ? "always" : "here"}]`).checked = true;
  }
  $("#field-trouble").textContent = "";
  showCandidates([{ reading: word.reading, origin: "current" }]);
  showPlaces(null);
  showSave();
  showPlaying();
  askForCandidates(word);
  reveal(word.element);
}

async function askForCandidates(word) {
  asking?.abort();
  const request = asking = new AbortController();
  const { briefing, article, digest } = opened;
  const { paragraph, sentence, token: place } = word;
  try {
    const answer = await read("/api/candidates", { briefing, article, digest, paragraph, sentence, token: place }, request.signal);
    if (asking !== request || words[current] !== word) return;
    const others = answer.candidates.filter(({ reading }) => reading !== word.reading);
    showCandidates([{ reading: word.reading, origin: "current" }, ...others].slice(0, MOST_CANDIDATES));
    showPlaces(answer.places);
  } catch (error) { explain(error, () => askForCandidates(word)); }
}

function showCandidates(candidates) {
  const word = words[current];
  const box = $("#candidates"), focused = box.contains(document.activeElement);
  $("#candidates-legend").textContent = say("candidates_of", { a: word.written, why: reasonOf(word) });
  box.replaceChildren(...candidates.map(({ reading, origin }) => {
    const radio = make("input", { type: "radio", name: "candidate", value: reading, checked: reading === field.value });
    radio.addEventListener("change", () => {
      field.value = reading;
      typed = false;
      showSave();
      if (isOpen(opened.briefing)) hear(word, { alone: true, reading });
    });
    const label = make("label", {}, radio,
      make("bdi", { className: "reading", lang: "ar", textContent: reading }), " ",
      make("span", { className: "origin", textContent: say("origin_" + origin) }));
    const label_ = say("hear_reading", { a: reading });
    const play = make("button", { type: "button", className: "icon play", "aria-label": label_, title: label_ }, icon("play"));
    play.addEventListener("click", () => hear(word, { alone: true, reading }));
    return make("div", { className: "candidate" }, label, play);
  }));
  if (focused) ($("#candidates input:checked") || $("#candidates input"))?.focus({ preventScroll: true });
}

function showPlaces(answer) {
  places = answer;
  const n = (key, number) => number === undefined ? "" : say(key, { n: number });
  $("#places-here").textContent = "";
  $("#places-article").textContent = n("places", answer?.article);
  $("#places-always").textContent = [n("places", answer?.always.places), n("in_articles", answer?.always.articles)].join(" ").trim();
}

function showSave() {
  const word = words[current];
  if (!word) return;
  const same = field.value.trim() === word.reading;
  $("#save").textContent = say(!same ? "save" : isUnsure(word) ? "confirm" : "go_on");
  for (const radio of $$("#candidates input")) radio.checked = radio.value === field.value.trim();
}

const takeDraft = () => typed && words[current]
  ? { written: words[current].written, reading: field.value, scope: $("input[name=scope]:checked").value } : null;
function restoreDraft({ reading, scope }) {
  typed = true;
  field.value = reading;
  $(`input[name=scope][value=${scope}]`).checked = true;
  showSave();
  field.focus();
}

// Leave the word. Answers false if a reading was written by hand and is not saved.
async function leaveWord() {
  if (typed && words[current] && field.value.trim() !== words[current].reading) {
    tell(say("unsaved", { a: words[current].written }), 6000);
    field.focus();
    return false;
  }
  await closeWord();
  return true;
}

async function closeWord() {
  const word = words[current];
  asking?.abort();
  typed = false;
  root.classList.remove("word-shown");
  if ($("#panel").contains(document.activeElement)) word?.element.focus({ preventScroll: true });
  $("#mend").hidden = true;
  $("#hint").hidden = false;
}

function refuseReading(message) {
  $("#field-trouble").textContent = message;
  field.focus();
}

// Save the reading, or mark it as reviewed, and go on. Keys that come meanwhile are no letters of it.
function save() {
  saving ??= saveChosen().finally(() => { saving = null; });
  return saving;
}

async function saveChosen() {
  const word = words[current], reading = field.value.normalize("NFC").trim();
  if (!word) return;
  if (!reading) { refuseReading(say("empty_reading")); return; }
  $("#field-trouble").textContent = "";
  const byHand = document.activeElement === field;
  if (byHand) $("#save").focus({ preventScroll: true });
  $("#save").setAttribute("aria-disabled", "true");
  try {
    if (reading !== word.reading) await saveReading(word, reading);
    else if (isUnsure(word)) await markReviewed(word, true);
    typed = false;
  } catch (error) {
    if (byHand) field.focus();
    tellRefusal(error);
    return;
  } finally { $("#save").removeAttribute("aria-disabled"); }
  await goToUnsure(1);
}

function tellRefusal(error) {
  const lexicon = state.desk.briefings[opened.briefing].lexicon;
  if (error.reason === "lexicon changed") {
    lexicon.digest = error.answer.lexicon_digest;
    showTrouble(say("lexicon_changed", { a: lexicon.name }), [[say("save_again"), save]]);
  } else if (error.status === 400) refuseReading(error.message);
  else explain(error, save);
}

async function saveReading(word, reading) {
  const { briefing, article, digest } = opened;
  const { lexicon } = state.desk.briefings[briefing];
  const { paragraph, sentence, token: place } = word;
  const scope = $("input[name=scope]:checked").value;
  const answer = await read("/api/readings", {
    briefing, article, digest, paragraph, sentence, token: place, reading, scope, lexicon_digest: lexicon.digest,
  });
  keepDigest(briefing, answer.lexicon_digest);
  state.mended = { briefing, article, digest, paragraph, sentence };
  remember(word.written, () => undoReading(briefing, answer.undo));
  for (const other of words) {
    if (other === word || scope !== "here" && other.written === word.written) {
      Object.assign(other, { reading, source: "lexicon", unsure: null, reviewed: true });
      showMark(other);
    }
  }
  showLegend();
  count(briefing, article, words.filter(isUnsure).length);
  tell(say("saved", { a: reading, b: say("places", { n: answer.places }) }), 6000);
  lookAgain();
}

// Briefings may share a lexicon: its digest is that of all who name it.
function keepDigest(b, digest) {
  const { name } = state.desk.briefings[b].lexicon;
  for (const { lexicon } of state.desk.briefings) if (lexicon?.name === name) lexicon.digest = digest;
}

async function markReviewed(word, reviewed) {
  const { briefing, article, digest } = opened;
  const { paragraph, sentence, token: place } = word;
  await read("/api/reviewed", { briefing, article, digest, paragraph, sentence, token: place, reviewed });
  word.reviewed = reviewed;
  showMark(word);
  showLegend();
  count(briefing, article, words.filter(isUnsure).length);
  if (!reviewed) return;
  tell(say("confirmed", { a: word.written }), 6000);
  remember(word.written, async () => {
    const again = opened.digest === digest && wordAt(paragraph, sentence, place);
    if (again) await markReviewed(again, false);
    else await read("/api/reviewed", { briefing, article, digest, paragraph, sentence, token: place, reviewed: false });
  });
}

async function undoReading(briefing, id) {
  const { lexicon } = state.desk.briefings[briefing];
  const answer = await read("/api/undo", { undo: id, lexicon_digest: lexicon.digest });
  keepDigest(briefing, answer.lexicon_digest);
  state.mended = null;
  lookAgain();
}

function remember(what, back) {
  state.undo.push([what, back]);
  showUndo();
}
function showUndo() {
  const last = state.undo.at(-1), button = $("#undo");
  if (!last && document.activeElement === button) $("#build").focus();
  button.disabled = !last;
  button.title = last ? say("undo_what", { a: last[0] }) : "";
}

async function undo() {
  const last = state.undo.pop();
  showUndo();
  if (!last) { tell(say("nothing_to_undo")); return; }
  try {
    await last[1]();
    tell(say("undone"));
  } catch (error) {
    if (error.reason === "line changed") { explain(error); return; }
    remember(...last);
    if (error.reason === "lexicon changed") {
      const lexicon = state.desk.briefings[opened.briefing].lexicon;
      keepDigest(opened.briefing, error.answer.lexicon_digest);
      showTrouble(say("lexicon_changed", { a: lexicon.name }), [[say("undo_again"), undo]]);
    } else explain(error, undo);
  }
}

// After a change: the counts of the desk and the marks of the article, once the hand rests.
const REST_MS = 1200;
let resting;
function lookAgain() {
  clearTimeout(resting);
  resting = setTimeout(async () => {
    await loadDesk();
    if (!opened.shown) return;
    try { await loadMarks(); } catch (error) { explain(error); }
  }, REST_MS);
}

// Put a mark on the letter before the cursor: a vowel replaces a vowel, shadda goes with any; the
// mark that is there already is removed.
function putMark(mark) {
  const text = field.value;
  let end = field.selectionStart;
  while (end < text.length && IS_MARK.test(text[end])) end += 1;
  let start = end;
  while (start > 0 && IS_MARK.test(text[start - 1])) start -= 1;
  if (start === 0) return;
  const there = [...text.slice(start, end)];
  const kept = there.filter((other) => other !== mark && (mark === SHADDA) !== (other === SHADDA));
  const now = there.includes(mark) ? there.filter((other) => other !== mark) : [...kept, mark];
  now.sort((one, other) => (other === SHADDA) - (one === SHADDA));
  field.setRangeText(now.join(""), start, end, "end");
  changed();
}
function changed() {
  typed = true;
  $("#field-trouble").textContent = "";
  showSave();
}

$("#palette").append(...MARKS.map(([mark, name], at) => {
  const button = make("button", { type: "button" },
    make("span", { className: "mark", lang: "ar", textContent: "\u25cc" + mark }), make("kbd", { textContent: at + 1 }));
  document.addEventListener("language", () => {
    const label = say("mark_key", { a: say("mark_" + name), n: at + 1 });
    button.setAttribute("aria-label", label);
    button.title = label;
  });
  button.addEventListener("mousedown", (event) => event.preventDefault());  // the cursor stays in the field
  button.addEventListener("click", () => putMark(mark));
  return button;
}));
field.addEventListener("input", changed);
field.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1] || /^[1-9]$/.exec(event.key)?.[0];
  if (!digit || event.shiftKey) return;
  event.preventDefault();
  putMark(MARKS[digit - 1][0]);
});
$("#mend").addEventListener("submit", (event) => { event.preventDefault(); save(); });
$("#close-panel").addEventListener("click", closeWord);
$("#hear").addEventListener("click", () => toggleSound());
$("#undo").addEventListener("click", undo);
$("#spoken").addEventListener("click", toggleSpoken);

// Pause, or go on, or hear the sentence from the chosen word with the reading that stands there.
function toggleSound() {
  if (isPlaying()) { stop(); return; }
  const word = words[current] || words[0];
  if (!word) return;
  const own = !$("#mend").hidden && words[current] ? field.value.trim() : "";
  hear(word, { reading: own || null });
}
