// Keeps the console's pages true: hears what happened, fetches the page, changes only
// what is different. The server renders everything; nothing is stored here but drafts.
"use strict";

const body = document.body;
const line = document.getElementById("line");
const text = document.getElementById("text");
const problem = document.getElementById("problem");
const say = document.getElementById("say");
const noting = document.getElementById("noting");
const note = document.getElementById("note");
const kinds = document.getElementById("kinds");
const home = document.querySelector(".case")?.dataset.home;
const RETRY = 1500;
const TOGETHER = 120;
const LONGEST_WAIT = 60000;
const seen = new WeakMap(); // what the server had sent for a node, before clocks ticked

/* Clocks */

function span(seconds) {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return "<1 min";
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

function tick() {
  for (const time of document.querySelectorAll("time[data-since]")) {
    time.title ||= time.textContent;
    time.textContent = span((Date.now() - Date.parse(time.dateTime)) / 1000);
  }
  for (const time of document.querySelectorAll("time[data-until]")) {
    const left = (Date.parse(time.dateTime) - Date.now()) / 1000;
    time.textContent = left < 60 ? "few seconds" : span(left);
    if (left < 0) refresh();
  }
}

/* Making the page what the server says */

function remember(root) {
  for (const live of root.querySelectorAll("[data-live]")) {
    const keyed = live.querySelectorAll(":scope > [data-key]");
    for (const node of keyed) seen.set(node, node.outerHTML);
    if (!keyed.length) seen.set(live, live.outerHTML);
  }
}

function reconcile(live, fresh) {
  const wanted = [...fresh.children].filter((one) => one.dataset.key);
  const known = new Map([...live.children].filter((one) => one.dataset.key)
    .map((one) => [one.dataset.key, one]));
  if (!wanted.length && !known.size) {
    const html = fresh.outerHTML;
    if (seen.get(live) === html) return;
    replace(live, document.importNode(fresh, true), html);
    return;
  }
  let place = live.firstElementChild;
  for (const one of wanted) {
    const html = one.outerHTML;
    let node = known.get(one.dataset.key);
    known.delete(one.dataset.key);
    if (node && seen.get(node) !== html) {
      const copy = document.importNode(one, true);
      const wasPlace = place === node;
      replace(node, copy, html);
      node = copy;
      if (wasPlace) place = copy;
    }
    if (!node) {
      node = document.importNode(one, true);
      seen.set(node, html);
    }
    if (node === place) place = place.nextElementSibling;
    else live.insertBefore(node, place);
  }
  for (const gone of known.values()) gone.remove();
}

function replace(old, copy, html) {
  const active = document.activeElement;
  const inside = old.contains(active);
  const open = [...old.querySelectorAll("details")].map((one) => one.open);
  copy.querySelectorAll("details").forEach((one, i) => { one.open = open[i] ?? one.open; });
  if (old.matches("details")) copy.open = old.open;
  keepTyped(old, copy);
  seen.set(copy, html);
  old.replaceWith(copy);
  if (inside) {
    const twin = [...copy.querySelectorAll(active.tagName)]
      .find((one) => one.name === active.name && one.textContent === active.textContent);
    (twin || copy.querySelector("button, a") || document.getElementById("main"))?.focus();
  }
}

// What somebody types in a field stays there while the rest becomes new.
function keepTyped(old, copy) {
  for (const field of old.querySelectorAll("input:not([type=hidden], [type=radio], [type=checkbox])")) {
    const twin = copy.querySelector(`[name="${field.name}"]`);
    if (twin && field.value !== field.defaultValue) twin.value = field.value;
  }
  for (const box of old.querySelectorAll(".pick input")) {
    const twin = copy.querySelector(".pick input");
    if (twin) twin.checked = box.checked;
  }
}

// Where nothing but the header is live, a light page tells of the header: the page
// itself may be heavy, or what a form was answered with, which cannot be asked for again.
const HEADER_PAGE = "/console/call-backs";
const shownBy = document.querySelector(".panes [data-live]") ? location.href : HEADER_PAGE;
let fetching = false;
let again = false;

async function refresh() {
  if (fetching) { again = true; return; }
  fetching = true;
  try {
    do {
      again = false;
      const answer = await fetch(shownBy, { headers: { "X-Console": "1" } });
      if (answer.status === 401) { location.assign("/console/sign-in"); return; }
      if (answer.status >= 400 && answer.status < 500) return; // it is refused the next time, too
      if (!answer.ok) throw new Error(answer.statusText);
      show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } while (again);
  } catch {
    setTimeout(refresh, RETRY);
  } finally {
    fetching = false;
  }
}

function show(page) {
  const thread = document.querySelector(".thread");
  const atEnd = !thread || thread.scrollHeight - thread.scrollTop - thread.clientHeight < 60;
  for (const live of document.querySelectorAll("[data-live]")) {
    const fresh = page.querySelector(`[data-live="${live.dataset.live}"]`);
    if (fresh) reconcile(live, fresh);
  }
  tick();
  entitle();
  possible();
  if (thread && atEnd) thread.scrollTop = thread.scrollHeight;
  markRead();
  document.dispatchEvent(new Event("console-shown"));
}

const title = document.title;

function entitle() {
  const waiting = Number(document.querySelector(".tabs .count")?.textContent || 0);
  document.title = waiting ? `(${waiting}) ${title}` : title;
}

/* Hearing */

let place = body.dataset.event;
let waiting = 0;

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, TOGETHER);
}

