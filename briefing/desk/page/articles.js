// The list: articles by briefing, their states, adding and leaving out.
const UPLOAD_BYTES = 64 * 1024 * 1024;  // the desk's own limits are tighter and told by it

async function loadDesk() {
  try {
    state.desk = await read("/api/desk");
  } catch (error) {
    if (!state.desk) showNotice("");
    explain(error, loadDesk);
    return;
  }
  if (opened.shown) findOpened();
  showList();
  showFoot();
  if (!opened.shown) openFirst();
  else lookThrough();
}

// After a change on disk an article may stand at another place in the list.
function findOpened() {
  const { articles } = state.desk.briefings[opened.briefing] || { articles: [] };
  const there = articles[opened.article];
  if (there?.digest === opened.digest) return;
  const moved = articles.findIndex((article) => article.digest === opened.digest);
  if (moved >= 0) opened.article = state.article = moved;
}

function openFirst() {
  for (const [b, briefing] of state.desk.briefings.entries()) {
    const a = briefing.articles.findIndex((article) => article.state !== "skipped" && !article.left_out);
    if (a >= 0) { openArticle(b, a); return; }
  }
  showNotice(say(state.desk.briefings.length ? "no_articles" : "no_briefings"));
  if (!state.desk.briefings.length) return;
  const add = make("button", { type: "button", className: "primary", textContent: say("add") });
  add.addEventListener("click", () => openAdding(0));
  $("#notice").append(make("br"), add);
}

function showList() {
  const focused = document.activeElement?.dataset?.key;
  $("#briefings").replaceChildren(...state.desk.briefings.map((briefing, b) => {
    const add = make("button", { type: "button", className: "add", "data-key": "add " + b }, icon("add"), say("add"));
    add.addEventListener("click", () => openAdding(b));
    const heading = make("h2", { dir: "auto", textContent: briefing.title || briefing.name });
    const rows = briefing.articles.map((article, a) => showRow(b, a, article));
    const list = rows.length ? make("ul", {}, ...rows) : make("p", { className: "empty", textContent: say("none_yet") });
    const section = make("section", { className: "briefing" }, heading, list, add);
    if (briefing.problem) heading.after(make("p", { className: "problem", dir: "auto", textContent: briefing.problem }));
    section.dataset.drop = say("drop_here");
    acceptFiles(section, b);
    return section;
  }));
  if (focused) $(`[data-key="${focused}"]`)?.focus();
}

function showRow(b, a, article) {
  const kind = article.left_out ? "out" : article.state;
  const facts = make("span", { className: "details" },
    make("span", { className: "state " + kind, textContent: say("state_" + kind) }),
    make("span", { className: "count" }));
  const open = make("button", { type: "button", className: "open", "data-key": `open ${b} ${a}` },
    make("span", { className: "title", dir: "auto", textContent: article.title || article.file }), facts);
  if (article.why) open.append(make("span", { className: "why", dir: "auto", textContent: article.why }));
  if (b === opened.briefing && a === opened.article) open.setAttribute("aria-current", "true");
  open.addEventListener("click", () => { openArticle(b, a); showListOnPhone(false); });
  const row = make("li", { className: kind }, open);
  showCount(article, $(".count", row));
  const title = article.title || article.file;
  const label = say(article.left_out ? "take_in" : "leave_out", { a: title });
  const leave = make("button", { type: "button", className: "icon", "aria-label": label, title: label, "data-key": `out ${b} ${a}` },
    icon(article.left_out ? "in" : "out"));
  leave.addEventListener("click", () => leaveOut(b, a, !article.left_out));
  row.append(leave);
  return row;
}

function showCount(article, element) {
  if (article.state === "skipped" || article.left_out) return;
  const { unsure } = article;
  element.textContent = unsure === null ? say("unsure_unread") : say("unsure", { n: unsure });
  element.classList.toggle("some", unsure > 0);
}

// The count of one article alone, so that nothing else moves.
function count(b, a, unsure) {
  const article = state.desk.briefings[b]?.articles[a];
  if (!article) return;
  article.unsure = unsure;
  const element = $(`[data-key="open ${b} ${a}"] .count`);
  if (element) showCount(article, element);
}

