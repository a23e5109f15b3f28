// What every other part uses: the page's parts, the token, requests to the desk, troubles told.
const { root, $, $$, ui, say, speakLanguage, tell } = common;
const state = {
  desk: null,        // what GET /api/desk answered last
  briefing: 0,
  article: -1,       // the open one
  undo: [],          // [what it undoes, a function that undoes it]
  mended: null,      // the sentence whose reading was saved last
  agreed: new Set(), // online voices that may hear texts, as long as the page is open
};

// An element. Texts come in as text nodes only: no markup of an article ever becomes an element.
function make(tag, values = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === undefined) continue;
    if (name in element && name !== "list") element[name] = value; else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}
function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", "#i-" + name);
  svg.append(use);
  return svg;
}

// The token comes in the address's fragment, which is never sent, and leaves it at once.
const TOKEN = "briefing:desk-token";
let token = "";
try { token = sessionStorage.getItem(TOKEN) || ""; } catch { /* nothing is kept then */ }
function moveToken() {
  const written = /^#token=([0-9a-f]+)$/i.exec(location.hash);
  if (!written) return false;
  token = written[1];
  history.replaceState(null, "", location.pathname);
  try { sessionStorage.setItem(TOKEN, token); } catch { /* it lasts as long as the page */ }
  return true;
}
moveToken();

class Refusal extends Error {
  constructor(status, message, answer = {}) {
    super(message);
    this.status = status;
    this.reason = answer.reason || "";
    this.answer = answer;
  }
}

// Ask the desk. body: posted as JSON. Answers the response, raises a Refusal.
async function ask(path, body, signal) {
  const headers = { "X-Desk-Token": token, "Accept-Language": ui.language };
  if (body) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(path, {
      method: body ? "POST" : "GET", body: body && JSON.stringify(body), headers, signal,
      cache: "no-store", credentials: "omit", redirect: "error",
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refusal(0, say("lost"));
  }
  if (answer.ok) return answer;
  let told = {};
  try { told = await answer.json(); } catch { /* no JSON: its number is all there is to tell */ }
  if (answer.status === 401) throw new Refusal(401, say("no_token"), told);
  throw new Refusal(answer.status, told.error || say("unknown_trouble", { a: answer.status }), told);
}
const read = async (path, body, signal) => (await ask(path, body, signal)).json();

// One trouble at a time, until it is put away. actions: [label, function] each.
let returnFrom = null;
function showTrouble(message, actions = []) {
  const box = $("#trouble"), buttons = $(".actions", box);
  $("p", box).textContent = message;
  buttons.replaceChildren(...[...actions, [say("dismiss"), () => {}]].map(([label, act], at) => {
    const button = make("button", { type: "button", className: at || !actions.length ? "" : "primary", textContent: label });
    button.addEventListener("click", () => { hideTrouble(); act(); });
    return button;
  }));
  returnFrom = document.activeElement;
  box.hidden = false;
}
function hideTrouble() {
  const box = $("#trouble");
  if (box.hidden) return;
  const inside = box.contains(document.activeElement);
  box.hidden = true;
  if (inside && returnFrom?.isConnected) returnFrom.focus();
}

// Tell what went wrong. again: tries the same once more, where that may help.
function explain(error, again) {
  if (error.name === "AbortError" || error.status === 429) return;
  if (!(error instanceof Refusal)) throw error;
  if (error.status === 0) waitForDesk();
  if (error.reason === "article changed") {
    showTrouble(say("article_changed"), [[say("load_again"), () => loadNewText()]]);
  } else showTrouble(error.message, again ? [[say("retry"), again]] : []);
}

// The desk is gone: look for it until it is back.
const LOOK_MS = 3000;
let looking = false;
function waitForDesk() {
  if (looking) return;
  looking = true;
  const timer = setInterval(async () => {
    try { await ask("/api/build"); } catch (error) { if (error.status === 0) return; }
    clearInterval(timer);
    looking = false;
    hideTrouble();
    tell(say("lost_back"));
    loadDesk();
  }, LOOK_MS);
}