function listen() {
  const where = home ? `&conversation=${home.split("/").pop()}` : "";
  const source = new EventSource(`/console/events?after=${place}${where}`);
  source.addEventListener("ready", () => {
    tell("");
    soon(); // whatever happened while nobody listened
  });
  source.addEventListener("happening", (event) => {
    place = event.lastEventId || place;
    alertTo(JSON.parse(event.data));
    soon();
  });
  source.addEventListener("presence", (event) => present(JSON.parse(event.data)));
  source.addEventListener("signed_out", () => {
    source.close();
    location.assign("/console/sign-in");
  });
  source.onerror = () => {
    source.close();
    tell("The server cannot be reached; trying again. What you see may be out of date.");
    setTimeout(listen, RETRY);
  };
  addEventListener("pagehide", () => source.close(), { once: true });
}

function present({ here, writing, contact_writing }) {
  const others = document.getElementById("others");
  if (!others) return;
  const reading = here.filter((name) => !writing.includes(name));
  const words = [
    contact_writing && "The contact is writing …",
    writing.length && `${writing.join(", ")}: writing …`,
    reading.length && `${reading.join(", ")}: also here`,
  ].filter(Boolean).join(" · ");
  if (others.textContent !== words) others.textContent = words;
}

function tell(words) {
  if (line.textContent !== words) line.textContent = words;
  line.hidden = !words;
}

/* Alerts: a sound, and a notice of the browser's, for who has asked for them; not about
   the conversation that is in front of them, in this window or in another one */

const LOOKED_AT = "console-looked-at";
const alerts = document.getElementById("alerts");
let sound = null;

function alertsOn() { return localStorage.getItem("console-alerts") === "on"; }

function looking() { return !document.hidden && document.hasFocus(); }

function lookAt(where) {
  if (where) localStorage.setItem(LOOKED_AT, where);
  else localStorage.removeItem(LOOKED_AT);
}

function lookedAt(conversation) {
  const where = looking() ? home : localStorage.getItem(LOOKED_AT);
  return Boolean(where?.endsWith(`/${conversation}`));
}

addEventListener("focus", () => lookAt(home));
for (const left of ["blur", "pagehide"]) addEventListener(left, () => lookAt(""));
if (looking()) lookAt(home);

function alertTo(heard) {
  const late = { handoff_overdue: "Somebody has waited too long", call_back_due: "A call is due" }[heard.kind];
  const mine = heard.holder === body.dataset.me || home?.endsWith(`/${heard.conversation_id}`);
  const matters = late || heard.status === "waiting" || (heard.author === "contact" && mine);
  if (!matters || !alertsOn() || lookedAt(heard.conversation_id)) return;
  heardOf.set(heard.conversation_id, late || (heard.status === "waiting" ? "Somebody is waiting" : "A contact wrote"));
  telling ||= setTimeout(tellOfAll, TELL_TOGETHER);
}

