// The foot: what changed, building it with progress, the mended sentence from the new edition.
const POLL_MS = 500;
const PROGRESS_STEP = 0.25;  // of a build, between two sentences that a screen reader hears
let isBuilding = false;

function showFoot() {
  const briefing = state.desk?.briefings[state.briefing];
  if (!briefing) return;
  const button = $("#build"), { changed } = briefing;
  if (!isBuilding) {
    const label = !briefing.edition ? say("build_first") : changed === null ? say("build_plain") : say("build", { n: changed });
    button.textContent = label;
    button.disabled = false;
    button.classList.toggle("quiet", changed === 0 && Boolean(briefing.edition));
  }
  showSchedule(briefing.schedule);
}

function showSchedule(schedule) {
  const when = new Intl.DateTimeFormat(ui.locale, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  const facts = [];
  const add = (key, date) => facts.push(make("span", { textContent: say(key, { a: when.format(new Date(date)) }) }));
  if (schedule?.last) add("last_run", schedule.last);
  if (schedule?.next) add("next_run", schedule.next);
  if (schedule?.error) facts.push(make("span", { className: "failed-run", dir: "auto", title: schedule.error, textContent: say("run_failed", { a: schedule.error }) }));
  if (!facts.length) facts.push(make("span", { textContent: say("no_schedule") }));
  $("#schedule").replaceChildren(...facts);
}

async function build() {
  await saving;  // its button may be pressed before the answer
  if (isBuilding || !state.desk?.briefings.length) return;
  const b = state.briefing;
  isBuilding = true;
  hideTrouble();
  showProgress(0, 0);
  $("#live").textContent = say("build_starts");
  try {
    await read("/api/build", { briefing: b });
    const end = await watchBuild();
    showEnd();
    if (end.state === "failed") failBuild(end.message);
    else finishBuild(b);
  } catch (error) {
    showEnd();
    explain(error, build);
  }
}

// Ask how far the build is until it ends.
async function watchBuild() {
  let told = 0;
  for (;;) {
    const now = await read("/api/build");
    if (now.state === "done" || now.state === "failed") return now;
    if (now.state === "idle") return { ...now, state: "failed" };
    showProgress(now.done, now.of);
    if (now.of && now.done / now.of >= told + PROGRESS_STEP) {
      told = now.done / now.of;
      $("#live").textContent = say("build_progress", { a: now.done, b: now.of });
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function showProgress(done, of) {
  const bar = $("#progress-bar");
  $("#build").hidden = true;
  $("#again").hidden = true;
  $("#undo").hidden = true;
  $("#progress").hidden = false;
  if (of) { bar.max = of; bar.value = done; } else bar.removeAttribute("value");
  $("#progress-text").textContent = of ? say("build_progress", { a: done, b: of }) : say("build_starts");
}
function showEnd() {
  isBuilding = false;
  $("#progress").hidden = true;
  $("#build").hidden = false;
  $("#undo").hidden = false;
  showFoot();
}

function failBuild(message) {
  $("#live").textContent = "";
  showTrouble(say("build_failed", { a: message || "" }).trim(), [[say("retry"), build]]);
}

async function finishBuild(b) {
  const mended = state.mended;
  const message = say(mended?.briefing === b ? "build_done_hear" : "build_done");
  $("#live").textContent = message;
  tell(message, 6000);
  if (mended?.briefing === b) {
    $("#again").hidden = false;
    await hearEdition();
  }
  await loadDesk();
}

const hearEdition = () => playFrom("/api/edition_sound", state.mended, null);

$("#build").addEventListener("click", build);
$("#again").addEventListener("click", () => { if (state.mended) hearEdition(); });
