// Keys, the language, the start.
const KEYS = [
  ["n", "key_n"], ["p", "key_p"], ["Shift n", "key_shift_n"], ["Space", "key_space"], ["Enter", "key_enter"], ["u", "key_u"], ["← → ↑ ↓", "key_arrows"],
  ["e", "key_e"], ["1 … 9", "key_digits"], ["v", "key_v"], ["b", "key_b"], ["Esc", "key_escape"], ["?", "key_help"],
];
const SHORT_LIST = 6;  // keys beside the text; the others are in the dialog

function listKeys(list, keys) {
  list.replaceChildren(...keys.map(([names, key]) => {
    const name = make("dt", { dir: "ltr" });
    for (const part of names.split(" ")) name.append(part === "…" ? part : make("kbd", { textContent: part }), " ");
    return make("div", {}, name, make("dd", { textContent: say(key) }));
  }));
}

const ACTIONS = {
  n: ({ shiftKey }) => goToUnsure(1, shiftKey ? "u-name" : ""),
  p: ({ shiftKey }) => goToUnsure(-1, shiftKey ? "u-name" : ""),
  " ": toggleSound,
  u: undo,
  e: editByHand,
  v: toggleSpoken,
  b: build,
  "?": () => { if (!$("#help").open) $("#help").showModal(); },
};
// Left is on in a text from right to left.
const ARROWS = { ArrowLeft: 1, ArrowRight: -1 };

async function editByHand() {
  if (current < 0) return;
  if ($("#mend").hidden) await choose(current);
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}

function keyFor(event) {
  if (event.key === "\u061f") return "?";
  const key = common.keyOf(event);
  return key === "/" && event.shiftKey ? "?" : key;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
  const { target } = event;
  if (target.closest("dialog")) return;
  if (event.key === "Escape") { escape(); return; }
  if (common.takesText(target)) return;
  const key = keyFor(event), word = target.closest(".w");
  if (key === " " && (target.matches("button, summary") || target.matches("input:not(:checked)"))) return;
  if (event.key === "Enter") {
    if (word) { event.preventDefault(); choose(Number(word.dataset.at)); }
    else if (target === document.body && !$("#mend").hidden) { event.preventDefault(); save(); }
    return;
  }
  if (key in ARROWS && !target.matches("input")) {
    event.preventDefault();
    step(ARROWS[key] * ($("#words").dir === "rtl" ? 1 : -1));
    return;
  }
  if (!ACTIONS[key] || event.repeat) return;
  event.preventDefault();
  if (saving) saving.then(() => ACTIONS[key](event)); else ACTIONS[key](event);
});

// Out of the field, then out of the panel, then away with what is in the way.
function escape() {
  const word = words[current];
  if (root.classList.contains("list-shown")) { showListOnPhone(false); $("#show-list").focus(); return; }
  if (!$("#trouble").hidden) { hideTrouble(); return; }
  if ($("#mend").hidden) return;
  if (typed && word) { typed = false; field.value = word.reading; $("#field-trouble").textContent = ""; showSave(); }
  closeWord();
}

$("#show-help").addEventListener("click", ACTIONS["?"]);
addEventListener("beforeunload", (event) => { if (typed || $("#add-text").value.trim()) event.preventDefault(); });
// The address with a newer token, pasted where the page is open already: what was typed stays.
addEventListener("hashchange", () => { if (moveToken()) { hideTrouble(); loadDesk(); } });
new ResizeObserver(() => root.style.setProperty("--bar", $(".bar").offsetHeight + "px")).observe($(".bar"));

document.addEventListener("language", () => {
  document.title = say("desk");
  listKeys($("#hint-keys"), KEYS.slice(0, SHORT_LIST));
  listKeys($("#keys"), KEYS);
  showPlaying();
  if (!state.desk) return;
  showList();
  showFoot();
  for (const word of words) showMark(word);
  showLegend();
  if (current >= 0) {
    setCurrent(current);
    if (!$("#mend").hidden) showChosen();
  }
});

$(".language").addEventListener("click", common.changeLanguage);
speakLanguage();
showNotice(say("loading_desk"));
loadDesk();