// What happens within a moment is one sound and one notice.
const TELL_TOGETHER = 400;
const heardOf = new Map();
let telling = 0;

function tellOfAll() {
  const news = [...heardOf];
  telling = 0;
  heardOf.clear();
  beep();
  if (looking() || window.Notification?.permission !== "granted") return;
  const [[conversation, words], ...more] = news;
  const notice = new Notification(more.length ? `${words}; ${more.length} more in the inbox` : words, { tag: "console" });
  notice.onclick = () => {
    focus();
    location.assign(more.length ? "/console" : `/console/conversations/${conversation}`);
  };
}

function nameAlerts() {
  const denied = window.Notification?.permission === "denied";
  alerts.textContent = denied ? "Alerts (sound)" : "Alerts";
  alerts.setAttribute("aria-pressed", String(alertsOn()));
}

function beep() {
  sound ||= new AudioContext();
  sound.resume(); // a page that nobody has touched yet is mute until somebody does
  const tone = sound.createOscillator();
  const volume = sound.createGain();
  volume.gain.value = 0.08;
  tone.frequency.value = 660;
  tone.connect(volume).connect(sound.destination);
  tone.start();
  tone.stop(sound.currentTime + 0.18);
}

if (alerts) {
  alerts.hidden = false;
  nameAlerts();
  alerts.addEventListener("click", () => {
    const on = !alertsOn();
    localStorage.setItem("console-alerts", on ? "on" : "off");
    nameAlerts();
    if (on) { beep(); window.Notification?.requestPermission().then(nameAlerts); }
  });
}

/* Doing */

function complain(words) {
  if (!problem) return;
  problem.textContent = words;
  problem.hidden = !words;
}

/* Help with writing: it goes into the composer, to be read, changed and sent by a person */

let translating = false; // what is in the composer then is not what is to be sent

async function askForHelp(button, name, values, use) {
  const named = button.textContent;
  button.disabled = true;
  translating = name === "translate";
  possible();
  button.textContent = "One moment …";
  complain("");
  try {
    const answer = await fetch(`${home}/${name}`, {
      method: "POST", headers: { "X-Console": "1" }, signal: AbortSignal.timeout(LONGEST_WAIT),
      body: new URLSearchParams({ csrf: say.elements.csrf.value, ...values }),
    });
    if (answer.status === 401) { location.assign("/console/sign-in"); return; }
    const told = await answer.json();
    if (answer.ok) use(told);
    else complain(told.detail);
  } catch {
    complain("The server cannot be reached, or takes too long. Your words are kept; try again.");
  } finally {
    button.disabled = false;
    button.textContent = named;
    translating = false;
    possible();
  }
}

function draft(button) {
  askForHelp(button, "draft", {}, ({ text: words, sources, left_out }) => {
    if (text.value === helped.draft) text.value = ""; // untouched since the last one
    const alone = !text.value;
    if (words) fillIn(words);
    else complain("Nothing of the draft stands in the documents.");
    tellAbout({ ...helped, sources, left_out, draft: alone ? text.value : "" });
  });
}

function translate(button) {
  const asked = text.value;
  if (!asked.trim()) { complain("Write your reply first, then have it translated."); return; }
  askForHelp(button, "translate", { text: asked }, ({ text: words, doubts }) => {
    const changed = text.value !== asked;
    if (changed && !confirm("You have changed your words meanwhile. Put the translation in their place?")) return;
    tellAbout({ ...helped, original: text.value, doubts });
    text.value = words;
    text.focus();
    keepDraft();
  });
}

// What the model's words in the composer rest on: kept with them, gone with them.
let helped = {};

function tellAbout(told) {
  helped = told;
  const panel = document.getElementById("helped");
  for (const part of panel.querySelectorAll("[data-part]")) {
    const found = told[part.dataset.part];
    part.hidden = !found?.length;
    part.querySelector("ul")?.replaceChildren(...(part.hidden ? [] : found.map(item)));
  }
  document.getElementById("original").textContent = told.original || "";
  panel.hidden = ![...panel.querySelectorAll("[data-part]")].some((part) => !part.hidden);
  if (panel.hidden) localStorage.removeItem(`helped ${home}`);
  else localStorage.setItem(`helped ${home}`, JSON.stringify(told));
  possible();
}

