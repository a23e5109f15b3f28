// Sound: fetched with the token, played from a blob. One sound at a time.
const audio = new Audio();
let wordStarts = [];     // [place of the word in its sentence, seconds]
let soundingFor = null;  // {paragraph, sentence}; null: a single word, or the edition
let hearing = null;      // the request under way
let sounding = null;     // the word that sounds, as an element

const isOpen = (briefing) => !state.desk?.briefings[briefing]?.voice.online
  || state.agreed.has(state.desk.briefings[briefing].voice.name);

// Ask once for each online voice whether texts may leave the machine.
async function agreeTo(briefing) {
  if (isOpen(briefing)) return true;
  const dialog = $("#online"), voice = state.desk.briefings[briefing].voice.name;
  if (dialog.open) return false;
  $("#online-why").textContent = say("online_why", { a: voice });
  dialog.returnValue = "";
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  if (dialog.returnValue !== "yes") return false;
  state.agreed.add(voice);
  return true;
}

// Hear a word's sentence from that word on, or the word alone. reading: not saved yet, or null.
async function hear(word, { alone = false, reading = null } = {}) {
  const { briefing, article, digest } = opened;
  if (!await agreeTo(briefing)) return;
  const { paragraph, sentence, token: place } = word;
  await playFrom("/api/sound", {
    briefing, article, digest, paragraph, sentence,
    from_token: place, to_token: alone ? place : null,
    reading: reading === null || reading === word.reading ? null : { token: place, reading },
    agreed: Boolean(state.desk.briefings[briefing].voice.online),
  }, alone ? null : { paragraph, sentence });
}

async function playFrom(path, body, place) {
  stop();
  const request = hearing = new AbortController();
  showPlaying();
  try {
    const answer = await ask(path, body, request.signal);
    const starts = JSON.parse(answer.headers.get("X-Word-Starts") || "[]");
    const sound = await answer.blob();
    if (hearing !== request) return;
    hearing = null;
    if (audio.src) URL.revokeObjectURL(audio.src);
    wordStarts = starts;
    soundingFor = place;
    audio.src = URL.createObjectURL(sound);
    await audio.play();
  } catch (error) {
    if (hearing === request) hearing = null;
    if (error.name === "NotAllowedError") return;  // the browser waits for a click or a key
    if (error.name === "NotSupportedError") showTrouble(say("sound_trouble"));
    else if (error.reason === "online voice") {
      state.desk.briefings[body.briefing].voice.online = true;
      if (await agreeTo(body.briefing)) await playFrom(path, { ...body, agreed: true }, place);
    } else explain(error);
  } finally { showPlaying(); }
}

function stop() {
  hearing?.abort();
  hearing = null;
  audio.pause();
  mark(null);
}

const isPlaying = () => Boolean(hearing) || !audio.paused && !audio.ended;

function mark(element) {
  if (element === sounding) return;
  sounding?.classList.remove("sounding");
  sounding = element;
  sounding?.classList.add("sounding");
}

function follow() {
  if (!audio.paused && soundingFor) {
    const last = wordStarts.findLast(([, start]) => start <= audio.currentTime + 0.02);
    mark(last ? wordAt(soundingFor.paragraph, soundingFor.sentence, last[0])?.element ?? null : null);
    requestAnimationFrame(follow);
  } else mark(null);
}

function showPlaying() {
  const button = $("#hear"), playing = isPlaying();
  $("use", button).setAttribute("href", playing ? "#i-pause" : "#i-play");
  $("span", button).textContent = say(playing ? "pause_sentence" : "hear_sentence");
  button.title = playing ? "" : say("hear_from");
}
audio.addEventListener("play", () => { showPlaying(); follow(); });
for (const name of ["pause", "ended"]) audio.addEventListener(name, () => { showPlaying(); mark(null); });
