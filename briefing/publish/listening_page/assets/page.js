"use strict";
// The page's two elements: <briefing-player> around the browser's own audio element, and
// <read-along> around the text. Without this script the page is that audio element and that text.
(() => {
  const { data, root, $, $$, store, ui, say, speakLanguage, tell } = common;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  const writtenDates = new Map();
  document.addEventListener("language", () => {
    for (const element of $$("a.t")) {
      element.setAttribute("aria-label", say("listen_from", { a: element.textContent }));
    }
    const written = { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
    for (const element of $$("time[datetime]")) {
      if (!writtenDates.has(element)) writtenDates.set(element, element.textContent);
      const known = writtenDates.get(element);
      element.textContent = data.written === ui.language && known !== element.dateTime ? known
        : new Intl.DateTimeFormat(ui.locale, written).format(new Date(element.dateTime));
    }
  });

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
    back: icon('<path d="M12 5V1.5L7 5.8l5 4.2V7a6 6 0 1 1-6 6H4a8 8 0 1 0 8-8z"/><text x="12" y="16.2">15</text>'),
    forward: icon('<path d="M12 5V1.5l5 4.3-5 4.2V7a6 6 0 1 0 6 6h2a8 8 0 1 1-8-8z"/><text x="12" y="16.2">30</text>'),
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
  const BACK_S = 15, ON_S = 30, ARROW_S = 5;
  const day = data.name + " " + data.date;

  class Player extends HTMLElement {
    connectedCallback() {
      const audio = this.audio = $("audio", this);
      this.source = audio.src;
      audio.removeAttribute("controls");
      this.duration = data.duration;
      this.insertAdjacentHTML("beforeend", `
<div class="bar" role="region" data-i-label="player">
 <p class="playing" dir="auto" lang="${data.language.replace(/[^\w-]/g, "")}"></p>
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
    <button type="button" class="copy" data-i="copy"></button>
    <a class="download" data-i="download"></a>
    <label><input type="checkbox" class="following"> <span data-i="follow"></span></label>
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
      const link = $(".files a[download]", this);
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
      $(".all", this).textContent = clock(seconds);
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
      const kept = store.get("position", {})[day];
      if (wanted !== null) this.goTo(wanted);
      else if (kept && kept.at > 3 && kept.at < this.duration - 5) {
        this.goTo(kept.at);
        this.resumed = kept.at;
      }
      this.show();
    }

    listen() {
      const { audio } = this;
      const on = (selector, event, action) => $(selector, this).addEventListener(event, action);
      this.playButton.addEventListener("click", () => this.toggle());
      on(".back", "click", () => this.skip(-BACK_S));
      on(".forward", "click", () => this.skip(ON_S));
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
      audio.addEventListener("ended", () => this.keep());
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
      document.addEventListener("language", () => { this.show(); this.showVolume(); });
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
        this.seek.setAttribute("aria-valuetext", say("of", { a: shown, b: clock(this.duration) }));
      }
      const state = this.audio.paused ? "play" : "pause";
      if (this.playButton.dataset.iLabel !== state || !this.playButton.title) {
        this.playButton.dataset.iLabel = state;
        this.playButton.innerHTML = icons[state];
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
      const positions = store.get("position", {});
      positions[day] = { at: Math.round(this.time * 100) / 100, when: Date.now() };
      const newest = Object.entries(positions).sort((a, b) => b[1].when - a[1].when).slice(0, 60);
      store.set("position", Object.fromEntries(newest));
    }

    async copyLink() {
      const url = new URL(data.page || "", location.href);
      url.hash = "t=" + Math.round(this.time * 10) / 10;
      try {
        await navigator.clipboard.writeText(url.href);
        tell(say("copied"));
      } catch {
        const field = document.createElement("textarea");
        field.value = url.href;
        $(".panel", this).append(field);
        field.select();
        const copied = document.execCommand("copy");
        field.remove();
        if (!copied) history.replaceState(null, "", "#t=" + Math.round(this.time * 10) / 10);
        tell(say(copied ? "copied" : "not_copied"));
      }
    }

    mediaSession() {
      const session = navigator.mediaSession;
      if (!session) return;
      const actions = {
        play: () => this.play(),
        pause: () => this.audio.pause(),
        seekbackward: (event) => this.skip(-(event.seekOffset || BACK_S)),
        seekforward: (event) => this.skip(event.seekOffset || ON_S),
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

  // #t=83.5 (seconds) or #t=1:23 or #t=1:01:23
  function moment() {
    const found = /^#t=(?:npt:)?(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)/.exec(location.hash);
    return found ? Number(found[1] || 0) * 3600 + Number(found[2] || 0) * 60 + Number(found[3]) : null;
  }

  // Letters as a reader searches for them: no vowels, one alef, one yaa, one haa. A hamza on a seat
  // is the seat, as it is typed in a hurry (رييس), or else any seat, since writers differ on which
  // (مسؤول, مسئول).
  const fold = (text, seats) => {
    const whole = text.normalize("NFKC").toLowerCase();
    return (seats ? whole.replace(/ؤ/g, "و").replace(/ئ/g, "ي") : whole.replace(/[ؤئ]/g, "ء"))
      .replace(/[أإآٱ]/g, "ا").replace(/[ىی]/g, "ي").replace(/ة/g, "ه").replace(/ک/g, "ك")
      .normalize("NFKD").replace(/[\p{Mn}\p{Cf}\u0640]/gu, "")
      .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 15))
      .replace(/\s+/g, " ").trim();
  };

  class ReadAlong extends HTMLElement {
    connectedCallback() {
      this.player = $("briefing-player");
      this.sentences = $$(".s", this);
      this.starts = data.times.filter((_, at) => at % 2 === 0);
      this.now = -1;
      this.following = true;
      this.ours = 0;
      this.insertAdjacentHTML("afterbegin", `
<form class="search" role="search"><input type="search" data-i-label="search" autocomplete="off" enterkeyhint="search" dir="auto">
<span class="hits" role="status"></span>${button("up", "hit_previous", "hidden")}${button("down", "hit_next", "hidden")}</form>`);
      this.back = document.createElement("button");
      this.back.type = "button";
      this.back.className = "return";
      this.back.dataset.i = "return";
      this.back.hidden = true;
      document.body.append(this.back);
      this.word = globalThis.Highlight && CSS.highlights ? new Highlight() : null;
      this.found = this.word ? new Highlight() : null;
      if (this.word) { CSS.highlights.set("word", this.word); CSS.highlights.set("found", this.found); }
      this.listen();
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
      field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => this.search(field.value), 150); });
      form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(timer); this.search(field.value); this.hit(1); });
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
      const sentence = this.sentences[at];
      if (!sentence) return;
      sentence.classList.toggle("now", on);
      if (on) sentence.setAttribute("aria-current", "true"); else sentence.removeAttribute("aria-current");
    }

    showWord(seconds) {
      if (!this.word) return;
      const sentence = this.sentences[this.now];
      const numbers = data.words[this.now];
      let range = null;
      if (sentence && numbers && numbers.length) {
        const time = seconds * 100 - Math.round(this.starts[this.now] / 10) + 0.5;
        let place = 0, start = 0;
        for (let at = 0; at < numbers.length; at += 4) {
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
      const text = this.sentences[at].firstChild;
      const range = new Range();
      range.setStart(text, Math.min(start, text.length));
      range.setEnd(text, Math.min(end, text.length));
      return range;
    }

    // Scrolling: only when the sentence leaves the view, and never against the reader's hand.
    inView() {
      const sentence = this.sentences[this.now];
      if (!sentence) return true;
      const box = sentence.getBoundingClientRect();
      return box.bottom > 0 && box.top < innerHeight - $(".bar").offsetHeight;
    }

    follow() {
      this.showReturn();
      const sentence = this.sentences[this.now];
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
      const sentence = this.sentences[this.now];
      if (sentence) this.reveal(sentence);
      this.showReturn();
    }

    showReturn() {
      this.back.hidden = this.following || !store.get("follow", true) || this.now < 0;
    }

    step(by) {
      const to = Math.min(Math.max(0, this.now + by), this.sentences.length - 1);
      if (this.sentences.length) { this.player.goTo(this.starts[to] / 1000); }
    }

    search(text) {
      this.sentences.forEach((one) => one.classList.remove("hit", "hit-now"));
      this.hitList = [];
      this.hitAt = -1;
      if (this.found) this.found.clear();
      const wanted = [true, false].map((seats) => fold(text, seats));
      if (wanted[0]) {
        this.folded ||= [true, false].map((seats) => this.sentences.map((one) => fold(one.textContent, seats)));
        this.sentences.forEach((one, at) => {
          const way = wanted.findIndex((part, way) => this.folded[way][at].includes(part));
          if (way < 0) return;
          this.hitList.push(at);
          one.classList.add("hit");
          if (this.found && this.hitList.length <= 500) this.showFound(at, wanted[way], !way);
        });
        if (this.hitList.length) this.hit(1);
      }
      this.showHits();
    }

    // Where in the sentence as written a folded text stands: grow a window character by character.
    showFound(at, wanted, seats) {
      const text = this.sentences[at].textContent;
      const letters = [], places = [];
      [...text.matchAll(/[\s\S]/gu)].forEach((one) => {
        const bare = /\s/.test(one[0]) ? " " : fold(one[0], seats);
        if (!bare && places.length) places.at(-1)[1] = one.index + one[0].length;  // a vowel mark
        for (const letter of bare) {
          if (letter === " " && letters.at(-1) === " ") continue;
          letters.push(letter);
          places.push([one.index, one.index + one[0].length]);
        }
      });
      const joined = letters.join("");
      for (let from = joined.indexOf(wanted); from >= 0; from = joined.indexOf(wanted, from + wanted.length)) {
        this.found.add(this.range(at, places[from][0], places[from + wanted.length - 1][1]));
      }
    }

    hit(by) {
      const list = this.hitList || [];
      if (!list.length) return;
      if (this.hitAt >= 0) this.sentences[list[this.hitAt]].classList.remove("hit-now");
      this.hitAt = (this.hitAt + by + list.length) % list.length;
      const sentence = this.sentences[list[this.hitAt]];
      sentence.classList.add("hit-now");
      this.reveal(sentence);
      this.following = false;
      this.showHits();
      this.showReturn();
    }

    showHits() {
      const list = this.hitList || [];
      const asked = $("input", this).value.trim();
      $(".hits", this).textContent = !asked ? "" : list.length ? say("hits", { a: this.hitAt + 1, b: list.length }) : say("no_hits");
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
      j: () => player.skip(-BACK_S),
      l: () => player.skip(ON_S),
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
  function list(editions) {
    const shelf = $("#shelf"), rows = editions.filter((one) => one.kept);
    if ($("ul", shelf) || !rows.length) return;
    const text = (tag, value, more = {}) => Object.assign(document.createElement(tag), { textContent: value }, more);
    const counted = (key, n) => {
      const span = text("span", say(key, { n }));
      span.dataset.i = key;
      span.dataset.n = n;
      return span;
    };
    const items = rows.map((one) => {
      const link = text("a", "", { href: data.latest.replace(/[^/]*$/, "") + encodeURI(one.page) });
      if (one.name === data.name && one.date === data.date) link.setAttribute("aria-current", "page");
      const facts = text("span", "", { className: "details facts" });
      const minutes = Math.round(one.duration_s / 60), hours = Math.floor(minutes / 60);
      const length = text("span", "");
      if (hours) length.append(counted("hours", hours));
      if (hours && minutes % 60) length.append(text("span", say("and")));
      if (!hours || minutes % 60) length.append(counted("minutes", minutes % 60));
      const when = text("time", one.date, { dateTime: one.date });
      for (const part of [when, length, counted("articles", one.articles), text("bdi", one.voice)]) {
        facts.append(text("span", ""));
        facts.lastChild.append(part);
      }
      const title = text("span", "", { className: "edition" });
      title.append(text("bdi", one.title, { lang: one.language }));
      link.append(title, facts);
      const item = text("li", "");
      item.append(link);
      if (one.book) {
        const book = text("a", "", { className: "book", href: data.latest.replace(/[^/]*$/, "") + encodeURI(one.book), download: `${one.name}-${one.date}.epub` });
        book.dataset.i = "book";
        item.append(book);
      }
      return item;
    });
    const all = text("ul", "");
    all.append(...items);
    shelf.append(all);
    speakLanguage();
  }
  function offer(fresh) {
    $(".offer")?.remove();
    const box = document.createElement("div");
    box.className = "offer";
    box.setAttribute("role", "status");
    box.innerHTML = `<p><strong data-i="${fresh.date === data.date ? "updated_edition" : "new_edition"}"></strong></p>
<button type="button" class="open" data-i="open_it"></button><button type="button" class="later" data-i="later"></button>`;
    document.body.append(box);
    for (const element of $$("[data-i]", box)) element.textContent = say(element.dataset.i);
    $(".open", box).addEventListener("click", () => { $("briefing-player").keep(); location.reload(); });
    $(".later", box).addEventListener("click", () => box.remove());
  }

  document.addEventListener("DOMContentLoaded", () => {
    data.written = root.lang;
    $(".tools").append(common.languageButton());
    const narrow = matchMedia("(max-width: 59.99rem)").matches;
    const shelf = $(".shelf");
    $(".chapters").open = !narrow || data.chapters.length < 2;
    shelf.open = !narrow;
    $('a[href="#shelf"]').addEventListener("click", () => { shelf.open = true; });
    customElements.define("briefing-player", Player);
    customElements.define("read-along", ReadAlong);
    speakLanguage();
    const text = $("read-along"), player = $("briefing-player");
    text.at(player.time);
    if (moment() !== null || player.resumed) {
      const sentence = text.sentences[text.now];
      if (sentence && moment() !== null) text.reveal(sentence);
      if (player.resumed) tell(say("resumed", { a: clock(player.resumed) }));
    }
    if (location.protocol.startsWith("http")) {
      setTimeout(look, 500);
      setInterval(look, LOOK_MS);
      document.addEventListener("visibilitychange", look);
    }
  });
})();