// A doubt, a source, or a sentence that was left out with its reason.
function item(told) {
  const line = document.createElement("li");
  line.dir = "auto";
  const words = typeof told === "string" ? told : told.title || told.text;
  const named = told.url ? document.createElement("a") : document.createElement("span");
  if (told.url) Object.assign(named, { href: told.url, target: "_blank", rel: "noopener noreferrer" });
  named.textContent = words;
  const more = [told.as_of && `, as of ${told.as_of}`, told.reason && ` (${told.reason})`];
  line.append(named, ...more.filter(Boolean));
  return line;
}

async function post(form, values) {
  const answer = await fetch(form, {
    method: "POST", body: new URLSearchParams(values), headers: { "X-Console": "1" },
    signal: AbortSignal.timeout(LONGEST_WAIT),
  });
  if (answer.status === 401) { location.assign("/console/sign-in"); return "signed out"; }
  if (answer.ok) return "";
  try { return (await answer.json()).detail; } catch { return "That did not work; try again."; }
}

/* Undo: what was done is offered to be taken back for ten seconds */

const UNDO_FOR = 10000;
const toast = document.getElementById("toast");
let undoing = null;
let undoUntil = 0;

function offerUndo(words, address, values) {
  clearTimeout(undoUntil);
  document.getElementById("told").textContent = words;
  document.getElementById("undo").hidden = !address;
  toast.hidden = false;
  undoing = address ? { address, values } : null;
  undoUntil = setTimeout(noUndo, UNDO_FOR);
}

function noUndo() {
  clearTimeout(undoUntil);
  undoing = null;
  toast.hidden = true;
}

async function undo() {
  if (!undoing) return;
  const { address, values } = undoing;
  noUndo();
  try {
    const answer = await fetch(address, {
      method: "POST", body: new URLSearchParams(values), headers: { "X-Console": "1" },
      signal: AbortSignal.timeout(LONGEST_WAIT),
    });
    if (answer.status === 401) { location.assign("/console/sign-in"); return; }
    const said = answer.status === 204 ? {} : await answer.json();
    offerUndo(said.told || said.detail || "Undone.", "", {});
  } catch {
    offerUndo("The server cannot be reached; nothing was undone.", address, values);
  }
  refresh();
}

document.getElementById("undo")?.addEventListener("click", undo);

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-act]")) return;
  event.preventDefault();
  if (form.getAttribute("aria-busy") || (form === say && translating)) return;
  if (form.dataset.sure && !confirm(form.dataset.sure)) return;
  form.setAttribute("aria-busy", "true");
  const values = new FormData(form);
  if (form === say || form === noting || form.matches("[data-once]")) {
    values.set("client_id", form.dataset.id ||= crypto.randomUUID());
  }
  try {
    const refused = await post(form.action, values);
    complain(refused);
    if (form.dataset.done) document.getElementById("done").textContent = refused ? "" : form.dataset.done;
    if (!refused && form.dataset.writes) sent(form);
    if (!refused && form.dataset.undo) offerUndo(form.dataset.told, form.dataset.undo, { csrf: values.get("csrf") });
    if (!refused && form.dataset.writes !== "note" && !form.dataset.undo) noUndo();
    if (!refused) form.closest("details.menu, details.correct")?.removeAttribute("open");
    if (!refused && form.matches("[data-empty], [data-once]")) {
      delete form.dataset.id;
      form.reset();
    }
  } catch {
    complain("The server cannot be reached. Your words are kept; try again.");
  } finally {
    form.removeAttribute("aria-busy");
  }
  refresh();
});

/* Writing */

// Replies and notes are drafts of their own: showing one or the other turns neither
// into the other.
function chosen() { return kinds?.querySelector(":checked").value; }

function written(form) { return form.querySelector("textarea"); }

function sent(form) {
  delete form.dataset.id;
  written(form).value = "";
  keepDraft(form);
  if (form === say) {
    writing(false);
    tellAbout({});
  }
  written(form).focus();
}

