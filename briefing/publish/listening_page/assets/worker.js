"use strict";
// The service worker of a shelf. The page puts the editions that its listener chose into a cache;
// this answers from it when there is no network. Pages are asked of the network first, so that a
// new edition is seen as soon as there is one; what has a digest in its name never changes.
const CACHE = "briefing " + new URL(registration.scope).pathname;
const PATIENCE_MS = 6000;
const DATED = /\/editions\/[^/]+-\d{4}-\d\d-\d\d-[0-9a-f]{12}\.[^/]+$/;
const PAGE = /\/editions\/([^/]+)-(\d{4}-\d\d-\d\d)\.html$/;
const NOTHING = `<!doctype html><html lang="ar" dir="rtl"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>لا اتصال · Offline</title><h1>لا اتصال بالشبكة</h1><p>لم تُحفظ هذه الصفحة على هذا الجهاز.</p>
<div lang="en" dir="ltr"><h2>No network</h2><p>This page was not kept on this device.</p></div></html>`;

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || !request.url.startsWith(registration.scope)) return;
  if (url.pathname.endsWith(".xml")) return;
  event.respondWith(answer(request, url));
});

async function answer(request, url) {
  const cache = await caches.open(CACHE);
  const copy = await cache.match(request, { ignoreSearch: true, ignoreVary: true });
  if (copy && DATED.test(url.pathname)) return part(copy, request);
  try {
    return await soon(fetch(request), copy);
  } catch (error) {
    if (copy) return part(copy, request);
    if (request.mode === "navigate") return instead(cache, url);
    throw error;
  }
}

// With a copy at hand nobody waits long for a network that does not answer.
function soon(network, copy) {
  if (!copy) return network;
  const late = new Promise((_, reject) => setTimeout(reject, PATIENCE_MS, new Error("late")));
  network.catch(() => {});
  return Promise.race([network, late]);
}

// Seeking asks for a part of the sound (RFC 9110, 14).
async function part(copy, request) {
  const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.get("range") || "");
  if (!range || range[1] + range[2] === "") return copy;
  const whole = await copy.blob();
  const size = whole.size;
  const start = range[1] ? Number(range[1]) : Math.max(0, size - Number(range[2]));
  const end = range[1] && range[2] ? Math.min(Number(range[2]), size - 1) : size - 1;
  if (start > end) return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${size}` } });
  return new Response(whole.slice(start, end + 1), { status: 206, headers: {
    "Content-Type": copy.headers.get("Content-Type") || "audio/mpeg", "Accept-Ranges": "bytes",
    "Content-Range": `bytes ${start}-${end}/${size}`, "Content-Length": String(end - start + 1) } });
}

// The newest edition that was kept, of the same briefing if there is one.
async function instead(cache, url) {
  const pages = (await cache.keys()).map((key) => [key.url, PAGE.exec(new URL(key.url).pathname)]).filter((row) => row[1]);
  const newest = (rows) => rows.sort((a, b) => (a[1][2] < b[1][2] ? 1 : -1))[0];
  const file = url.pathname.split("/").at(-1);
  const same = pages.filter((row) => file === row[1][1] + ".html" || file.startsWith(row[1][1] + "-"));
  const wanted = newest(same) || newest(pages);
  if (wanted) return Response.redirect(wanted[0], 302);
  return new Response(NOTHING, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
}
