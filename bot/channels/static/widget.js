// The web chat, in one file: on its own page, or in any page by one script tag.
(() => {
  "use strict";
  const script = document.currentScript;
  if (!script || window.__enquiryAssistant) return;
  window.__enquiryAssistant = true;

  const base = new URL(script.src, location.href).origin;
  const wholePage = script.dataset.mode === "page";
  const storageKey = "enquiry-assistant-token";
  const longestPause = 15000;
  const longestText = 4000;
  const languages = {/* in every language offered */};

  const styles = `
    :host { all: initial; --brand: #1d4ed8; --on-brand: #fff; --back: #fff; --text: #111827;
      --soft: #f3f4f6; --line: #d1d5db; --muted: #4b5563; --link: #1d4ed8; --bad: #b91c1c; }
    @media (prefers-color-scheme: dark) { :host { --brand: #1e40af; --back: #111827;
      --text: #f3f4f6; --soft: #1f2937; --line: #4b5563; --muted: #c3c9d3; --link: #93c5fd;
      --bad: #fca5a5; } }
    * { box-sizing: border-box; font-family: system-ui, sans-serif; }
    button { font: inherit; cursor: pointer; }
    :focus-visible { outline: 3px solid #f59e0b; outline-offset: 2px; }
    .launcher { position: fixed; right: 1rem; bottom: 1rem; z-index: 2147483000; border: 0;
      border-radius: 999px; padding: .8rem 1.2rem; background: var(--brand);
      color: var(--on-brand); font-size: 1rem; box-shadow: 0 4px 16px #0005; }
    .panel { display: flex; flex-direction: column; background: var(--back);
      color: var(--text); font-size: 1rem; line-height: 1.45; }
    .panel.floating { position: fixed; right: 1rem; bottom: 1rem; z-index: 2147483000;
      width: min(24rem, calc(100vw - 2rem)); height: min(38rem, calc(100dvh - 2rem));
      border: 1px solid var(--line); border-radius: 1rem; overflow: hidden;
      box-shadow: 0 8px 32px #0006; }
    .panel.page { position: fixed; inset: 0; }
    .panel.page > * { width: 100%; max-width: 46rem; margin-inline: auto; }
    .panel.page > header { max-width: none; }
    [hidden] { display: none !important; }
    header { display: flex; gap: .4rem; align-items: center; padding: .7rem .6rem;
      background: var(--brand); color: var(--on-brand); }
    header > div { flex: 1; min-width: 0; }
    h1, header p { margin: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    h1 { font-size: .95rem; }
    header p { font-size: .75rem; }
    header button { flex: none; white-space: nowrap; min-height: 2.2rem; border: 1px solid #fff8; border-radius: .5rem; padding: .35rem .5rem;
      background: transparent; color: inherit; font-size: .85rem; }
    .log { flex: 1; overflow-y: auto; padding: 1rem; display: flex; flex-direction: column;
      gap: .6rem; overscroll-behavior: contain; }
    .entry { max-width: 88%; padding: .6rem .8rem; border-radius: 1rem;
      background: var(--soft); overflow-wrap: anywhere; align-self: flex-start; }
    .entry.contact { align-self: flex-end; background: var(--brand); color: var(--on-brand); }
    .entry.staff { border: 2px solid var(--link); }
    .entry p { margin: 0 0 .4rem; white-space: pre-wrap; } .entry p:last-child { margin: 0; }
    .entry ul, .entry ol { margin: .2rem 0 .4rem; padding-inline-start: 1.2rem; }
    .entry ol { padding-inline-start: 1.6rem; }
    .choices { display: flex; flex-direction: column; gap: .4rem; margin: .2rem 0 .4rem; }
    .choices button { display: block; width: 100%; min-height: 2.75rem; padding: .5rem .7rem;
      border: 1px solid var(--link); border-radius: .7rem; background: var(--back);
      color: var(--link); text-align: start; overflow-wrap: anywhere; }
    .choices button:hover { border-width: 2px; padding: calc(.5rem - 1px) calc(.7rem - 1px); }
    .entry a { color: inherit; }
    .sources { margin-top: .5rem; padding-top: .4rem; border-top: 1px solid var(--line);
      font-size: .85rem; color: var(--muted); }
    .sources ul { list-style: none; padding: 0; margin: 0; } .sources a { color: var(--link); }
    .who, .state { font-size: .8rem; color: var(--muted); }
    .contact .state { color: inherit; }
    .state button { border: 0; background: transparent; color: inherit; padding: 0 .2rem;
      text-decoration: underline; }
    .thumbs { display: flex; gap: .4rem; margin-top: .4rem; }
    .thumbs button { border: 1px solid transparent; border-radius: .5rem; padding: .25rem;
      width: 2.2rem; height: 2.2rem; background: transparent; color: var(--muted); }
    .thumbs button:hover { border-color: var(--line); }
    .thumbs button[aria-pressed=true] { color: var(--on-brand); background: var(--brand); }
    .thumbs svg { width: 100%; height: 100%; display: block; fill: none;
      stroke: currentColor; stroke-width: 1.8; stroke-linejoin: round; }
    .thumbs .down svg { transform: rotate(180deg); }
    .typing { align-self: flex-start; color: var(--muted); padding: 0 .8rem; }
    .notice { margin: 0; padding: .4rem 1rem; font-size: .9rem; color: var(--muted); }
    .notice.bad { color: var(--bad); }
    form { display: flex; gap: .5rem; padding: .7rem 1rem; border-top: 1px solid var(--line); }
    textarea { flex: 1; min-width: 0; resize: none; font: inherit; color: inherit;
      background: var(--back); border: 1px solid var(--muted); border-radius: .7rem;
      padding: .55rem .7rem; min-height: 2.7rem; max-height: 8rem; }
    form button { border: 0; border-radius: .7rem; padding: 0 1rem; background: var(--brand);
      color: var(--on-brand); }
    .label { position: absolute; width: 1px; height: 1px; overflow: hidden;
      clip-path: inset(50%); }
    @media (prefers-reduced-motion: no-preference) { .typing { animation: pulse 1.2s infinite; }
      @keyframes pulse { 50% { opacity: .4; } } }`;

  const element = (name, properties = {}, ...children) => {
    const node = Object.assign(document.createElement(name), properties);
    node.append(...children);
    return node;
  };

  // Text becomes paragraphs, lists, bold and links; never markup of its own.
  const inline = (text) => {
    const pattern = /\*\*([^*\n]+)\*\*|(https?:\/\/[^\s<>"')\]]+[^\s<>"')\].,;:!?])/g;
    const nodes = [];
    let after = 0;
    for (const match of text.matchAll(pattern)) {
      nodes.push(text.slice(after, match.index));
      nodes.push(match[1] ? element("strong", { textContent: match[1] }) : link(match[2]));
      after = match.index + match[0].length;
    }
    return [...nodes, text.slice(after)];
  };
  const link = (address, words = address) =>
    element("a", { href: address, target: "_blank", rel: "noopener noreferrer",
      textContent: words });
  // What can be picked is buttons, in the place of the line that offers it.
  const blocks = (text, choices = []) => {
    const nodes = [];
    const add = (name, item, properties = {}) => {
      const last = nodes[nodes.length - 1];
      if (last && last.matches(name)) last.append(item);
      else nodes.push(element(name.split(".")[0], properties, item));
    };
    const button = (choice, words) => add("div.choices", choiceButton(choice, words),
      { className: "choices" });
    const left = [...choices];
    for (const line of text.split("\n")) {
      const [, number, words] = /^(\d{1,2})\. (.+)$/.exec(line) || [];
      const named = words && (left.find((one) => words === one) ||
        left.find((one) => words.startsWith(`${one}: `)));
      const among = left.join(" · ");
      if (named) {
        left.splice(left.indexOf(named), 1);
        button(named, line);
      } else if (among && line.endsWith(among)) {
        nodes.push(element("p", { dir: "auto" }, ...inline(line.slice(0, -among.length))));
        for (const one of left.splice(0)) button(one, one);
      } else if (number) {
        add("ol", element("li", { value: Number(number) }, ...inline(words)), { dir: "auto" });
      } else if (line.startsWith("- ")) {
        add("ul", element("li", { dir: "auto" }, ...inline(line.slice(2))));
      } else if (line.trim()) {
        nodes.push(element("p", { dir: "auto" }, ...inline(line)));
      }
    }
    for (const one of left) button(one, one);
    return nodes;
  };
  const choiceButton = (choice, words) => {
    const node = element("button", { type: "button", dir: "auto", textContent: words });
    node.addEventListener("click", () => { write(choice); input.focus(); });
    return node;
  };

  // Fixed words: in the browser's language, until the contact is answered in another.
  const offered = Object.keys(languages);
  const liked = navigator.languages.map((tag) => tag.split("-")[0].toLowerCase());
  let language = liked.find((one) => offered.includes(one)) || offered[0];
  const word = (name) => languages[language][name];
  const worded = (node, name, place = "textContent") => {
    node.dataset.word = name;
    node.dataset.place = place;
    put(node);
    return node;
  };
  const put = (node) => {
    const { word: name, place } = node.dataset;
    if (place in node) node[place] = word(name); else node.setAttribute(place, word(name));
  };

  const host = element("div");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  root.adoptedStyleSheets = [sheet];

  const launcher = worded(element("button", { className: "launcher", type: "button" }),
    "launcher");
  const log = worded(element("div", { className: "log", tabIndex: 0 }), "log", "aria-label");
  log.setAttribute("role", "log");
  log.setAttribute("aria-live", "polite");
  const typing = worded(element("div", { className: "typing", hidden: true }), "bot_writes");
  const notice = element("p", { className: "notice", hidden: true });
  notice.setAttribute("role", "status");
  const input = worded(element("textarea", { id: "message", rows: 1 }),
    "placeholder", "placeholder");
  const label = worded(element("label", { className: "label", htmlFor: "message" }), "message");
  const form = element("form", {}, label, input,
    worded(element("button", { type: "submit" }), "send"));
  // The header has room for one short line and two short buttons, in every language.
  const person = worded(element("button", { type: "button" },
    worded(element("span"), "person_short")), "person", "aria-label");
  const close = worded(element("button", { type: "button", hidden: wholePage,
    textContent: "×" }), "close", "aria-label");
  const title = element("h1");
  if (script.dataset.title) title.textContent = script.dataset.title;
  else worded(title, "title");
  const header = element("header", {}, element("div", {}, title,
    worded(element("p"), "automated")), person, close);
  const panel = worded(element(wholePage ? "main" : "section",
    { className: `panel ${wholePage ? "page" : "floating"}`, hidden: !wholePage },
    header, log, notice, form), "panel", "aria-label");
  log.append(typing);
  root.append(...(wholePage ? [panel] : [launcher, panel]));
  const speak = (other) => {
    if (languages[other]) language = other;
    root.querySelectorAll("[data-word]").forEach(put);
    for (const one of [launcher, panel]) {
      one.lang = language;
      one.dir = word("direction");
    }
    turn();
  };
  // An empty field runs the way of its placeholder, a filled one that of its words.
  const turn = () => { input.dir = input.value ? "auto" : word("direction"); };
  speak(language);

  // State: the token, the newest event, and what is on the screen by its id.
  let token = null;
  let newest = 0;
  let streaming = false;
  const shown = new Map();
  const remembered = () => { try { return localStorage.getItem(storageKey); } catch { return null; } };
  const remember = (value) => { try {
    if (value) localStorage.setItem(storageKey, value); else localStorage.removeItem(storageKey);
  } catch { /* private windows may refuse */ } };
  const randomId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)),
    (byte) => byte.toString(16).padStart(2, "0")).join("");

  const say = (name, bad = false) => {
    if (name) worded(notice, name);
    notice.hidden = !name;
    notice.classList.toggle("bad", bad);
  };
  // Only what the last message offers can be picked: before, it is plain lines.
  let pickable = null;
  const settle = () => {
    if (!pickable) return;
    const { body, text } = pickable;
    pickable = null;
    if (body.contains(root.activeElement)) input.focus();
    // It has been read out before.
    body.setAttribute("aria-live", "off");
    body.replaceChildren(...blocks(text));
  };
  const show = (node) => {
    const near = log.scrollHeight - log.scrollTop - log.clientHeight < 120;
    log.insertBefore(node, typing);
    if (near) log.scrollTop = log.scrollHeight;
  };
  const entry = (message) => {
    const node = element("div", { className: `entry ${message.author}` });
    if (message.language) node.lang = message.language;
    if (message.author === "staff") {
      node.append(worded(element("div", { className: "who" }), "team"));
    }
    const body = element("div", {}, ...blocks(message.text, message.choices));
    settle();
    if (message.choices && message.choices.length) pickable = { body, text: message.text };
    node.append(body);
    if (message.citations && message.citations.length) node.append(sources(message.citations));
    if (message.author === "bot" && message.outcome === "answer") node.append(thumbs(message));
    return node;
  };
  // What the contact thinks of an answer; a thumb down brings a person.
  const thumbs = (message) => {
    const choices = [["up", "helped", true], ["down", "not_helped", false]];
    const buttons = choices.map(([kind, name, helpful]) => {
      const button = worded(element("button", { type: "button", className: kind }), name,
        "title");
      button.append(thumb());
      button.addEventListener("click", () => choose(helpful));
      return button;
    });
    const mark = (helpful) => buttons.forEach((button, place) =>
      button.setAttribute("aria-pressed", String(choices[place][2] === helpful)));
    const choose = async (helpful) => {
      mark(helpful);
      try {
        const answer = await call(`messages/${message.id}/feedback`, { method: "POST",
          headers: { "Content-Type": "application/json" }, body: JSON.stringify({ helpful }) });
        if (!answer.ok) throw new Error(String(answer.status));
        message.helpful = helpful;
      } catch { mark(message.helpful); }
    };
    mark(message.helpful);
    return element("div", { className: "thumbs" }, ...buttons);
  };
  const thumb = () => {
    const space = "http://www.w3.org/2000/svg";
    const drawing = document.createElementNS(space, "svg");
    const path = document.createElementNS(space, "path");
    drawing.setAttribute("viewBox", "0 0 24 24");
    drawing.setAttribute("aria-hidden", "true");
    path.setAttribute("d", "M7 21H4V10h3m0 11V10l4-7c1.5 0 2.5 1 2.3 2.6L12.8 9H19c1.2 0 2 1 " +
      "1.8 2.2l-1.3 8c-.2 1-1 1.8-2 1.8z");
    drawing.append(path);
    return drawing;
  };
  const sources = (citations) => {
    const items = citations.map((cited) => {
      const page = cited.page && word("page").replace("{number}", cited.page);
      const dated = cited.as_of && word("as_of").replace("{month}", cited.as_of.slice(0, 7));
      const name = page ? `${cited.title}, ${page}` : cited.title;
      const words = dated ? `${name} ${dated}` : name;
      const web = /^https?:\/\//.test(cited.url || "");
      return element("li", {}, web ? link(cited.url, words) : words);
    });
    return element("div", { className: "sources" }, `${word("source")}: `,
      element("ul", {}, ...items));
  };

  const handle = (name, data) => {
    if (name === "typing") {
      worded(typing, data.author === "staff" ? "team_writes" : "bot_writes");
      typing.hidden = !data.active;
      log.scrollTop = log.scrollHeight;
      return;
    }
    if (name === "reply_begun") { grow(data.text); return; }
    if (name === "conversation_status_changed") { status(data.status); return; }
    if (name !== "message_created") return;
    if (data.author !== "contact") typing.hidden = true;
    if (data.author === "bot") finish();
    if (data.language) speak(data.language);
    const pending = data.client_id && shown.get(data.client_id);
    if (pending) { pending.querySelector(".state")?.remove(); return; }
    if (shown.has(data.id)) return;
    const node = entry(data);
    shown.set(data.id, node);
    if (data.client_id) shown.set(data.client_id, node);
    show(node);
  };
  // How the reply begins that is being made; the whole one takes its place.
  let growing = null;
  const grow = (text) => {
    if (!growing) {
      growing = element("div", { className: "entry bot growing" });
      // It is read out when it is whole.
      growing.setAttribute("aria-live", "off");
      show(growing);
    }
    growing.replaceChildren(element("div", {}, ...blocks(text)));
    show(growing);
  };
  const finish = () => { growing?.remove(); growing = null; };
  const status = (value) => {
    typing.hidden = true;
    finish();
    say(["waiting", "staff", "resolved"].includes(value) ? value : "");
    person.hidden = value === "waiting" || value === "staff";
  };

  const call = (path, options = {}) => fetch(`${base}/api/chat/${path}`, { ...options,
    credentials: "omit", headers: { ...options.headers,
      ...(token ? { Authorization: `Bearer ${token}` } : {}) } });
  // The stream and a first message may both want a conversation: there is only one.
  let opening = null;
  const open = () => (opening ||= getToken().finally(() => { opening = null; }));
  const getToken = async () => {
    token = token || remembered();
    if (token) return;
    const answer = await call("conversations", { method: "POST" });
    if (!answer.ok) throw new Error(String(answer.status));
    token = (await answer.json()).token;
    remember(token);
  };
  const forget = () => {
    token = null;
    newest = 0;
    remember(null);
    pickable = null;
    for (const node of new Set(shown.values())) node.remove();
    shown.clear();
  };

  const read = async (answer) => {
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let buffer = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      buffer += value.replace(/\r\n?/g, "\n");
      for (let end; (end = buffer.indexOf("\n\n")) >= 0; buffer = buffer.slice(end + 2)) {
        event(buffer.slice(0, end));
      }
    }
  };
  const event = (text) => {
    const fields = {};
    for (const line of text.split("\n")) {
      const colon = line.indexOf(":");
      if (colon > 0) fields[line.slice(0, colon)] = line.slice(colon + 1).replace(/^ /, "");
    }
    if (fields.data) handle(fields.event, JSON.parse(fields.data));
    if (fields.id) newest = Number(fields.id);
  };
  const follow = async () => {
    if (streaming) return;
    streaming = true;
    for (let pause = 500; ; pause = Math.min(pause * 2, longestPause)) {
      try {
        await open();
        const answer = await call("events", newest ? { headers: { "Last-Event-ID": String(newest) } } : {});
        if (answer.status === 401) { forget(); continue; }
        if (!answer.ok) throw new Error(String(answer.status));
        if (notice.classList.contains("bad")) say("");
        pause = 250;
        await read(answer);
      } catch {
        say("unreachable", true);
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  };

  const send = async (text, clientId, node) => {
    const state = node.querySelector(".state");
    state.replaceChildren(worded(element("span"), "sending"));
    let trouble = "not_sent";
    try {
      await open();
      const answer = await call("messages", { method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ client_id: clientId, text }) });
      if (answer.status === 429) trouble = "too_fast";
      if (!answer.ok) throw new Error(String(answer.status));
      state.remove();
    } catch {
      const again = worded(element("button", { type: "button" }), "try_again");
      again.addEventListener("click", () => send(text, clientId, node));
      state.replaceChildren(worded(element("span"), trouble), " ", again);
    }
  };
  // Staff see that the contact is writing: told every few seconds, while they hold it.
  let toldAt = 0;
  const tellTyping = (active) => {
    const due = active ? Date.now() - toldAt > 3000 : toldAt > 0;
    if (!token || !person.hidden || !due) return;
    toldAt = active ? Date.now() : 0;
    call("typing", { method: "POST", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ active }) }).catch(() => {});
  };
  const write = (text) => {
    if (!text.trim()) return;
    tellTyping(false);
    const clientId = randomId();
    const node = entry({ author: "contact", text });
    node.append(element("div", { className: "state" }));
    shown.set(clientId, node);
    show(node);
    log.scrollTop = log.scrollHeight;
    send(text, clientId, node);
  };

  form.addEventListener("submit", (submitted) => {
    submitted.preventDefault();
    // Cut by us, it would not say what was meant.
    if ([...input.value].length > longestText) { say("too_long", true); return; }
    if (notice.dataset.word === "too_long") say("");
    write(input.value);
    input.value = "";
    turn();
    input.focus();
  });
  input.addEventListener("input", turn);
  input.addEventListener("input", () => tellTyping(Boolean(input.value.trim())));
  input.addEventListener("blur", () => tellTyping(false));
  input.addEventListener("keydown", (pressed) => {
    if (pressed.key === "Enter" && !pressed.shiftKey && !pressed.isComposing) {
      pressed.preventDefault();
      form.requestSubmit();
    }
  });
  person.addEventListener("click", () => { write(word("person_asked")); input.focus(); });
  const toggle = (opened) => {
    panel.hidden = !opened;
    launcher.hidden = opened;
    if (opened) { follow(); input.focus(); } else launcher.focus();
  };
  launcher.addEventListener("click", () => toggle(true));
  close.addEventListener("click", () => toggle(false));
  panel.addEventListener("keydown", (pressed) => {
    if (pressed.key === "Escape" && !wholePage) toggle(false);
  });

  const start = () => { document.body.append(host); if (wholePage) { follow(); input.focus(); } };
  if (document.body) start(); else addEventListener("DOMContentLoaded", start);
})();