function possible() {
  if (!say) return;
  const open = document.querySelector('[data-live="possible"]').dataset.reply === "open";
  const toContact = kinds.querySelector("[value=reply]");
  toContact.disabled = !open && !text.value;
  if (toContact.disabled && chosen() === "reply") kinds.querySelector("[value=note]").checked = true;
  say.hidden = chosen() !== "reply";
  noting.hidden = !say.hidden;
  document.getElementById("send").disabled = translating || !open;
  const button = document.getElementById("translate");
  if (button) button.hidden = !open || Boolean(helped.original);
  for (const form of [say, noting]) {
    const label = kinds.querySelector(`[value=${form.dataset.writes}]`).parentElement;
    label.classList.toggle("begun", form.hidden && Boolean(written(form).value));
  }
}

function fillIn(words) {
  const filled = words.replaceAll("[[me]]", body.dataset.me);
  const before = text.value && !text.value.endsWith("\n") ? `${text.value}\n` : text.value;
  text.value = before + filled;
  text.focus();
  if (!nextBlank()) text.selectionStart = text.value.length;
  keepDraft();
}

function nextBlank() {
  const from = text.value.indexOf("[[");
  const to = text.value.indexOf("]]", from);
  if (from < 0 || to < 0) return false;
  text.setSelectionRange(from, to + 2);
  return true;
}

function draftOf(form) { return `draft ${form.dataset.writes} ${home}`; }

function keepDraft(form = say) {
  delete form.dataset.id;
  if (written(form).value) localStorage.setItem(draftOf(form), written(form).value);
  else localStorage.removeItem(draftOf(form));
}

if (say) {
  kinds.hidden = false;
  for (const form of [say, noting]) {
    written(form).value = localStorage.getItem(draftOf(form)) || "";
    form.addEventListener("input", (event) => {
      if (event.target !== written(form)) return;
      keepDraft(form);
      if (form === say && !text.value) tellAbout({});
      else possible();
      complain("");
      if (form === say) writing(Boolean(text.value.trim()));
    });
    written(form).addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        form.requestSubmit(form.querySelector(".write button"));
      } else if (event.key === "Escape") {
        written(form).blur();
      }
    });
  }
  if (note.value && !text.value) kinds.querySelector("[value=note]").checked = true;
  kinds.addEventListener("change", () => { complain(""); writing(false); possible(); });
  text.addEventListener("blur", () => writing(false));
  const drafting = document.getElementById("draft");
  drafting.hidden = false;
  drafting.addEventListener("click", () => draft(drafting));
  const into = document.getElementById("translate");
  into?.addEventListener("click", () => translate(into));
  document.getElementById("put-back").addEventListener("click", () => {
    text.value = helped.original;
    tellAbout({ ...helped, original: "", doubts: [] });
    text.focus();
    keepDraft();
  });
  if (text.value) tellAbout(JSON.parse(localStorage.getItem(`helped ${home}`) || "{}"));
  text.addEventListener("keydown", (event) => {
    if (event.key === "Tab" && !event.shiftKey && nextBlank()) event.preventDefault();
  });
}

/* Saved replies: found by "/" where a word of a reply begins */

const replies = document.getElementById("replies");

if (replies) {
  const field = document.getElementById("find-reply");
  const offered = [...replies.querySelectorAll("[data-words]")];
  const find = () => {
    const wanted = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const one of offered) {
      const words = `${one.textContent} ${one.dataset.words}`.toLowerCase();
      one.parentElement.hidden = !wanted.every((part) => words.includes(part));
    }
  };
  let typed = false; // "/" was typed: who closes the list meant the sign
  const open = (bySign) => {
    typed = bySign;
    field.value = "";
    find();
    replies.showModal();
    field.focus();
  };
  const step = (from, by) => {
    const shown = offered.filter((one) => !one.parentElement.hidden);
    (shown[shown.indexOf(from) + by] || field).focus();
  };
  const button = document.getElementById("saved");
  button.hidden = false;
  button.addEventListener("click", () => open(false));
  field.addEventListener("input", find);
  for (const one of offered) {
    one.addEventListener("click", () => {
      replies.close();
      fillIn(one.dataset.words);
    });
  }
  replies.addEventListener("keydown", (event) => {
    const down = event.key === "ArrowDown";
    if (down || event.key === "ArrowUp") {
      event.preventDefault();
      step(document.activeElement, down ? 1 : -1);
    } else if (event.key === "Enter" && event.target === field) {
      event.preventDefault();
      offered.find((one) => !one.parentElement.hidden)?.click();
    }
  });
  replies.addEventListener("cancel", () => {
    if (typed) text.setRangeText("/", text.selectionStart, text.selectionEnd, "end");
  });
  text.addEventListener("keydown", (event) => {
    const before = text.value.slice(0, text.selectionStart);
    if (event.key !== "/" || /\S$/.test(before)) return;
    event.preventDefault();
    open(true);
  });
}

