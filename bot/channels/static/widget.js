// The web chat, in one file: on its own page, or in any page by one script tag.
(() => {
  "use strict";
  const script = document.currentScript ||
    document.querySelector('script[src*="/widget.js"]');
  if (!script || window.__enquiryAssistant) return;
  window.__enquiryAssistant = true;

  const base = new URL(script.src, location.href).origin;
  const wholePage = script.dataset.mode === "page";
  const storageKey = "enquiry-assistant-token";
  const longestPause = 15000;
  const readKey = "enquiry-assistant-read";
  const longest = {/* most characters of a message */};
  const languages = {/* in every language offered */};

  // Whatever a page says of its own parts, what is important in here comes first. Sizes
  // go by the letters that the reader has chosen (medium), not by those of the page.
  const styles = `
    :host { all: initial !important; display: block !important; position: fixed !important;
      z-index: 2147483647 !important; right: 0 !important; bottom: 0 !important;
      font: medium/1.45 system-ui, sans-serif !important; color-scheme: light dark !important;
      --brand: #1d4ed8 !important; --on-brand: #fff !important; --back: #fff !important;
      --text: #111827 !important; --soft: #f3f4f6 !important; --line: #d1d5db !important;
      --muted: #4b5563 !important; --link: #1d4ed8 !important; --bad: #b91c1c !important; }
    @media (prefers-color-scheme: dark) { :host { --brand: #1e40af !important;
      --back: #111827 !important; --text: #f3f4f6 !important; --soft: #1f2937 !important;
      --line: #4b5563 !important; --muted: #c3c9d3 !important; --link: #93c5fd !important;
      --bad: #fca5a5 !important; } }
    * { box-sizing: border-box; }
    button { font: inherit; cursor: pointer; color: inherit; }
    /* Two rings, one of which is seen on any ground. */
    :focus-visible { outline: 3px solid var(--text); outline-offset: 2px;
      box-shadow: 0 0 0 3px var(--back); }
    .log:focus-visible, textarea:focus-visible { outline: 2px solid var(--link);
      outline-offset: -2px; box-shadow: none; }
    header :focus-visible { outline-color: var(--on-brand); outline-offset: 0;
      box-shadow: none; }
    .launcher { position: fixed; right: max(1em, env(safe-area-inset-right));
      bottom: max(1em, env(safe-area-inset-bottom)); min-height: 44px;
      border: 2px solid transparent; border-radius: 3em; padding: .7em 1.2em;
      background: var(--brand); color: var(--on-brand); box-shadow: 0 4px 16px #0005; }
    .count { display: inline-block; min-width: 1.6em; margin-inline-start: .5em;
      border-radius: 1em; padding-inline: .4em; background: var(--on-brand);
      color: #1e40af; font-weight: bold; }
    .panel { display: flex; flex-direction: column; background: var(--back);
      color: var(--text); text-align: start; }
    .panel.floating { position: fixed; right: 1em; bottom: 1em;
      width: min(24em, calc(100vw - 2em)); height: min(38em, calc(100vh - 2em));
      height: min(38em, calc(100dvh - 2em));
      border: 1px solid var(--line); border-radius: 1em; overflow: hidden;
      box-shadow: 0 8px 32px #0006; }
    @media (max-width: 30em), (max-height: 30em) { .panel.floating { inset: 0; width: auto;
      height: auto; border: 0; border-radius: 0; } }
    .panel.page { position: fixed; inset: 0; }
    .panel.page > * { width: 100%; max-width: 46em; margin-inline: auto; }
    .panel.page > header { max-width: none; } .panel.page > .notice { max-width: 51em; }
    .panel.page > .below { width: auto; }
    [hidden] { display: none !important; }
    header { display: flex; gap: .4em; align-items: center; padding: .5em .6em;
      background: var(--brand); color: var(--on-brand); border-bottom: 1px solid transparent; }
    header > div { flex: 1; min-width: 0; }
    h1, header p { margin: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    h1 { font-size: .95em; }
    header p { font-size: .75em; }
    header button { flex: none; white-space: nowrap; min-width: 44px; min-height: 44px;
      border: 1px solid #fffb; border-radius: .6em; padding: .35em .6em;
      background: transparent; font-size: .85em; }
    header .close { font-size: 1.25em; padding: 0; }
    .log { flex: 1; position: relative; overflow-y: auto; padding: 1em; display: flex;
      flex-direction: column; gap: .6em; overscroll-behavior: contain; }
    .entry { max-width: 88%; padding: .5em .8em .6em; border: 1px solid transparent;
      border-radius: 1em; background: var(--soft); overflow-wrap: anywhere;
      align-self: flex-start; }
    .entry.contact { align-self: flex-end; background: var(--brand); color: var(--on-brand); }
    .entry.staff { border: 2px solid var(--link); }
    .entry p { margin: 0 0 .4em; white-space: pre-wrap; } .entry p:last-child { margin: 0; }
    .entry ul, .entry ol { margin: .2em 0 .4em; padding-inline-start: 1.2em; }
    .entry ol { padding-inline-start: 1.6em; }
    .choices { display: flex; flex-direction: column; gap: .4em; margin: .2em 0 .4em; }
    .choices button { display: block; width: 100%; min-height: 44px; padding: .5em .7em;
      border: 1px solid var(--link); border-radius: .7em; background: var(--back);
      color: var(--link); text-align: start; overflow-wrap: anywhere; }
    .choices button:hover { border-width: 2px; padding: calc(.5em - 1px) calc(.7em - 1px); }
    .entry a { color: inherit; }
    .sources { margin-top: .5em; padding-top: .4em; border-top: 1px solid var(--line);
      font-size: .85em; color: var(--muted); }
    .sources ul { list-style: none; padding: 0; margin: 0; } .sources a { color: var(--link); }
    .who, .state { font-size: .8em; color: var(--muted); }
    .contact .state { color: inherit; }
    .state button { min-height: 44px; border: 0; background: transparent; padding: 0 .4em;
      text-decoration: underline; }
    .thumbs { display: flex; gap: .2em; margin: .2em -.4em -.3em; }
    .thumbs button { border: 1px solid transparent; border-radius: .6em; padding: 10px;
      width: 44px; height: 44px; background: transparent; color: var(--muted); }
    .thumbs button:hover { border-color: var(--line); }
    .thumbs button[aria-pressed=true] { color: var(--on-brand); background: var(--brand); }
    .thumbs svg { width: 100%; height: 100%; display: block; fill: none;
      stroke: currentColor; stroke-width: 1.8; stroke-linejoin: round; }
    .thumbs .down svg { transform: rotate(180deg); }
    .entry :lang(ur) { line-height: 1.8; }
    .typing { align-self: flex-start; color: var(--muted); padding: 0 .8em; }
    .below { align-self: center; z-index: 1; min-height: 44px; margin-top: -50px;
      margin-bottom: 6px; border: 1px solid transparent; border-radius: 3em; padding: 0 1.2em;
      background: var(--text); color: var(--back); box-shadow: 0 2px 8px #0005; }
    .below::after { content: " ↓" / ""; }
    .notice { margin: 0; padding: .4em 1em; font-size: .9em; color: var(--muted); }
    .notice.bad { color: var(--bad); }
    form { display: flex; gap: .5em; margin: 0; padding: .7em 1em; border-top: 1px solid var(--line); }
    textarea { flex: 1; min-width: 0; resize: none; field-sizing: content; font: inherit; color: inherit;
      background: var(--back); border: 1px solid var(--muted); border-radius: .7em;
      padding: .55em .7em; min-height: 44px; max-height: 8em; }
    ::placeholder { color: var(--muted); opacity: 1; }
    form button { min-height: 44px; border: 1px solid transparent; border-radius: .7em;
      padding: 0 1em; background: var(--brand); color: var(--on-brand); }
    .label { position: absolute; width: 1px; height: 1px; overflow: hidden;
      clip-path: inset(50%); white-space: nowrap; }
    /* A page that is zoomed in far leaves few lines: they are for what is said. */
    @media (max-height: 22em) { header p { display: none; } header, form, .log {
      padding-block: .2em; } textarea { max-height: 4em; } }
    @media (forced-colors: active) { .thumbs button[aria-pressed=true] {
      forced-color-adjust: none; background: Highlight; color: HighlightText; } }
    @media print { .launcher, .floating { display: none; } }
    @media (prefers-reduced-motion: no-preference) { .typing { animation: pulse 1.2s infinite; }
      @keyframes pulse { 50% { opacity: .4; } } }`;

  const element = (name, properties = {}, ...children) => {
    const node = Object.assign(document.createElement(name), properties);
    node.append(...children);
    return node;
  };

  // The way that a line runs is that of most of its letters: "IELTS" may come first.
  const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufefc]/g;
  const wayOf = (text) => {
    const right = (text.match(rightToLeft) || []).length;
    const all = (text.match(/\p{L}/gu) || []).length;
    return all ? (right * 3 > all ? "rtl" : "ltr") : "auto";
  };
  // What falls apart among letters that run to the left, unless it is kept together:
  // telephone numbers, dates, sums, shares, C++.
  const together = new RegExp([
    /\+\d[\d ()./-]{0,30}\d/, /\b0\d{1,15}(?:[ -]\d{2,15}){1,5}/,
    /\b\d{1,4}([-/.])\d{1,2}\1\d{1,4}/, /\b\d{4}-\d{2}\b/,
    /[A-Z]{0,3}[$€£¥₹]\s?\d{1,15}(?:[.,]\d{1,15}){0,5}/,
    /\b\d{1,15}(?:[.,]\d{1,15}){0,5}\s?[$€£¥₹%]/, /\b[A-Za-z]{1,20}[+#]+/,
  ].map((one) => one.source).join("|"), "g");
  const plain = (text) => {
    if (text.search(rightToLeft) < 0) return [text];
    const nodes = [];
    let after = 0;
    for (const match of text.matchAll(together)) {
      nodes.push(text.slice(after, match.index),
        element("bdi", { dir: "ltr", textContent: match[0] }));
      after = match.index + match[0].length;
    }
    return [...nodes, text.slice(after)];
  };
  // Text becomes paragraphs, lists, bold and links; never markup of its own.
  const inline = (text) => {
    const pattern = /\*\*([^*\n]+)\*\*|(https?:\/\/[^\s<>"')\]]+[^\s<>"')\].,;:!?])/g;
    const nodes = [];
    let after = 0;
    for (const match of text.matchAll(pattern)) {
      nodes.push(...plain(text.slice(after, match.index)), match[1]
        ? element("strong", { dir: wayOf(match[1]) }, ...plain(match[1]))
        : link(match[2], element("bdi", { dir: "ltr", textContent: match[2] })));
      after = match.index + match[0].length;
    }
    return [...nodes, ...plain(text.slice(after))];
  };
  const line = (name, text) => element(name, { dir: wayOf(text) }, ...inline(text));
  const link = (address, ...words) =>
    element("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...words);
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
    const dir = wayOf(text);
    for (const said of text.split("\n")) {
      const [, number, words] = /^(\d{1,2})\. (.+)$/.exec(said) || [];
      const named = words && (left.find((one) => words === one) ||
        left.find((one) => words.startsWith(`${one}: `)));
      const among = left.join(" · ");
      if (named) {
        left.splice(left.indexOf(named), 1);
        button(named, said);
      } else if (among && said.endsWith(among)) {
        nodes.push(line("p", said.slice(0, -among.length)));
        for (const one of left.splice(0)) button(one, one);
      } else if (number) {
        add("ol", element("li", { value: Number(number) }, line("bdi", words)), { dir });
      } else if (said.startsWith("- ")) {
        add("ul", element("li", {}, line("bdi", said.slice(2))), { dir });
      } else if (said.trim()) {
        nodes.push(line("p", said));
      }
    }
    for (const one of left) button(one, one);
    return nodes;
  };
  const choiceButton = (choice, words) => {
    const node = element("button", { type: "button", dir: wayOf(words) }, ...plain(words));
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
    const { word: name, place, number } = node.dataset;
    const words = (word(name) || "").replace("{number}", number);
    if (place in node) node[place] = words; else node.setAttribute(place, words);
    node.lang = language;
  };

  const host = element("enquiry-assistant");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  root.adoptedStyleSheets = [sheet];

  const count = element("span", { className: "count", hidden: true, ariaHidden: "true" });
  const news = element("span", { className: "label", hidden: true });
  const launcher = element("button", { className: "launcher", type: "button" },
    worded(element("span"), "launcher"), " ", count, news);
  // Said aloud while the chat is closed: what is hidden is not read out.
  const aloud = element("span", { className: "label" });
  aloud.setAttribute("role", "status");
  const log = worded(element("div", { className: "log", tabIndex: 0 }), "log", "aria-label");
  log.setAttribute("role", "log");
  log.setAttribute("aria-live", "polite");
  const typing = worded(element("div", { className: "typing", hidden: true }), "bot_writes");
  const notice = element("p", { className: "notice", hidden: true });
  notice.setAttribute("role", "status");
  const input = worded(element("textarea", { id: "message", rows: 1 }), "placeholder",
    "placeholder");
  const label = worded(element("label", { className: "label", htmlFor: "message" }), "message");
  const form = element("form", {}, label, input,
    worded(element("button", { type: "submit" }), "send"));
  // The header has room for one short line and two short buttons, in every language.
  const person = worded(element("button", { type: "button" },
    worded(element("span"), "person_short")), "person", "aria-label");
  const close = worded(element("button", { type: "button", className: "close",
    hidden: wholePage, textContent: "×" }), "close", "aria-label");
  const title = element("h1");
  if (script.dataset.title) title.textContent = script.dataset.title;
  else worded(title, "title");
  const below = element("button", { className: "below", type: "button", hidden: true });
  const writer = worded(element("p"), "automated");
  const header = element("header", {}, element("div", {}, title, writer), person, close);
  const panel = worded(element(wholePage ? "main" : "section",
    { className: `panel ${wholePage ? "page" : "floating"}`, hidden: !wholePage },
    header, log, notice, form), "panel", "aria-label");
  log.append(typing);
  log.after(below);
  root.append(...(wholePage ? [panel] : [launcher, panel, aloud]));
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
  const remembered = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const remember = (key, value) => { try {
    if (value) localStorage.setItem(key, value); else localStorage.removeItem(key);
  } catch { /* private windows may refuse */ } };
  const randomId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)),
    (byte) => byte.toString(16).padStart(2, "0")).join("");

  // A complaint stands in front of how the conversation stands, until it is settled.
  let standing = "";
  const say = (name) => {
    if (name || standing) worded(notice, name || standing);
    notice.hidden = !name && !standing;
    notice.classList.toggle("bad", Boolean(name));
  };
  // What came while nobody looked; counted once the contact has written.
  let seen = Number(remembered(readKey)) || 0;
  const before = seen;
  let unread = [];
  let prefix = "";
  const away = () => panel.hidden || document.hidden;
  const mark = () => {
    const title = document.title;
    const own = prefix && title.startsWith(prefix) ? title.slice(prefix.length) : title;
    prefix = unread.length ? `(${unread.length}) ` : "";
    if (title !== prefix + own) document.title = prefix + own;
    count.hidden = news.hidden = !prefix;
    count.textContent = unread.length;
    for (const node of [news, aloud]) {
      node.dataset.number = unread.length;
      worded(node, prefix ? "unread" : "");
    }
  };
  const looked = () => {
    if (away()) return;
    if (seen && newest > seen) { seen = newest; remember(readKey, seen); }
    if (!unread.length) return;
    reveal(unread[0]);
    unread = [];
    mark();
  };
  const came = (node, id) => {
    if (!seen || id <= seen) return;
    if (away()) { unread.push(node); mark(); } else { missed.push(node); miss(); }
  };
  // What came while somebody read further up: it is said, and they go there themselves.
  let missed = [];
  const miss = () => {
    const end = log.scrollTop + log.clientHeight - 40;
    missed = missed.filter((node) => node.isConnected && node.offsetTop > end);
    below.hidden = !missed.length;
    below.dataset.number = missed.length;
    worded(below, missed.length ? "unread" : "");
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
  const isNear = () => log.scrollHeight - log.scrollTop - log.clientHeight < 120;
  const toEnd = () => { log.scrollTop = log.scrollHeight; };
  // All of it, or as much from its beginning on as there is room for.
  const reveal = (node) => { log.scrollTop = node.offsetTop - 16; };
  // Who reads further up is left alone.
  const show = (node, old = null) => {
    const near = isNear();
    if (old) old.replaceWith(node); else log.insertBefore(node, typing);
    if (node.matches(".contact")) toEnd(); else if (near) reveal(node);
  };
  const writers = { contact: "you", staff: "team" };
  const entry = (message) => {
    const node = element("div", { className: `entry ${message.author}` });
    const own = message.author === "contact";
    node.append(worded(element("div", { className: own ? "label" : "who" }),
      writers[message.author] || "automated"));
    const body = element("div", { className: "words" },
      ...blocks(message.text, message.choices));
    // What the contact writes may be in any language.
    body.lang = message.language || (own ? "" : language);
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
      const words = [element("bdi", { lang: "", textContent: cited.title })];
      if (cited.page) words.push(`, ${word("page").replace("{number}", cited.page)}`);
      if (cited.as_of) {
        words.push(" ", ...plain(word("as_of").replace("{month}", cited.as_of.slice(0, 7))));
      }
      const web = /^https?:\/\//.test(cited.url || "");
      return element("li", {}, ...(web ? [link(cited.url, ...words)] : words));
    });
    return element("div", { className: "sources", lang: language }, `${word("source")}: `,
      element("ul", {}, ...items));
  };

  const handle = (name, data, id) => {
    if (name === "typing") {
      const near = isNear();
      worded(typing, data.author === "staff" ? "team_writes" : "bot_writes");
      typing.hidden = !data.active;
      if (near && data.active) toEnd();
      return;
    }
    if (name === "reply_begun") { grow(data.text); return; }
    if (name === "conversation_status_changed") { status(data.status); return; }
    if (name !== "message_created") return;
    if (data.author !== "contact") typing.hidden = true;
    if (data.language) speak(data.language);
    const pending = data.client_id && shown.get(data.client_id);
    if (pending) {
      pending.querySelector(".state")?.remove();
      // It stands where it came in: after a greeting, say, that was still on its way.
      let last = typing.previousElementSibling;
      while (last !== pending && last.matches(".pending")) last = last.previousElementSibling;
      if (last !== pending) { last.after(pending); toEnd(); }
      pending.classList.remove("pending");
      return;
    }
    if (shown.has(data.id)) return;
    const node = entry(data);
    shown.set(data.id, node);
    if (data.client_id) shown.set(data.client_id, node);
    // What was read before is not read out again.
    if (id <= before) node.setAttribute("aria-live", "off");
    show(node, data.author === "bot" ? growing : null);
    if (data.author === "bot") growing = null;
    if (data.author !== "contact") came(node, id);
  };
  // How the reply begins that is being made; the whole one takes its place.
  let growing = null;
  const grow = (text) => {
    const old = growing;
    growing = element("div", { className: "entry bot growing" },
      worded(element("div", { className: "who" }), "automated"),
      element("div", {}, ...blocks(text)));
    // It is read out when it is whole.
    growing.setAttribute("aria-live", "off");
    show(growing, old);
  };
  const finish = () => { growing?.remove(); growing = null; };
  const status = (value) => {
    typing.hidden = true;
    finish();
    standing = ["waiting", "staff", "resolved"].includes(value) ? value : "";
    say("");
    worded(writer, value === "staff" ? "team" : "automated");
    person.hidden = value === "waiting" || value === "staff";
  };

  const call = (path, options = {}) => fetch(`${base}/api/chat/${path}`, { ...options,
    credentials: "omit", headers: { ...options.headers,
      ...(token ? { Authorization: `Bearer ${token}` } : {}) } });
  // The stream and a first message may both want a conversation: there is only one.
  let opening = null;
  const open = () => (opening ||= getToken().finally(() => { opening = null; }));
  const getToken = async () => {
    token = token || remembered(storageKey);
    if (token) return;
    const answer = await call("conversations", { method: "POST" });
    if (!answer.ok) throw new Error(String(answer.status));
    token = (await answer.json()).token;
    remember(storageKey, token);
  };
  const forget = () => {
    token = null;
    newest = seen = 0;
    remember(storageKey, null);
    remember(readKey, null);
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
    if (fields.data) handle(fields.event, JSON.parse(fields.data), Number(fields.id));
    if (fields.id) newest = Number(fields.id);
    looked();
  };
  const follow = async () => {
    if (streaming) return;
    streaming = true;
    for (let pause = 500; ; pause = Math.min(pause * 2, longestPause)) {
      try {
        await open();
        const answer = await call("events", newest ? { headers: { "Last-Event-ID": String(newest) } } : {});
        if (answer.status === 401) {
          forget();
          // A closed chat opens no conversation by itself.
          if (panel.hidden) { streaming = false; return; }
          continue;
        }
        if (!answer.ok) throw new Error(String(answer.status));
        if (notice.dataset.word === "unreachable") say("");
        pause = 250;
        await read(answer);
      } catch {
        say("unreachable");
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  };

  const send = async (text, clientId, node) => {
    const state = node.querySelector(".state");
    // Only what goes wrong is worth hearing.
    state.setAttribute("aria-live", "off");
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
      state.setAttribute("aria-live", "polite");
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
  const fits = (text) => {
    const much = [...text].length > longest;
    if (much) notice.dataset.number = longest;
    if (much) say("too_long"); else if (notice.dataset.word === "too_long") say("");
    return !much;
  };
  const write = (text) => {
    if (!text.trim()) return;
    tellTyping(false);
    // From here on what comes in is news.
    if (!seen) { seen = newest || 1; remember(readKey, seen); }
    const clientId = randomId();
    const node = entry({ author: "contact", text });
    node.classList.add("pending");
    node.append(element("div", { className: "state" }));
    shown.set(clientId, node);
    show(node);
    send(text, clientId, node);
  };

  form.addEventListener("submit", (submitted) => {
    submitted.preventDefault();
    if (!fits(input.value)) return;
    write(input.value);
    input.value = "";
    turn();
    input.focus();
  });
  input.addEventListener("input", () => {
    turn();
    fits(input.value);
    tellTyping(Boolean(input.value.trim()));
  });
  input.addEventListener("blur", () => tellTyping(false));
  person.addEventListener("click", () => { write(word("person_asked")); input.focus(); });
  const toggle = (opened) => {
    panel.hidden = !opened;
    launcher.hidden = opened;
    if (!opened) { launcher.focus(); return; }
    follow();
    input.focus();
    const last = typing.previousElementSibling;
    if (last) reveal(last);
    looked();
  };
  log.addEventListener("scroll", miss);
  below.addEventListener("click", () => { reveal(missed[0]); log.focus(); });
  launcher.addEventListener("click", () => toggle(true));
  close.addEventListener("click", () => toggle(false));
  document.addEventListener("visibilitychange", looked);
  // Another tab of the same site may have shown it.
  addEventListener("storage", ({ key, newValue }) => {
    if (key !== readKey || Number(newValue) < newest) return;
    seen = Number(newValue);
    unread = [];
    mark();
  });

  // Keys and focus that are ours are nobody else's: a page may have a shortcut on "/", or
  // a dialogue that wants the focus back. So they are taken before the page sees them.
  const press = (pressed) => {
    if (pressed.isComposing) return;
    if (pressed.key === "Escape" && !wholePage && !panel.hidden) {
      pressed.preventDefault();
      toggle(false);
    } else if (pressed.key === "Enter" && !pressed.shiftKey && root.activeElement === input) {
      pressed.preventDefault();
      form.requestSubmit();
    }
  };
  for (const kind of ["keydown", "keypress", "keyup", "focus", "focusin"]) {
    addEventListener(kind, (event) => {
      if (!event.composedPath().includes(host)) return;
      event.stopImmediatePropagation();
      if (kind === "keydown") press(event);
    }, true);
  }
  for (const kind of ["beforeinput", "input", "paste", "copy", "cut"]) {
    host.addEventListener(kind, (event) => event.stopPropagation());
  }

  // Beside the body, so that it may be swapped, and above everything, so that nothing
  // covers or moves it. Whoever removes it all the same gets it back.
  const place = () => {
    document.documentElement?.append(host);
    if (wholePage || !host.showPopover) return;
    host.popover = "manual";
    host.showPopover();
  };
  const watcher = new MutationObserver(() => {
    watch();
    if (host.isConnected) return;
    setTimeout(() => { if (!host.isConnected) { place(); mark(); } }, 50);
  });
  const watch = () => [document, document.documentElement].forEach((one) =>
    one && watcher.observe(one, { childList: true }));
  const start = () => {
    place();
    watch();
    if (wholePage || (seen && remembered(storageKey))) follow();
    if (wholePage) input.focus();
  };
  if (document.body) start(); else addEventListener("DOMContentLoaded", start);
})();
