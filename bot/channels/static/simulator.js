// The simulated phone: asks for its messages every second, and shows them as text.
"use strict";
const thread = document.getElementById("thread");
const number = document.getElementById("number");
const text = document.getElementById("text");
let before = "";

// As Twilio has it: until an answer comes, or for 25 seconds.
const typing = (messages) => {
  const since = messages.at(-1)?.typing_at;
  return Boolean(since) && Date.now() - Date.parse(since) < 25000;
};
const draw = (messages) => {
  const now = JSON.stringify([messages, typing(messages)]);
  if (now === before) return;
  before = now;
  thread.replaceChildren(...messages.map((message) => {
    const node = document.createElement("div");
    node.className = `message ${message.direction}`;
    node.dir = "auto";
    node.textContent = message.body;
    const state = document.createElement("small");
    state.textContent = message.direction === "inbound" ? "sent by you" : message.status;
    node.append(state);
    return node;
  }));
  if (typing(messages)) {
    thread.append(Object.assign(document.createElement("p"), { textContent: "typing …" }));
  }
  thread.scrollTop = thread.scrollHeight;
};
const refresh = async () => {
  const query = new URLSearchParams({ number: number.value });
  const answer = await fetch(`/simulator/messages?${query}`);
  if (answer.ok) draw(await answer.json());
};
document.getElementById("form").addEventListener("submit", async (submitted) => {
  submitted.preventDefault();
  const words = text.value;
  text.value = "";
  await fetch("/simulator/messages", { method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ from: number.value, text: words }) });
  await refresh();
});
text.addEventListener("keydown", (pressed) => {
  if (pressed.key === "Enter" && !pressed.shiftKey && !pressed.isComposing) {
    pressed.preventDefault();
    document.getElementById("form").requestSubmit();
  }
});
setInterval(() => refresh().catch(() => {}), 1000);
