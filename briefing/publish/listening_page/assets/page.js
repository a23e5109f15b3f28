"use strict";
// The page's two elements: <briefing-player> around the browser's own audio element, and
// <read-along> around the text. Without this script the page is that audio element and that text.
(() => {
  const { data, root, $, $$, store, ui, say, speakLanguage, tell } = common;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const web = location.protocol.startsWith("http");

  function nameTimes(inside) {
    for (const element of $$("a.t", inside)) {
      element.setAttribute("aria-label", say("listen_from", { a: element.textContent }));
    }
  }

  function clock(seconds) {
    const whole = Math.max(0, Math.floor(seconds + 0.001));
    const hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60;
    const two = (number) => String(number).padStart(2, "0");
    return (hours ? hours + ":" + two(minutes) : minutes) + ":" + two(whole % 60);
  }

  const icon = (path) => `<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">${path}</svg>`;
  const icons = {
    play: icon('<path d="M7 4.5v15l12.5-7.5z"/>'),
    pause: icon('<path d="M6.5 4.5h4v15h-4zM13.5 4.5h4v15h-4z"/>'),
    back: icon('<path d="M12 5V1.5L7 5.8l5 4.2V7a6 6 0 1 1-6 6H4a8 8 0 1 0 8-8z"/><text x="12" y="16.2"></text>'),
    forward: icon('<path d="M12 5V1.5l5 4.3-5 4.2V7a6 6 0 1 0 6 6h2a8 8 0 1 1-8-8z"/><text x="12" y="16.2"></text>'),
    previous: icon('<path d="M6 5h2.5v14H6zM19 5v14l-9.5-7z"/>'),
    next: icon('<path d="M15.5 5H18v14h-2.5zM5 5v14l9.5-7z"/>'),
    loud: icon('<path d="M4 9v6h4l5 4.5v-15L8 9zM15.5 8.2v7.6a4.3 4.3 0 0 0 0-7.6zM15.5 4.2v2.1a6 6 0 0 1 0 11.4v2.1a8 8 0 0 0 0-15.6z"/>'),
    silent: icon('<path d="M4 9v6h4l5 4.5v-15L8 9zM21.5 9.4 20.1 8l-2.2 2.2L15.700 8l-1.400 1.400 2.200 2.200-2.200 2.200 1.400 1.400 2.200-2.200 2.200 2.200 1.400-1.400-2.200-2.200z"/>'),
    more: icon('<path d="M5 10a2 2 0 1 0 0 4 2 2 0 0 0 0-4zm7 0a2 2 0 1 0 0 4 2 2 0 0 0 0-4zm7 0a2 2 0 1 0 0 4 2 2 0 0 0 0-4z"/>'),
    up: icon('<path d="m6 15 6-6 6 6"/>'),
    down: icon('<path d="m6 9 6 6 6-6"/>'),
    close: icon('<path d="m6 6 12 12M18 6 6 18"/>'),
  };
  const button = (name, label, more = "") =>
    `<button type="button" class="${name}" data-i-label="${label}" ${more}>${icons[name] || ""}</button>`;

  const SPEEDS = [0.5, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3];
  const ARROW_S = 5;
  const SKIPS = [5, 10, 15, 20, 30, 45, 60];
  const skips = { back: store.get("skip_back", 15), forward: store.get("skip_on", 30) };
  const SLEEPS = [5, 10, 15, 20, 30, 45, 60, 90];
  const key = (row) => row.name + " " + row.date;
  const day = key(data);
  // How far the listener is in each edition: { at, when, of, heard }, times in seconds and ms.
  const positions = () => store.get("position", {});
  const HEARD_S = 15;  // what is left counts for nothing: the closing words

  function options(values, label) {
    return values.map((value) => `<option value="${value}"${label(value)}</option>`).join("");
  }

  class Player extends HTMLElement {
    connectedCallback() {
      const audio = this.audio = $("audio", this);
      this.source = audio.src;
      audio.removeAttribute("controls");
      audio.preload = "metadata";
      this.duration = data.duration;
      this.insertAdjacentHTML("beforeend", `
<div class="bar" role="region" data-i-label="player">
 <div class="sounding"><p class="playing" dir="auto" lang="${data.language.replace(/[^\w-]/g, "")}"></p><span class="rest" dir="ltr"></span><span class="asleep" hidden></span></div>
 <div class="seek" dir="ltr"><span class="now">0:00</span>
  <div class="track"><div class="marks" aria-hidden="true"></div>
  <input type="range" min="0" step="1" value="0" data-i-label="seek"></div>
  <span class="all"></span></div>
 <div class="buttons" dir="ltr">
  <select class="rate" data-i-label="speed">${SPEEDS.map((one) => `<option value="${one}">${one}×</option>`).join("")}</select>
  ${button("previous", "previous")}${button("back", "back")}${button("play", "play")}${button("forward", "forward")}${button("next", "next")}
  <details class="menu"><summary data-i-label="more">${icons.more}</summary>
   <div class="panel">
    <div class="loudness">${button("loud", "mute")}<input type="range" class="volume" min="0" max="1" step="0.05" dir="ltr" data-i-label="volume"></div>
    <label><span data-i="sleep"></span><select class="sleep"><option value="" data-i="off"></option><option value="end" data-i="end_of_article"></option>${options(SLEEPS, (n) => ` data-i="minutes" data-n="${n}">`)}</select></label>
    <label><span data-i="skip_back"></span><select class="skip-back">${options(SKIPS, (n) => ` data-i="seconds" data-n="${n}">`)}</select></label>
    <label><span data-i="skip_on"></span><select class="skip-on">${options(SKIPS, (n) => ` data-i="seconds" data-n="${n}">`)}</select></label>
    <button type="button" class="copy" data-i="copy"></button>
    <a class="download" data-i="download"></a>
    <label><input type="checkbox" class="following"> <span data-i="follow"></span></label>
    <label><input type="checkbox" class="go-on"> <span data-i="go_to_next"></span></label>
    <label><input type="checkbox" class="shortcuts"> <span data-i="keys"></span></label>
    <dl class="keys">${[["Space K", "key_space"], ["← →", "key_arrows"], ["J L", "key_jl"], ["[ ]", "key_brackets"], [", .", "key_comma"], ["/", "key_search"]]
      .map(([keys, key]) => `<div><dt dir="ltr">${keys.split(" ").map((one) => `<kbd>${one}</kbd>`).join(" ")}</dt><dd data-i="${key}"></dd></div>`).join("")}</dl>
   </div></details>
 </div>
 <p class="trouble" role="alert" hidden><span data-i="sound_error"></span> <button type="button" class="again" data-i="retry"></button></p>
</div>`);
      this.seek = $(".seek input", this);
      this.playButton = $("button.play", this);
      this.rate = $(".rate", this);
      this.big = $(".listen", this);
      const link = $(".files a[download]");
      const copy = $("a.download", this);
      copy.href = link.href;
      copy.download = link.download;
      this.setDuration(data.duration);
      this.restore();
      this.listen();
      this.mediaSession();
      new ResizeObserver(() => root.style.setProperty("--bar", $(".bar", this).offsetHeight + "px"))
        .observe($(".bar", this));
    }

    setDuration(seconds) {
      this.duration = seconds;
      this.seek.max = Math.ceil(seconds);
      const marks = $(".marks", this);
      marks.replaceChildren();
      marks.classList.toggle("dense", data.chapters.length > 20);
      let last = -1;
      for (const [, start] of data.chapters) {
        const at = 100 * start / seconds;
        if (at - last < 1 || start < 1) continue;
        last = at;
        const mark = document.createElement("i");
        mark.style.left = at + "%";
        marks.append(mark);
      }
    }

    restore() {
      const { audio } = this;
      this.setRate(store.get("speed", 1));
      audio.volume = store.get("volume", 1);
      audio.muted = store.get("muted", false);
      $(".volume", this).value = audio.volume;
      $(".following", this).checked = store.get("follow", true);
      $(".shortcuts", this).checked = store.get("shortcuts", true);
      const wanted = moment();
      const kept = positions()[day];
      if (wanted !== null) this.goTo(wanted);
      else if (kept && kept.at > 3 && kept.at < this.duration - HEARD_S / 3) {
        this.goTo(kept.at);
        this.resumed = kept.at;
      }
      this.show();
    }

    listen() {
      const { audio } = this;
      const on = (selector, event, action) => $(selector, this).addEventListener(event, action);
      this.playButton.addEventListener("click", () => this.toggle());
      this.big.addEventListener("click", () => {
        if (audio.ended) this.goTo(0);
        this.toggle();
      });
      on(".back", "click", () => this.skip(-skips.back));
      on(".forward", "click", () => this.skip(skips.forward));
      for (const [name, part, setting] of [["skip-back", "back", "skip_back"], ["skip-on", "forward", "skip_on"]]) {
        $("." + name, this).value = skips[part];
        on("." + name, "change", (event) => {
          skips[part] = Number(event.target.value);
          store.set(setting, skips[part]);
          this.showSkips();
        });
      }
      on(".sleep", "change", (event) => this.sleepAfter(event.target.value));
      $(".go-on", this).checked = store.get("go_on", false);
      on(".go-on", "change", (event) => store.set("go_on", event.target.checked));
      on(".previous", "click", () => this.chapter(-1));
      on(".next", "click", () => this.chapter(1));
      this.seek.addEventListener("input", () => { this.dragging = true; this.show(Number(this.seek.value)); });
      this.seek.addEventListener("change", () => { this.dragging = false; this.goTo(Number(this.seek.value)); });
      this.rate.addEventListener("change", () => this.setRate(Number(this.rate.value)));
      on(".volume", "input", (event) => { audio.volume = event.target.value; audio.muted = false; });
      on(".loudness button", "click", () => { audio.muted = !audio.muted; });
      on(".copy", "click", () => this.copyLink());
      on(".following", "change", (event) => {
        store.set("follow", event.target.checked);
        document.dispatchEvent(new Event("follow"));
      });
      on(".shortcuts", "change", (event) => store.set("shortcuts", event.target.checked));
      on(".again", "click", () => {
        const at = this.time;
        $(".trouble", this).hidden = true;
        this.whole = null;
        audio.src = this.source;
        this.goTo(at);
        this.play();
      });
      $(".bar", this).addEventListener("mousedown", (event) => {
        // the focus stays where it was, so that the space bar goes on to play and pause
        if (event.target.closest("button")) event.preventDefault();
      });
      const menu = $(".menu", this);
      document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
      menu.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && menu.open) { menu.open = false; $("summary", menu).focus(); event.stopPropagation(); }
      });
      for (const name of ["timeupdate", "seeking", "seeked", "play", "pause", "ended", "ratechange"]) {
        audio.addEventListener(name, () => this.show());
      }
      audio.addEventListener("loadedmetadata", () => {
        if (Number.isFinite(audio.duration)) this.setDuration(audio.duration);
        if (this.pending !== undefined) this.goTo(this.pending);
        this.show();
      });
      audio.addEventListener("play", () => this.frame());
      audio.addEventListener("pause", () => this.keep());
      audio.addEventListener("ended", () => { this.keep(); offerNext(); });
      setInterval(() => this.watchSleep(), 1000);
      audio.addEventListener("volumechange", () => {
        store.set("volume", audio.volume);
        store.set("muted", audio.muted);
        this.showVolume();
      });
      audio.addEventListener("error", () => {
        if (audio.error) this.fetchWhole();
      });
      addEventListener("pagehide", () => this.keep());
      document.addEventListener("visibilitychange", () => this.keep());
      document.addEventListener("language", () => { this.shown = ""; this.show(); this.showVolume(); this.showSkips(); });
      addEventListener("hashchange", () => {
        const wanted = moment();
        if (wanted !== null) this.goTo(wanted);
      });
      for (const chapter of $$(".chapters li a")) {
        chapter.addEventListener("click", (event) => {
          event.preventDefault();
          const at = $$(".chapters li a").indexOf(chapter);
          this.goTo(data.chapters[at][1]);
          this.play();
          document.dispatchEvent(new Event("return"));
        });
      }
    }

    get time() { return this.pending ?? this.audio.currentTime; }

    goTo(seconds) {
      const at = Math.min(Math.max(0, seconds), this.duration);
      this.pending = at;  // until the metadata are there
      if (this.canSeek(at)) {
        this.pending = undefined;
        this.audio.currentTime = at;
      } else if (this.audio.readyState) this.fetchWhole();
      document.dispatchEvent(new Event("jump"));
      this.show();
    }

    canSeek(at) {
      const { readyState, seekable } = this.audio;
      if (!readyState) return false;
      if (!seekable.length) return true;  // not known yet
      for (let part = 0; part < seekable.length; part++) {
        if (seekable.start(part) <= at && at <= seekable.end(part) + 1) return true;
      }
      return false;
    }

    // A web server that gives no parts of a file lets nobody seek (and Safari not even listen):
    // have the whole sound then, once.
    fetchWhole() {
      const { audio } = this;
      this.whole ||= (async () => {
        try {
          if (!location.protocol.startsWith("http")) throw new Error("a file is never fetched");
          const answer = await fetch(audio.src);
          if (!answer.ok) throw new Error(answer.status);
          tell(say("loading"));
          const sound = URL.createObjectURL(await answer.blob());
          const at = this.time, playing = !audio.paused;
          audio.src = sound;
          this.goTo(at);
          if (playing) this.play();
        } catch {
          $(".trouble", this).hidden = false;
        }
      })();
      if (audio.error && audio.src.startsWith("blob:")) $(".trouble", this).hidden = false;
    }

    play() { this.audio.play().catch((error) => { if (error.name === "NotAllowedError") this.show(); }); }
    toggle() { if (this.audio.paused) this.play(); else this.audio.pause(); }
    skip(seconds) { this.goTo(this.time + seconds); }

    showSkips() {
      for (const part of ["back", "forward"]) {
        const element = $("." + part, this);
        $("text", element).textContent = skips[part];
        element.dataset.n = skips[part];
        element.title = say(part, { n: skips[part] });
        element.setAttribute("aria-label", element.title);
      }
    }

    // The sleep timer: minutes of the clock, or the end of the chapter that sounds.
    sleepAfter(value) {
      this.sleepEnd = value === "end" ? Infinity : value ? Date.now() + 60000 * Number(value) : 0;
      this.sleepChapter = value === "end" ? this.chapterAt(this.time) : null;
      this.watchSleep();
    }

    watchSleep() {
      const note = $(".asleep", this);
      note.hidden = !this.sleepEnd;
      if (!this.sleepEnd) return;
      const ends = this.sleepEnd === Infinity;
      note.textContent = "☾ " + (ends ? "" : clock((this.sleepEnd - Date.now()) / 1000));
      const over = ends ? this.time >= this.endOf(this.sleepChapter) - 0.15 : Date.now() >= this.sleepEnd;
      if (!over) return;
      this.sleepEnd = 0;
      note.hidden = true;
      $(".sleep", this).value = "";
      if (!this.audio.paused) { this.audio.pause(); tell(say("asleep")); }
    }

    endOf(chapter) { return data.chapters[chapter + 1]?.[1] ?? this.duration; }

    setRate(speed) {
      const near = SPEEDS.reduce((best, one) => (Math.abs(one - speed) < Math.abs(best - speed) ? one : best));
      this.audio.defaultPlaybackRate = this.audio.playbackRate = near;
      this.rate.value = near;
      store.set("speed", near);
    }

    changeRate(step) {
      const at = SPEEDS.indexOf(Number(this.rate.value)) + step;
      this.setRate(SPEEDS[Math.min(Math.max(0, at), SPEEDS.length - 1)]);
      tell(say("speed") + " " + this.rate.value + "×");
    }

    // The chapter that sounds; -1 in the opening line, which is no chapter's.
    chapterAt(seconds) {
      // the silence just before the first belongs to it
      let found = data.chapters.length && data.chapters[0][1] - seconds < 1 ? 0 : -1;
      while (found + 1 < data.chapters.length && data.chapters[found + 1][1] <= seconds + 0.02) found++;
      return found;
    }

    chapter(step) {
      const here = this.chapterAt(this.time);
      const start = here < 0 ? 0 : data.chapters[here][1];
      if (step < 0 && this.time - start > 3) return this.goTo(start);
      const to = here + step;
      if (to < 0) this.goTo(0);
      else if (to < data.chapters.length) this.goTo(data.chapters[to][1]);
    }

    // Show where we are: every quarter second while it plays, and at once after a jump.
    show(preview) {
      const at = preview ?? (this.dragging ? Number(this.seek.value) : this.time);
      const shown = clock(at);
      if (!this.dragging) this.seek.value = at;
      $(".track", this).style.setProperty("--at", at / this.duration);
      if (this.shown !== shown + ui.language) {
        this.shown = shown + ui.language;
        $(".now", this).textContent = shown;
        const left = this.duration - at;
        $(".all", this).textContent = "-" + clock(left);
        $(".rest", this).textContent = data.chapters.length > 1 ? "-" + clock(this.endOf(this.chapterAt(at)) - at) : "";
        $(".left", this.big).textContent = at > 3 ? say("remaining", { a: spokenLength(left) }) : spokenLength(left);
        this.seek.setAttribute("aria-valuetext", say("of", { a: shown, b: clock(this.duration) }));
      }
      const state = this.audio.paused ? "play" : "pause";
      if (this.playButton.dataset.iLabel !== state || !this.playButton.title) {
        this.playButton.dataset.iLabel = state;
        this.playButton.innerHTML = icons[state];
      }
      const task = state === "pause" ? "pause" : this.audio.ended ? "listen_again" : at > 3 ? "go_on" : "listen";
      if (this.big.dataset.shown !== task + ui.language) {
        this.big.dataset.shown = task + ui.language;
        $("svg", this.big).outerHTML = icons[state];
        $(".do", this.big).dataset.i = task;
        $(".do", this.big).textContent = say(task);
      }
      this.playButton.title = say(state);
      this.playButton.setAttribute("aria-label", say(state));
      const here = this.chapterAt(at);
      if (here !== this.here) {
        this.here = here;
        $(".playing", this).textContent = here < 0 ? data.title : data.chapters[here][0];
        $$(".chapters li a").forEach((one, number) => {
          if (number === here) one.setAttribute("aria-current", "true");
          else one.removeAttribute("aria-current");
        });
        this.describe();
      }
      if (preview === undefined) document.dispatchEvent(new CustomEvent("moment", { detail: this.time }));
      if (this.sleepEnd === Infinity) this.watchSleep();
      if (!this.audio.paused && Math.abs(at - (this.keptAt ?? -9)) > 5) this.keep();
    }

    showVolume() {
      const mute = $(".loudness button", this);
      const silent = this.audio.muted || !this.audio.volume;
      mute.innerHTML = silent ? icons.silent : icons.loud;
      mute.dataset.iLabel = silent ? "unmute" : "mute";
      mute.title = say(mute.dataset.iLabel);
      mute.setAttribute("aria-label", mute.title);
      const volume = $(".volume", this);
      volume.value = this.audio.muted ? 0 : this.audio.volume;
      volume.style.setProperty("--at", volume.value);
    }

    // Words pass quicker than four times a second: follow the sound frame by frame while it plays.
    frame() {
      cancelAnimationFrame(this.next);
      if (this.audio.paused) return;
      document.dispatchEvent(new CustomEvent("moment", { detail: this.time }));
      this.next = requestAnimationFrame(() => this.frame());
    }

    keep() {
      if (!this.audio.readyState) return;
      this.keptAt = this.time;
      const all = positions();
      const heard = all[day]?.heard || this.time > this.duration - HEARD_S;
      if (!this.time && !heard) return;
      all[day] = { at: Math.round(this.time * 100) / 100, when: Date.now(), of: Math.round(this.duration), heard };
      const newest = Object.entries(all).sort((a, b) => b[1].when - a[1].when).slice(0, 400);
      store.set("position", Object.fromEntries(newest));
      markShelf();
    }

    async copyLink() {
      const copied = await copyText(linkTo(this.time));
      if (!copied) history.replaceState(null, "", new URL(linkTo(this.time)).hash);
      tell(say(copied ? "copied" : "not_copied"));
    }

    mediaSession() {
      const session = navigator.mediaSession;
      if (!session) return;
      const actions = {
        play: () => this.play(),
        pause: () => this.audio.pause(),
        seekbackward: (event) => this.skip(-(event.seekOffset || skips.back)),
        seekforward: (event) => this.skip(event.seekOffset || skips.forward),
        previoustrack: () => this.chapter(-1),
        nexttrack: () => this.chapter(1),
        seekto: (event) => this.goTo(event.seekTime),
        stop: () => this.audio.pause(),
      };
      for (const [name, action] of Object.entries(actions)) {
        try { session.setActionHandler(name, action); } catch { /* not known to this browser */ }
      }
      const place = () => {
        try {
          session.setPositionState({ duration: this.duration, playbackRate: this.audio.playbackRate, position: Math.min(this.time, this.duration) });
        } catch { /* not known to this browser */ }
      };
      for (const name of ["play", "pause", "seeked", "ratechange"]) this.audio.addEventListener(name, place);
    }

    describe() {
      if (!navigator.mediaSession || !window.MediaMetadata) return;
      const artwork = data.cover && location.protocol !== "file:" ? [{ src: new URL(data.cover, location.href).href, sizes: "1400x1400", type: "image/png" }] : [];
      navigator.mediaSession.metadata = new MediaMetadata({
        title: data.chapters[this.here]?.[0] || data.title, artist: data.title, album: data.date, artwork,
      });
    }
  }

  // The address of a moment of this edition, which lasts.
  function linkTo(seconds, quote = "") {
    const url = new URL(data.page || "", location.href);
    url.hash = "t=" + Math.round(seconds * 10) / 10 + quote;
    return url.href;
  }

  async function copyText(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const field = document.createElement("textarea");
      field.value = text;
      document.body.append(field);
      field.select();
      const copied = document.execCommand("copy");
      field.remove();
      return copied;
    }
  }

  // "1 h 5 min" as the listener's language says it, never less than a minute.
  function spokenLength(seconds) {
    const minutes = Math.max(1, Math.round(seconds / 60)), hours = Math.floor(minutes / 60);
    const parts = [];
    if (hours) parts.push(say("hours", { n: hours }));
    if (!hours || minutes % 60) parts.push(say("minutes", { n: minutes % 60 }));
    return parts.join(say("and"));
  }

  // #t=83.5 (seconds) or #t=1:23 or #t=1:01:23
  function moment() {
    const found = /^#t=(?:npt:)?(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)/.exec(location.hash);
    return found ? Number(found[1] || 0) * 3600 + Number(found[2] || 0) * 60 + Number(found[3]) : null;
  }

  // Letters as a reader searches for them: no vowels, one alef, one yaa, one haa. A hamza on a seat
  // is the seat, as it is typed in a hurry (رييس), or else any seat, since writers differ on which
  // (مسؤول, مسئول).
  // Lines stay lines, so that many sentences are folded at a time.
  const SAME = { أ: "ا", إ: "ا", آ: "ا", ٱ: "ا", ى: "ي", ی: "ي", ة: "ه", ک: "ك" };
  const fold = (text, seats) => {
    const whole = text.normalize("NFKC").toLowerCase();
    return (seats ? whole.replace(/ؤ/g, "و").replace(/ئ/g, "ي") : whole.replace(/[ؤئ]/g, "ء"))
      .replace(/[أإآٱىیةک]/g, (letter) => SAME[letter])
      .normalize("NFKD").replace(/[\p{Mn}\p{Cf}\u0640]+/gu, "")
      .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 15))
      .replace(/[^\S\n]+/g, " ");
  };
  const letters = [new Map(), new Map()];
  const foldLetter = (letter, seats) => {
    const known = letters[Number(seats)];
    if (!known.has(letter)) known.set(letter, fold(letter, seats).trim());
    return known.get(letter);
  };
  const SPAN = /<span class="s" id="s-(\d+)">([^<]*)<\/span>/g;
  const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'" };
  const plainText = (html) => html.replace(/&(#?\w+);/g, (_, name) => ENTITIES[name]);
  const idle = globalThis.requestIdleCallback || ((action) => setTimeout(action, 60));

  // A single letter is everywhere: it waits for the next. A search of more begins at once, as it gives
  // way to the next letter anyway.
  const LETTER_MS = 250, SEARCH_MS = 20, PAINT_MS = 50;

  class ReadAlong extends HTMLElement {
    connectedCallback() {
      this.player = $("briefing-player");
      this.starts = data.times.filter((_, at) => at % 2 === 0);
      // The text in blocks: what is there already, and each chapter that is still a string.
      this.plain = $$(".s", this);
      this.blocks = [{ first: 0 }, ...$$("noscript", this).map((place) => ({ first: Number(place.dataset.s), place }))];
      this.words = null;
      this.now = -1;
      this.following = true;
      this.ours = 0;
      $(".up", this).innerHTML = icons.up;
      $(".down", this).innerHTML = icons.down;
      this.back = document.createElement("button");
      this.back.type = "button";
      this.back.className = "return";
      this.back.dataset.i = "return";
      this.back.textContent = say("return");
      this.back.hidden = true;
      document.body.append(this.back);
      this.word = globalThis.Highlight && CSS.highlights ? new Highlight() : null;
      this.found = this.word ? new Highlight() : null;
      if (this.word) { CSS.highlights.set("word", this.word); CSS.highlights.set("found", this.found); }
      this.listen();
      this.prepare();
    }

    // In idle time: turn the deferred chapters into elements, and fold the text for the search.
    prepare() {
      const next = (rest) => {
        const block = this.blocks.find((row) => row.place || !row.folded);
        if (!block) return;
        if (block.place) this.render(block); else this.index(block);
        if (rest?.timeRemaining?.() > 20) next(rest); else idle(next);
      };
      setTimeout(() => idle(next), 300);
      addEventListener("beforeprint", () => this.blocks.forEach((block) => this.render(block)));
    }

    render(block) {
      if (!block.place) return;
      block.html = block.place.textContent;
      const part = document.createElement("template");
      part.innerHTML = block.html;
      nameTimes(part.content);
      block.place.replaceWith(part.content);
      block.place = null;
      this.markHits(block);
    }

    blockOf(at) { return this.blocks.findLast((block) => block.first <= at); }

    // A sentence's element; its chapter is made if it is not there yet.
    sentence(at) {
      if (at < 0 || at >= this.starts.length) return undefined;
      const find = () => document.getElementById("s-" + at);
      return find() || (this.render(this.blockOf(at)), find());
    }

    // Fold a block's text: of the elements, or of the string that they are made from.
    index(block) {
      if (block.folded) return;
      let rows;
      if (block === this.blocks[0]) rows = this.plain.map((span) => [Number(span.id.slice(2)), span.textContent]);
      else rows = [...(block.html || block.place.textContent).matchAll(SPAN)].map((match) => [Number(match[1]), plainText(match[2])]);
      block.html = null;
      block.numbers = rows.map((row) => row[0]);
      block.text = rows.map((row) => row[1].replace(/\n/g, " ")).join("\n");
      block.folded = [fold(block.text, true), null];
    }

    listen() {
      document.addEventListener("moment", (event) => this.at(event.detail));
      document.addEventListener("jump", () => { this.jumped = this.following = true; });
      this.addEventListener("click", (event) => {
        const link = event.target.closest("a.t");
        const sentence = event.target.closest(".s");
        if (link) {
          event.preventDefault();
          this.hear(Number(link.hash.slice(3)));
        } else if (sentence && getSelection().isCollapsed) {
          this.hear(data.times[2 * Number(sentence.id.slice(2))] / 1000);
        }
      });
      const moved = () => {
        if (performance.now() < this.ours) return;
        this.following = this.inView();
        this.showReturn();
      };
      addEventListener("scroll", moved, { passive: true });
      for (const name of ["wheel", "touchmove", "pointerdown"]) {
        addEventListener(name, () => { this.ours = 0; }, { passive: true });
      }
      addEventListener("keydown", (event) => {
        if (/^(Page|Home|End|ArrowUp|ArrowDown)/.test(event.key)) this.ours = 0;
      });
      addEventListener("scrollend", () => { this.ours = Math.min(this.ours, performance.now() + 50); });
      this.back.addEventListener("click", () => this.comeBack());
      document.addEventListener("return", () => this.comeBack());
      document.addEventListener("follow", () => this.showReturn());
      const field = $("input", this);
      const form = $("form", this);
      let timer;
      field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => this.search(field.value), field.value.length === 1 ? LETTER_MS : 0); });
      form.addEventListener("submit", (event) => { event.preventDefault(); if (field.value === this.sought) this.hit(1); else { clearTimeout(timer); this.search(field.value); } });
      field.addEventListener("keydown", (event) => {
        if (event.key === "Escape") { field.value = ""; this.search(""); field.blur(); }
        if (event.key === "Enter" && event.shiftKey) { event.preventDefault(); this.hit(-1); }
      });
      $(".up", this).addEventListener("click", () => this.hit(-1));
      $(".down", this).addEventListener("click", () => this.hit(1));
      document.addEventListener("language", () => { field.placeholder = say("search"); this.showHits(); });
    }

    hear(seconds) {
      this.player.goTo(seconds);
      this.player.play();
    }

    // The sentence that sounds at a time: the last that has begun, until the next begins.
    indexAt(seconds) {
      const time = Math.round(seconds * 1000) + 1;
      let low = 0, high = this.starts.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (this.starts[middle] <= time) low = middle + 1; else high = middle;
      }
      return low - 1;
    }

    at(seconds) {
      const now = this.indexAt(seconds);
      if (now !== this.now) {
        this.mark(this.now, false);
        this.now = now;
        this.mark(now, true);
        if (!this.following && this.inView()) this.following = true;
        this.follow();
      }
      this.showWord(seconds);
    }

    mark(at, on) {
      const sentence = this.sentence(at);
      if (!sentence) return;
      sentence.classList.toggle("now", on);
      if (on) sentence.setAttribute("aria-current", "true"); else sentence.removeAttribute("aria-current");
    }

    // The words of a sentence, as article_html.py writes them: [units before it, its own units,
    // hundredths of a second since the word before] of each, in one list.
    wordsOf(at) {
      this.words ||= $("#words").textContent.split("\n");
      const line = this.words[at] || "", list = [];
      let value = 0, place = 0;
      const number = () => {
        for (value = 0; line.charCodeAt(place) < 63; place++) value = 16 * value + line.charCodeAt(place) - 35;
        return 64 * value + line.charCodeAt(place++) - 63;
      };
      while (place < line.length) {
        const units = number();
        list.push(units % 2 ? number() : 1, units >> 1, number());
      }
      return list;
    }

    showWord(seconds) {
      if (!this.word) return;
      const sentence = this.sentence(this.now);
      const numbers = this.wordsOf(this.now);
      let range = null;
      if (sentence && numbers.length) {
        const time = seconds * 100 - Math.round(this.starts[this.now] / 10) + 0.5;
        let place = 0, start = 0;
        for (let at = 0; at < numbers.length; at += 3) {
          place += numbers[at];
          start += numbers[at + 2];
          if (start > time) break;
          range = [place, place + numbers[at + 1]];
          place += numbers[at + 1];
        }
      }
      const shown = range && this.now + ":" + range;
      if (shown === this.shownWord) return;
      this.shownWord = shown;
      this.word.clear();
      if (range) this.word.add(this.range(this.now, range[0], range[1]));
    }

    range(at, start, end) {
      const text = this.sentence(at).firstChild;
      const range = new Range();
      range.setStart(text, Math.min(start, text.length));
      range.setEnd(text, Math.min(end, text.length));
      return range;
    }

    // Scrolling: only when the sentence leaves the view, and never against the reader's hand.
    inView() {
      const sentence = this.sentence(this.now);
      if (!sentence) return true;
      const box = sentence.getBoundingClientRect();
      return box.bottom > 0 && box.top < innerHeight - $(".bar").offsetHeight;
    }

    follow() {
      this.showReturn();
      const sentence = this.sentence(this.now);
      if (!sentence || !this.following || !store.get("follow", true) || this.player.audio.paused && !this.jumped) return;
      this.jumped = false;
      const box = sentence.getBoundingClientRect();
      const bottom = innerHeight - $(".bar").offsetHeight;
      if (box.top > 70 && box.bottom < bottom - 50) return;
      this.reveal(sentence);
    }

    reveal(element) {
      const far = Math.abs(element.getBoundingClientRect().top) > 2 * innerHeight;
      const smooth = !calm.matches && !far;
      this.ours = performance.now() + (smooth ? 1500 : 300);
      element.scrollIntoView({ block: "center", behavior: smooth ? "smooth" : "instant" });
    }

    comeBack() {
      this.following = true;
      const sentence = this.sentence(this.now);
      if (sentence) this.reveal(sentence);
      this.showReturn();
    }

    showReturn() {
      this.back.hidden = this.following || !store.get("follow", true) || this.now < 0;
    }

    step(by) {
      const to = Math.min(Math.max(0, this.now + by), this.starts.length - 1);
      if (this.starts.length) { this.player.goTo(this.starts[to] / 1000); }
    }

    // Block by block: the first hit shows at once, the others are counted while it is looked at.
    search(text) {
      for (const span of $$(".s.hit, .s.hit-now", this)) span.classList.remove("hit", "hit-now");
      this.hitList = [];
      this.hitAt = -1;
      this.hitWays = new Map();
      this.sought = text;
      this.asked = [true, false].map((seats) => fold(text, seats).trim());
      if (this.found) this.found.clear();
      const left = this.unsearched = this.asked[0] ? [...this.blocks] : [];
      const next = () => {
        if (this.unsearched !== left) return;  // another search began
        const end = performance.now() + SEARCH_MS;
        const first = !this.hitWays.size;
        while (left.length && performance.now() < end && !(first && this.hitWays.size)) {
          const block = left.shift();
          this.searchIn(block);
          if (!block.place) this.markHits(block);
        }
        const now = this.hitList[this.hitAt];
        this.hitList = [...this.hitWays.keys()].sort((a, b) => a - b);
        this.hitAt = this.hitList.indexOf(now);
        if (this.hitAt < 0) this.hit(1);
        if (left.length) requestAnimationFrame(() => setTimeout(next, first ? PAINT_MS : 0)); else this.showHits();
      };
      next();
    }

    // A hamza on a seat counts as the seat, or as any seat.
    searchIn(block) {
      this.index(block);
      this.asked.forEach((wanted, way) => {
        if (way && !wanted.includes("ء")) return;  // only a hamza differs
        const text = block.folded[way] ??= fold(block.text, false);
        let line = 0, passed = 0;
        for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
          for (let end = text.indexOf("\n", passed); end >= 0 && end < at; end = text.indexOf("\n", passed)) {
            line++;
            passed = end + 1;
          }
          const number = block.numbers[line];
          if (!this.hitWays.has(number)) this.hitWays.set(number, way);
          at = text.indexOf("\n", at);
          if (at < 0) break;
        }
      });
    }

    // Mark the hits of a block whose elements are there; of thousands, only the first hundreds.
    markHits(block) {
      if (!block.numbers || !this.hitWays?.size) return;
      for (const at of block.numbers) {
        if (!this.hitWays.has(at)) continue;
        if (this.found && this.found.size > 500) return;
        const way = this.hitWays.get(at);
        document.getElementById("s-" + at).classList.add("hit");
        if (this.found) this.showFound(at, this.asked[way], !way);
      }
    }

    // Where in the sentence as written a folded text stands: grow a window character by character.
    showFound(at, wanted, seats) {
      const text = this.sentence(at).textContent;
      const letters = [], places = [];
      for (const match of text.matchAll(/[\s\S]/gu)) {
        const bare = /\s/.test(match[0]) ? " " : foldLetter(match[0], seats);
        const end = match.index + match[0].length;
        if (!bare && places.length) places.at(-1)[1] = end;  // a vowel mark
        for (const letter of bare) {
          if (letter === " " && letters.at(-1) === " ") continue;
          letters.push(letter);
          places.push([match.index, end]);
        }
      }
      const joined = letters.join("");
      for (let from = joined.indexOf(wanted); from >= 0; from = joined.indexOf(wanted, from + wanted.length)) {
        this.found.add(this.range(at, places[from][0], places[from + wanted.length - 1][1]));
      }
    }

    hit(by) {
      const list = this.hitList || [];
      if (!list.length) return;
      if (this.hitAt >= 0) this.sentence(list[this.hitAt]).classList.remove("hit-now");
      this.hitAt = (this.hitAt + by + list.length) % list.length;
      const sentence = this.sentence(list[this.hitAt]);
      sentence.classList.add("hit-now");
      this.reveal(sentence);
      this.following = false;
      this.showHits();
      this.showReturn();
    }

    showHits() {
      const list = this.hitList || [];
      const asked = $("input", this).value.trim();
      const more = this.unsearched?.length ? "+" : "";
      $(".hits", this).textContent = !asked ? "" : list.length ? say("hits", { a: this.hitAt + 1, b: list.length + more }) : more ? "" : say("no_hits");
      $(".up", this).hidden = $(".down", this).hidden = list.length < 2;
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    if (!store.get("shortcuts", true)) return;
    const player = $("briefing-player"), text = $("read-along");
    const target = event.target;
    const range = target.matches("input[type=range]");
    if (common.takesText(target)) return;
    const key = common.keyOf(event);
    if (key === " " && target.matches("button, summary, input[type=checkbox]")) return;
    if (key.startsWith("Arrow") && range) return;
    const actions = {
      " ": () => player.toggle(),
      k: () => player.toggle(),
      j: () => player.skip(-skips.back),
      l: () => player.skip(skips.forward),
      ArrowLeft: () => player.skip(-ARROW_S),
      ArrowRight: () => player.skip(ARROW_S),
      "[": () => player.changeRate(-1),
      "]": () => player.changeRate(1),
      ",": () => text.step(-1),
      ".": () => text.step(1),
      "/": () => $(".search input").focus(),
    };
    if (actions[key]) { event.preventDefault(); actions[key](); }
  });

  // A new edition: the list of the shelf is looked at now and then, from any web server.
  const LOOK_MS = 15000;
  let offered = "";
  async function look() {
    if (document.hidden) return;
    try {
      const answer = await fetch(data.shelf, { cache: "no-cache" });
      if (!answer.ok) return;
      warn(JSON.parse(answer.headers.get("Briefing-Trouble") || "[]").find((one) => one.name === data.name));
      const { editions } = await answer.json();
      shelfRows = editions;
      if (data.latest) list(editions);
      const fresh = editions.find((one) => one.name === data.name && !one.kept);
      if (!fresh || fresh.digest === data.digest || fresh.digest === offered) return;
      if (data.latest && fresh.date !== data.date) return;  // an older edition was opened on purpose
      offered = fresh.digest;
      offer(fresh);
    } catch { /* no connection: next time */ }
  }
  // A build that failed, as `briefing listen` tells it; why, it tells this machine alone.
  function warn(trouble) {
    $(".failed")?.remove();
    if (!trouble || data.latest) return;
    const box = document.createElement("div");
    box.className = "failed";
    box.setAttribute("role", "status");
    const when = new Intl.DateTimeFormat(ui.locale, { dateStyle: "long", timeStyle: "short" });
    box.innerHTML = '<p><strong data-i="failed"></strong> <time></time></p><p dir="auto"></p>';
    $("strong", box).textContent = say("failed");
    $("time", box).textContent = when.format(new Date(trouble.when));
    if (trouble.message) box.lastChild.textContent = trouble.message; else box.lastChild.remove();
    $(".head").append(box);
  }
  // The page of a kept edition is not written again when others come: it lists them from here.
  let shelfRows = [];
  function list(editions) {
    const shelf = $("#shelf"), rows = editions.filter((row) => row.kept);
    if ($("ul", shelf) || !rows.length) return;
    const names = [...new Set(editions.map((row) => row.name))];
    const parts = [];
    for (const name of names) {
      const mine = rows.filter((row) => row.name === name);
      if (!mine.length) continue;
      if (names.length > 1) {
        const heading = make("h3", "");
        heading.append(make("bdi", mine[0].title, { lang: mine[0].language }));
        parts.push(heading);
      }
      const part = make("ul", "");
      part.append(...mine.map((row) => item(row, mine[0].title, editions)));
      parts.push(part);
    }
    shelf.append(...parts);
    speakLanguage();
    markShelf();
  }
  const make = (tag, value, more = {}) => Object.assign(document.createElement(tag), { textContent: value }, more);
  const address = (row) => data.shelf.replace(/[^/]*$/, "") + encodeURI(row.page);
  function item(row, usual, editions) {
    const counted = (name, n) => {
      const span = make("span", say(name, { n }));
      span.dataset.i = name;
      span.dataset.n = n;
      return span;
    };
    const link = make("a", "", { href: address(row) });
    if (key(row) === day) link.setAttribute("aria-current", "page");
    const minutes = Math.round(row.duration_s / 60), hours = Math.floor(minutes / 60);
    const length = make("span", "");
    if (hours) length.append(counted("hours", hours));
    if (hours && minutes % 60) length.append(make("span", say("and")));
    if (!hours || minutes % 60) length.append(counted("minutes", minutes % 60));
    const facts = make("span", "", { className: "details facts" });
    facts.append(length, " ", counted("articles", row.articles));
    facts.lastChild.replaceWith(make("span", ""));
    facts.lastChild.append(counted("articles", row.articles));
    if (row.title !== usual) {
      const title = make("span", "");
      title.append(make("bdi", row.title, { lang: row.language }));
      facts.append(" ", title);
    }
    const edition = make("span", "", { className: "edition" });
    edition.append(make("time", row.date, { dateTime: row.date }));
    link.append(edition, facts);
    const line = make("li", "");
    line.dataset.key = key(row);
    line.dataset.s = row.duration_s;
    if (editions.some((other) => !other.kept && key(other) === key(row))) line.dataset.latest = "";
    line.append(link);
    if (row.book) {
      const book = make("a", say("book"), { className: "book", href: data.shelf.replace(/[^/]*$/, "") + encodeURI(row.book), download: `${row.name}-${row.date}.epub` });
      book.dataset.i = "book";
      line.append(book);
    }
    return line;
  }

  // What the listener has heard of each edition on the shelf, and what is kept on the device.
  function markShelf() {
    const places = positions(), stored = store.get("kept", {});
    if (!$("#shelf ul")) return;
    for (const line of $$(".shelf li[data-key]")) {
      const link = $("a", line), place = places[line.dataset.key];
      for (const old of $$(".mark, progress", link)) old.remove();
      const mark = (name) => {
        const span = make("span", say(name), { className: "mark " + name });
        span.dataset.i = name;
        $(".edition", link).append(span);
      };
      if (stored[line.dataset.key]) mark("offline");
      if (place?.heard) mark("heard");
      else if (place?.at > 3) {
        const bar = make("progress", "", { max: Number(line.dataset.s) || 1, value: place.at });
        bar.setAttribute("aria-label", say("remaining", { a: spokenLength(line.dataset.s - place.at) }));
        bar.title = bar.getAttribute("aria-label");
        link.append(bar);
      } else if ("latest" in line.dataset) mark("new");
    }
  }

  // What comes after this edition: its briefing's next unheard one, else another briefing's newest.
  function nextEdition() {
    const places = positions();
    const rows = shelfRows.length ? shelfRows.map((row) => ({ ...row, key: key(row), href: address(row), latest: !row.kept }))
      : $$(".shelf li[data-key]").map((line) => {
        const [, name, date] = /^(.*) (\S+)$/.exec(line.dataset.key);
        return { key: line.dataset.key, name, date, title: $("h3", line.parentNode.previousElementSibling?.parentNode || line)?.textContent || data.title,
          href: $("a", line).getAttribute("href"), latest: "latest" in line.dataset };
      });
    const unheard = rows.filter((row) => row.key !== day && !places[row.key]?.heard);
    const later = unheard.filter((row) => row.name === data.name && row.date > data.date).sort((a, b) => (a.date < b.date ? -1 : 1));
    if (later.length) return later[0];
    const names = [...new Set(rows.map((row) => row.name))];
    const place = (name) => (names.indexOf(name) - names.indexOf(data.name) + names.length) % names.length;
    return unheard.filter((row) => row.latest && row.name !== data.name).sort((a, b) => place(a.name) - place(b.name))[0];
  }
  function offerNext() {
    const row = nextEdition();
    if (!row) return;
    const href = new URL(row.href, location.href);
    href.hash = "play";
    if (store.get("go_on", false)) { location.href = href.href; return; }
    box(say("next_briefing", { a: row.title + (row.name === data.name ? " · " + row.date : "") }), "play", () => { location.href = href.href; });
  }

  // A box at the top with something to do or to leave.
  function box(title, action, act) {
    $(".offer")?.remove();
    const element = make("div", "", { className: "offer" });
    element.setAttribute("role", "status");
    const words = make("p", "");
    words.append(make("strong", title, { dir: "auto" }));
    const yes = make("button", say(action), { type: "button", className: "open" });
    const no = make("button", say("later"), { type: "button", className: "later" });
    yes.dataset.i = action;
    no.dataset.i = "later";
    yes.addEventListener("click", act);
    no.addEventListener("click", () => element.remove());
    element.append(words, yes, no);
    document.body.append(element);
    return element;
  }
  function offer(fresh) {
    const title = fresh.date === data.date ? "updated_edition" : "new_edition";
    const element = box(say(title), "open_it", () => { $("briefing-player").keep(); location.reload(); });
    $("strong", element).dataset.i = title;
  }

  // A selection in the text can be shared as a quote, with a link to its words and its time.
  function shareQuotes(player, text) {
    const share = make("button", say("share_quote"), { type: "button", className: "quote", hidden: true });
    share.dataset.i = "share_quote";
    document.body.append(share);
    let quote = "", seconds = 0;
    document.addEventListener("selectionchange", () => {
      const selection = getSelection();
      const inside = !selection.isCollapsed && $("article").contains(selection.anchorNode) && $("article").contains(selection.focusNode);
      quote = inside ? selection.toString().replace(/\s+/g, " ").trim() : "";
      share.hidden = !quote;
      document.documentElement.classList.toggle("quoting", Boolean(quote));
      if (!quote) return;
      const node = selection.getRangeAt(0).startContainer;
      const element = node.nodeType === 1 ? node : node.parentElement;
      const start = element.closest(".s") || $(".s", element);
      seconds = start ? data.times[2 * Number(start.id.slice(2))] / 1000 : player.time;
    });
    share.addEventListener("mousedown", (event) => event.preventDefault());  // the selection stays
    share.addEventListener("click", async () => {
      const url = linkTo(seconds, ":~:text=" + textFragment(quote));
      const words = say("quoted", { a: quote });
      share.hidden = true;
      if (navigator.share && matchMedia("(pointer: coarse)").matches) {
        try { await navigator.share({ title: data.title, text: words, url }); return; } catch (error) { if (error.name === "AbortError") return; }
      }
      tell(say(await copyText(words + "\n" + data.title + " · " + data.date + "\n" + url) ? "quote_copied" : "not_copied"));
    });
  }
  // https://wicg.github.io/scroll-to-text-fragment/: its own signs are escaped; a long quote is
  // named by its first and last words.
  function textFragment(quote) {
    const escaped = (words) => encodeURIComponent(words).replace(/-/g, "%2D");
    const words = quote.split(" ");
    return words.length < 12 ? escaped(quote) : escaped(words.slice(0, 4).join(" ")) + "," + escaped(words.slice(-4).join(" "));
  }

  // Editions without a network: the page puts them into a cache, the worker answers from it.
  const CACHE = "briefing " + new URL(data.worker.replace(/[^/]*$/, "") || ".", location.href).pathname;
  function offerKeeping() {
    const button = $(".keep");
    if (!web) return;
    if (!root.classList.contains("keeps")) {
      $(".no-offline").hidden = false;
      return;
    }
    const sound = new URL($("briefing-player").source).href;
    const pages = [new URL(data.page || location.pathname, location.href).href];
    const work = async () => {
      try { await navigator.serviceWorker.register(data.worker); } catch { root.classList.remove("keeps"); }
    };
    let kept = false;
    const show = (text) => {
      button.textContent = text || say(kept ? "unkeep" : "keep", { a: say("mb", { a: Math.max(0.1, data.bytes / 1e6).toFixed(data.bytes < 1e7 ? 1 : 0) }) });
      button.setAttribute("aria-pressed", kept);
    };
    const note = (value) => {
      const all = store.get("kept", {});
      kept = value;
      if (value) all[day] = data.bytes; else delete all[day];
      store.set("kept", all);
      show();
      markShelf();
    };
    const look = async () => {
      const there = Boolean(await (await caches.open(CACHE)).match(sound));
      if (there !== Boolean(store.get("kept", {})[day])) note(there); else { kept = there; show(); }
    };
    const put = async () => {
      const cache = await caches.open(CACHE);
      const room = await navigator.storage?.estimate?.();
      if (room?.quota && room.quota - room.usage < data.bytes * 1.1) throw new Error("room");
      for (const url of [...pages, ...data.offline, data.shelf]) {
        const answer = await fetch(url, { cache: "no-cache" });
        if (answer.ok) await cache.put(url, answer);
      }
      const answer = await fetch(sound);
      if (!answer.ok) throw new Error(answer.status);
      const parts = [], reader = answer.body.getReader();
      let size = 0;
      for (let step = await reader.read(); !step.done; step = await reader.read()) {
        parts.push(step.value);
        size += step.value.length;
        show(say("keeping", { a: Math.min(100, Math.floor(100 * size / data.bytes)) }));
      }
      await cache.put(sound, new Response(new Blob(parts), { headers: { "Content-Type": answer.headers.get("Content-Type") || "audio/mpeg" } }));
      navigator.storage?.persist?.();
    };
    button.addEventListener("click", async () => {
      button.disabled = true;
      const cache = await caches.open(CACHE);
      if (kept) {
        for (const url of [...pages, sound]) await cache.delete(url);
        note(false);
        tell(say("removed"));
      } else {
        try {
          await work();
          await put();
          note(true);
        } catch (error) {
          await cache.delete(sound);
          note(false);
          tell(say(error.message === "room" || error.name === "QuotaExceededError" ? "not_enough_room" : "not_kept"));
        }
      }
      button.disabled = false;
    });
    document.addEventListener("language", () => show());
    show();
    look();
    const standalone = matchMedia("(display-mode: standalone)").matches;
    if (standalone || Object.keys(store.get("kept", {})).length) work();
    addEventListener("beforeinstallprompt", (event) => {
      event.preventDefault();
      const install = $(".install");
      install.hidden = false;
      $("button", install).onclick = async () => { install.hidden = true; await work(); event.prompt(); };
    });
  }

  document.addEventListener("drawn", () => {
    const languageButton = $(".language");
    languageButton.hidden = false;
    languageButton.addEventListener("click", common.changeLanguage);
    const shelf = $(".shelf");
    $('a[href="#shelf"]').addEventListener("click", () => { shelf.open = true; });
    $(".all-headlines")?.addEventListener("click", () => $(".chapters").classList.add("whole"));
    const copyFeed = $(".copy-feed"), address = $(".address");
    if (address && address.value === address.dataset.feed) address.value = new URL(address.dataset.feed, location.href).href;
    copyFeed?.addEventListener("click", async () => {
      address.select();
      tell(say(await copyText(address.value) ? "copied" : "not_copied"));
    });
    customElements.define("briefing-player", Player);
    customElements.define("read-along", ReadAlong);
    if (root.dataset.written === ui.language) {
      for (const part of [$(".bar"), $(".search")]) speakLanguage(part);
    } else speakLanguage();
    const text = $("read-along"), player = $("briefing-player");
    text.at(player.time);
    const typed = $(".search input").value;  // before there was a script to search it
    if (typed) text.search(typed);
    if (location.hash === "#play") {
      history.replaceState(null, "", location.pathname + location.search);
      player.play();
    }
    if (moment() !== null || player.resumed) {
      const sentence = text.sentence(text.now);
      if (sentence && moment() !== null) text.reveal(sentence);
      if (player.resumed) tell(say("resumed", { a: clock(player.resumed) }));
    }
    setTimeout(() => {  // what nobody needs at once
      nameTimes(document);
      markShelf();
      shareQuotes(player, text);
      offerKeeping();
      root.classList.remove("turning");
    });
    document.addEventListener("language", () => { nameTimes(document); markShelf(); });
    if (web) {
      setTimeout(look, 500);
      setInterval(look, LOOK_MS);
      document.addEventListener("visibilitychange", look);
    }
  });
})();