function showCurrent() {
  for (const open of $$("#briefings .open")) {
    if (open.dataset.key === `open ${opened.briefing} ${opened.article}`) open.setAttribute("aria-current", "true");
    else open.removeAttribute("aria-current");
  }
}

// Articles that were not looked at yet, one after the other, when nothing else is asked for.
let passing = false;
async function lookThrough() {
  if (passing || !opened.marked) return;  // the open article first
  passing = true;
  try {
    for (;;) {
      const next = unread();
      if (!next) return;
      const [b, a, article] = next;
      article.asked = true;
      try {
        const marks = await read(`/api/articles/${b}/${a}/marks`);
        if (state.desk.briefings[b]?.articles[a]?.digest === marks.digest) count(b, a, countUnsure(marks));
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        if (error.status === 0 || error.status === 401) { explain(error); return; }
      }
    }
  } finally { passing = false; }
}
function unread() {
  for (const [b, { articles }] of state.desk.briefings.entries()) {
    for (const [a, article] of articles.entries()) {
      if (article.unsure === null && !article.asked && article.state !== "skipped" && !article.left_out
          && !(b === opened.briefing && a === opened.article)) return [b, a, article];
    }
  }
  return null;
}

async function leaveOut(b, a, out, undoing = false) {
  const article = state.desk.briefings[b].articles[a];
  try {
    await read("/api/leave_out", { briefing: b, article: a, digest: article.digest, out });
  } catch (error) { explain(error, () => leaveOut(b, a, out, undoing)); return; }
  article.left_out = out;
  const title = article.title || article.file;
  if (!undoing) {
    remember(title, async () => {
      const at = state.desk.briefings[b].articles.findIndex((other) => other.digest === article.digest);
      if (at >= 0) await leaveOut(b, at, !out, true);
    });
    tell(say(out ? "is_out" : "is_in", { a: title }));
  }
  await loadDesk();
}

// Adding: a dialog, or files dropped on the briefing.
let addingTo = 0;
function openAdding(b) {
  addingTo = b;
  $("#add-title").textContent = say("add_title", { a: state.desk.briefings[b].title || state.desk.briefings[b].name });
  $("#add-trouble").textContent = "";
  $("#add").showModal();
}

async function base64(file) {
  const url = await new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(new Refusal(-1, say("unknown_trouble", { a: file.name })));
    reader.readAsDataURL(file);
  });
  return url.slice(url.indexOf(",") + 1);
}

async function addFiles(b, files) {
  for (const file of files) {
    if (file.size > UPLOAD_BYTES) throw new Refusal(413, say("too_large", { a: file.name }));
    const added = await read("/api/articles", { briefing: b, name: file.name, base64: await base64(file) });
    tell(say("added", { a: added.file }));
  }
}

$("#add-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const files = $("#add-file"), name = $("#add-name"), text = $("#add-text");
  const pasted = text.value.trim();
  if (!files.files.length && !(pasted && name.value.trim())) {
    $("#add-trouble").textContent = say("add_nothing");
    return;
  }
  try {
    await addFiles(addingTo, files.files);
    files.value = "";
    if (pasted) {
      const added = await read("/api/articles", {
        briefing: addingTo, name: name.value.trim(), text: `${name.value.trim()}\n\n${text.value}`,
      });
      tell(say("added", { a: added.file }));
      name.value = text.value = "";
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    $("#add-trouble").textContent = error.message;  // what was typed stays in the dialog
    return;
  }
  $("#add").close();
  await loadDesk();
});
$("#add-cancel").addEventListener("click", () => $("#add").close());

function acceptFiles(section, b) {
  const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
  section.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    section.classList.add("drop");
  });
  section.addEventListener("dragleave", (event) => {
    if (!section.contains(event.relatedTarget)) section.classList.remove("drop");
  });
  section.addEventListener("drop", async (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    section.classList.remove("drop");
    try { await addFiles(b, event.dataTransfer.files); } catch (error) { explain(error); }
    await loadDesk();
  });
}
// A file dropped beside the list would replace the page, and what was typed with it.
for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());

function showListOnPhone(shown) {
  root.classList.toggle("list-shown", shown);
  $("#show-list").setAttribute("aria-expanded", String(shown));
}
$("#show-list").addEventListener("click", () => showListOnPhone(!root.classList.contains("list-shown")));