/* The panel about the contact is open where there is room beside the thread */

const panel = () => document.getElementById("panel");
const roomy = matchMedia("(min-width: 1200px)");
const fit = () => { if (panel()) panel().open = roomy.matches; };
roomy.addEventListener("change", fit);
fit();

/* Telling that one writes: at most every few seconds, and when one stops */

const TELL_EVERY = 3000;
let toldAt = 0;

function writing(active) {
  const due = active ? Date.now() - toldAt > TELL_EVERY : toldAt > 0;
  if (!say || !due) return;
  toldAt = active ? Date.now() : 0;
  post(`${home}/writing`, { csrf: say.elements.csrf.value, active: active ? "1" : "" }).catch(() => {});
}

let readThrough = "";

async function markRead() {
  const entries = document.querySelectorAll(".entries > .contact");
  const newest = entries.length ? entries[entries.length - 1].dataset.key : "";
  if (!newest || document.hidden || newest === readThrough) return;
  readThrough = newest;
  try {
    await post(`${home}/read`, { csrf: say.elements.csrf.value });
    refresh();
  } catch { readThrough = ""; }
}

/* Keyboard */

function step(by) {
  const links = [...document.querySelectorAll(".rows a")];
  const turning = document.activeElement.closest(".turn a")?.rel;
  const at = turning ? (turning === "next" ? links.length : -1)
    : links.findIndex((one) => one === document.activeElement);
  const from = at >= 0 || turning ? at : links.findIndex((one) => one.hasAttribute("aria-current"));
  const beyond = from + by < 0 ? "prev" : from + by >= links.length ? "next" : "";
  const page = at >= 0 && beyond && document.querySelector(`.turn [rel=${beyond}]`);
  if (page) { page.focus(); return; }
  links[Math.max(0, Math.min(links.length - 1, from + by))]?.focus();
}

function choose(kind) {
  const radio = kinds?.querySelector(`[value=${kind}]`);
  if (!radio || radio.disabled) return;
  radio.checked = true;
  possible();
  written(kind === "note" ? noting : say).focus();
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  r: () => choose("reply"),
  n: () => choose("note"),
  z: undo,
  // The contact is told of it at once: the key only leads there, Enter does it.
  b: () => document.querySelector('form[action$="/hand-back"] button')?.focus(),
  "/": () => document.getElementById("search")?.focus(),
};

const keys = document.getElementById("keys");
const showKeys = document.getElementById("show-keys");
if (showKeys) {
  showKeys.hidden = false;
  showKeys.addEventListener("click", () => keys.showModal());
  KEYS["?"] = () => keys.showModal();
}

document.addEventListener("keydown", (event) => {
  const field = event.target.matches("input:not([type=checkbox]), textarea, select");
  if (field || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const button = document.querySelector(`[data-key-press="${CSS.escape(event.key)}"]`);
  const act = KEYS[event.key] || (button && (() => button.click()));
  if (!act) return;
  event.preventDefault();
  act();
});

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

remember(document);
tick();
entitle();
possible();
const start = document.querySelector(".thread");
if (start) start.scrollTop = start.scrollHeight;
document.addEventListener("visibilitychange", () => { if (!document.hidden) { refresh(); } });
setInterval(tick, 10000);
setInterval(refresh, 60000);
listen();
markRead();
document.documentElement.dataset.ready = "true";
